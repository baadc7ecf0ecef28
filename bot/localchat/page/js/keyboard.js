// Inline keyboards: address buttons open, data buttons are pressed and wait for the bot's answer.
import { act } from "./api.js";
import { alertBox, toast } from "./dialogs.js";
import { h, icon } from "./dom.js";
import { actorId } from "./store.js";
import { say } from "./strings.js";
import { safeAddress } from "./text.js";

const PATIENCE = 30_000;
const waiting = new Map();

/** Return the rows of a message's keyboard. */
export function keyboard(chat, message, startInline) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return h("div", { class: "keys", role: "group" }, rows.map((row) => h("div", { class: "keys__row" }, row.map((key) => button(chat, message, key, startInline)))));
}

function button(chat, message, key, startInline) {
  if (key.url) {
    return h("a", { href: safeAddress(key.url), target: "_blank", rel: "noopener noreferrer", title: key.url }, key.text, icon("link"));
  }
  if (key.callback_data !== undefined) {
    return h("button", { type: "button", onclick: (event) => press(chat, message, key.callback_data, event.currentTarget) }, key.text);
  }
  const query = key.switch_inline_query_current_chat ?? key.switch_inline_query;
  return h("button", { type: "button", onclick: () => (query === undefined ? copy(key) : startInline(query)) }, key.text);
}

async function copy(key) {
  await navigator.clipboard?.writeText(key.copy_text?.text ?? key.text);
  toast(say("copied"));
}

async function press(chat, message, data, node) {
  if (node.ariaBusy === "true") return;
  node.setAttribute("aria-busy", "true");
  try {
    const query = await act("press", { chat_id: chat.id, message_id: message.message_id, data, person_id: actorId(chat) });
    const early = waiting.get(query);
    if (early?.answer) return settle(query, early.answer, node);
    waiting.set(query, { node });
    setTimeout(() => giveUp(query), PATIENCE);
  } catch (error) {
    node.removeAttribute("aria-busy");
    toast(error.message);
  }
}

/** Show the bot's answer to a press. */
export function answered({ query_id: query, answer }) {
  const node = waiting.get(query)?.node;
  if (node) settle(query, answer, node);
  else waiting.set(query, { answer });
}

function settle(query, answer, node) {
  waiting.delete(query);
  node.removeAttribute("aria-busy");
  if (answer.text && answer.show_alert) alertBox(answer.text);
  else if (answer.text) toast(answer.text);
  if (answer.url && safeAddress(answer.url)) open(answer.url, "_blank", "noopener,noreferrer");
}

function giveUp(query) {
  waiting.get(query)?.node?.removeAttribute("aria-busy");
  waiting.delete(query);
}
