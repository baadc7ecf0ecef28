// One line about a message: for the list, replies and spoken notices.
import { state } from "./store.js";
import { say } from "./strings.js";

/** Return the words of a service message, or nothing if it is an ordinary one. */
export function serviceText(message) {
  const who = message.from?.first_name ?? "";
  const bot = state.bot.first_name;
  if (message.new_chat_members) return say("botAdded", who, message.new_chat_members.map((person) => (person.is_bot ? bot : person.first_name)).join(", "));
  if (message.left_chat_member) return say("botRemoved", who, message.left_chat_member.is_bot ? bot : message.left_chat_member.first_name);
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return say("upgraded");
  if (message.forum_topic_created) return say("topicMade", who, message.forum_topic_created.name);
  return "";
}

/** Return a message in one line. */
export function oneLine(message) {
  const text = message.text.replace(/\s+/g, " ").trim();
  if (text) return hideSpoilers(message, text);
  if (message.photo) return say("photo");
  if (message.document) return message.document.file_name;
  return serviceText(message);
}

function hideSpoilers(message, text) {
  const hidden = (message.entities ?? message.caption_entities ?? []).some((entity) => entity.type === "spoiler");
  if (!hidden) return text;
  const units = [...message.text].flatMap((letter) => letter.split(""));
  for (const entity of message.entities ?? message.caption_entities) {
    if (entity.type === "spoiler") units.fill("·", entity.offset, entity.offset + entity.length);
  }
  return units.join("").replace(/\s+/g, " ").trim();
}

/** Return who sent a message, as the chat shows it. */
export function senderName(message) {
  if (message.sender_chat) return message.sender_chat.title;
  return message.by_bot ? state.bot.first_name : (message.from?.first_name ?? "");
}
