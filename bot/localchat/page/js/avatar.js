// The coloured circles that stand for people and chats.
import { h, icon } from "./dom.js";
import { initial, tint } from "./format.js";

const BOT_TINT = 0;

/** Return the avatar of a chat. */
export function chatAvatar(chat, size = "") {
  if (chat.type === "private") return circle(BOT_TINT, icon("home"), size);
  return circle(chat.id, initial(chat.title), size);
}

/** Return the avatar of somebody in a group. */
export function personAvatar(person, size = "avatar--tiny") {
  return person.is_bot ? circle(BOT_TINT, icon("home"), size) : circle(person.id, initial(person.first_name), size);
}

function circle(id, content, size) {
  return h("span", { class: `avatar tint-${tint(id)} ${size}`, "aria-hidden": "true" }, content);
}
