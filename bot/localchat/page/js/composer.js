// Where a person writes: the field, the menu of commands, START, and answering or editing a message.
import { act } from "./api.js";
import { toast } from "./dialogs.js";
import { h, icon, iconButton } from "./dom.js";
import { Popup } from "./popup.js";
import { actorId, commandsOf, isOwn, openChat, state } from "./store.js";
import { say } from "./strings.js";
import { oneLine, senderName } from "./summary.js";

let container;
let field;
let popup;
let context = null;
const drafts = new Map();

/** Remember where the composer goes. */
export function makeComposer(node) {
  container = node;
}

/** Draw what fits the state of the open chat. */
export function drawComposer() {
  const chat = openChat();
  popup = null;
  container.replaceChildren(...contents(chat));
}

function contents(chat) {
  if (chat.type === "private" && chat.bot_status === "kicked") return [bigButton("restart", restart)];
  if (chat.type === "private" && !chat.started) return [bigButton("start", () => send("/start"))];
  if (chat.migrated_to) return [h("p", { class: "composer__closed" }, say("moved"))];
  return line(chat);
}

function line(chat) {
  const placeholder = say(chat.type === "channel" ? "broadcast" : "draft");
  field = h("textarea", {
    rows: 1, placeholder, "aria-label": placeholder, role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": "options",
    value: drafts.get(chat.id) ?? "", oninput: typed, onkeydown: key,
  });
  popup = new Popup(field, chosen);
  const menu = h("button", { type: "button", class: "menu-button", "aria-label": say("commands"), "aria-haspopup": "listbox", onclick: openCommands }, icon("menu"), h("span", null, say("menu")));
  const button = iconButton("send", say("send"), submit, { class: "round send", disabled: !field.value.trim() });
  const above = context?.chatId === chat.id ? contextBar() : null;
  const parts = [popup.node, above, h("div", { class: "composer__line" }, commandsOf(chat).length ? menu : null, field, button)];
  requestAnimationFrame(grow);
  return parts.filter(Boolean);
}

function bigButton(word, onclick) {
  return h("button", { type: "button", class: "big-button", onclick }, say(word));
}

async function restart() {
  const chat = openChat();
  await run(() => act("unblock", { chat_id: chat.id }));
  await send("/start");
}

/** Send a text as the person of the open chat. */
export async function send(text) {
  const chat = openChat();
  const details = { chat_id: chat.id, text, person_id: actorId(chat) };
  if (chat.is_forum && state.threadId) details.thread_id = state.threadId;
  if (context?.chatId === chat.id && context.kind === "reply") details.reply_to = context.message.message_id;
  await run(() => act("say", details));
}

/** Put an inline query into the field. */
export function startInline(query) {
  field.value = `@${state.bot.username} ${query}`;
  field.focus();
  typed();
}

/** Answer or edit a message. */
export function setContext(kind, message) {
  context = kind ? { kind, message, chatId: openChat().id } : null;
  if (kind === "edit") drafts.set(openChat().id, message.text);
  drawComposer();
  field?.focus();
}

/** Show results for the inline query in the field. */
export function showResults(event) {
  popup?.results(event);
}

/** Put the cursor into the field, where there is one. */
export function focusField() {
  (field?.isConnected ? field : container.querySelector("button"))?.focus({ preventScroll: true });
}

function contextBar() {
  const { kind, message } = context;
  const title = kind === "edit" ? say("editing") : senderName(message);
  return h("div", { class: "context" }, icon(kind === "edit" ? "pencil" : "reply"), h("div", null, h("b", null, title), h("span", null, oneLine(message))), iconButton("close", say("cancel"), cancel));
}

function cancel() {
  if (context?.kind === "edit") drafts.delete(openChat().id);
  setContext(null);
}

function typed() {
  drafts.set(openChat().id, field.value);
  container.querySelector(".send").disabled = !field.value.trim();
  grow();
  popup.update();
}

function grow() {
  if (!field?.isConnected) return;
  field.style.height = "42px";
  field.style.height = `${Math.min(field.scrollHeight, 180)}px`;
}

function openCommands() {
  if (field.getAttribute("aria-expanded") === "true") popup.close();
  else popup.commands();
  field.focus();
}

function chosen(value, onlyInsert) {
  if (value.result) {
    const details = { query_id: value.query, result_id: value.result, thread_id: state.threadId ?? 0 };
    run(() => act("choose", details)).then(clear);
  } else if (onlyInsert) {
    field.value = `/${value.command} `;
    typed();
  } else {
    send(`/${value.command}`).then(clear);
  }
}

function key(event) {
  if (event.isComposing) return;
  if (popup.key(event)) event.preventDefault();
  else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit();
  } else if (event.key === "Escape" && context) cancel();
  else if (event.key === "ArrowUp" && !field.value) editLast(event);
}

function editLast(event) {
  const chat = openChat();
  const last = [...chat.messages.values()].reverse().find((message) => isOwn(chat, message) && !message.by_bot && !message.via_bot && message.text);
  if (!last) return;
  event.preventDefault();
  setContext("edit", last);
}

async function submit() {
  const text = field.value.trim();
  if (!text) return;
  const chat = openChat();
  if (context?.chatId === chat.id && context.kind === "edit") {
    const { message } = context;
    if (text !== message.text) await run(() => act("edit", { chat_id: chat.id, message_id: message.message_id, text }));
  } else {
    await send(text);
  }
  clear();
}

function clear() {
  drafts.delete(openChat().id);
  context = null;
  drawComposer();
  field.focus();
}

async function run(action) {
  try {
    await action();
  } catch (error) {
    toast(error.message);
  }
}

