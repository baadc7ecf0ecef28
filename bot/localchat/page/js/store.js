// What the page knows: chats with their messages, the bot, the clock, and what is open.
import { read } from "./api.js";

/** The state; views read it, only this module and `open…` functions change it. */
export const state = {
  bot: { first_name: "", username: "" },
  chats: new Map(),
  openId: null,
  threadId: null,
  clockOffset: 0,
  clockMoved: 0,
  writeAs: 0,
};

const YOU = 1001;

/** Load everything anew. */
export async function load() {
  const found = await read("state");
  const before = state.chats;
  state.bot = found.bot;
  state.chats = new Map();
  for (const chat of found.chats) {
    const unread = before.get(chat.id)?.unread ?? 0;
    const messages = new Map(chat.messages.filter((message) => !message.deleted).map((message) => [message.message_id, message]));
    state.chats.set(chat.id, { ...chat, messages, unread, typing: null });
  }
  setClock(found.clock);
  if (!state.chats.has(state.openId)) state.openId = null;
}

/** Take over the server's clock. */
export function setClock(clock) {
  state.clockOffset = new Date(clock.now).getTime() - Date.now();
  state.clockMoved = clock.moved_seconds;
}

/** The server's time. */
export function now() {
  return new Date(Date.now() + state.clockOffset);
}

/** The chat that is open, if one is. */
export function openChat() {
  return state.chats.get(state.openId) ?? null;
}

/** Put a chat's description in place of the known one. */
export function putChat(chat) {
  const known = state.chats.get(chat.id);
  state.chats.set(chat.id, { messages: new Map(), unread: 0, typing: null, ...known, ...chat });
}

/** The name a chat goes by in the list: the bot's for a private chat, as in the person's own client. */
export function chatName(chat) {
  return chat.type === "private" ? state.bot.first_name : chat.title;
}

/** Whether the person at the page wrote the message. */
export function isOwn(chat, message) {
  if (chat.type === "channel") return false;
  return chat.type === "private" ? !message.by_bot : message.from?.id === (state.writeAs || YOU);
}

/** The commands to offer; there are none in channels. */
export function commandsOf(chat) {
  return chat.type === "channel" ? [] : chat.commands;
}

/** Whose actions the page's are in this chat. */
export function actorId(chat) {
  if (chat.type === "private") return chat.id;
  return chat.people.some((person) => person.id === state.writeAs) ? state.writeAs : YOU;
}

/** The person whose client this is: the language in the settings is theirs. */
export function you() {
  const chat = state.chats.get(YOU);
  return chat?.people.find((person) => person.id === YOU) ?? { id: YOU, language_code: "en", first_name: "You" };
}

/** The newest message of a chat that isn't deleted. */
export function lastMessage(chat) {
  return [...chat.messages.values()].at(-1) ?? null;
}

/** Chats as the list shows them: the latest first; those that moved on are gone. */
export function listedChats() {
  const started = (chat) => lastMessage(chat)?.date ?? 0;
  return [...state.chats.values()].filter((chat) => !chat.migrated_to).sort((one, other) => started(other) - started(one));
}
