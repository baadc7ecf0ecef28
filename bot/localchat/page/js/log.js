// The messages of the open chat: added, replaced and removed one by one, so that open quotes and the focus stay.
import { row } from "./bubble.js";
import { h, icon } from "./dom.js";
import { dayName, sameDay } from "./format.js";
import { now, openChat, state } from "./store.js";
import { say } from "./strings.js";
import { measureQuotes } from "./text.js";

const TOGETHER_SECONDS = 600;
const NEAR_END = 120;

let scroll;
let log;
let toEnd;
let actions;
let below = 0;

/** Make the empty parts; `given` are the actions of messages. */
export function makeLog(given) {
  actions = { ...given, jump };
  log = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions" });
  scroll = h("div", { class: "scroll", tabIndex: 0, onscroll: showToEnd }, log);
  toEnd = h("button", { type: "button", class: "to-end", hidden: true, onclick: () => toLatest("smooth") }, icon("down"), h("span", { hidden: true }));
  new ResizeObserver(() => atEnd && toLatest()).observe(scroll);
  return [scroll, toEnd];
}

let atEnd = true;

/** Draw all messages of the open chat. */
export function drawLog() {
  const chat = openChat();
  log.setAttribute("aria-label", say("messages"));
  toEnd.setAttribute("aria-label", say("latest"));
  // A whole history isn't news: it is put in while the region is silent.
  log.setAttribute("aria-live", "off");
  log.replaceChildren(...shown(chat).map((message) => row(chat, message, actions)));
  arrange(chat);
  toLatest();
  requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
}

/** Add, replace or remove one message of the open chat. */
export function drawMessage(message, { isNew = false } = {}) {
  const chat = openChat();
  if (!inThread(message)) return;
  const stay = atEnd || (isNew && !message.by_bot);
  const node = row(chat, message, actions);
  const old = log.querySelector(`[data-id="${message.message_id}"]`);
  const expanded = old && [...old.querySelectorAll(".quote--expandable")].map((quote) => !quote.classList.contains("quote--folded"));
  if (old) old.replaceWith(node);
  else log.append(node);
  if (isNew) node.classList.add("row--fresh");
  arrange(chat);
  expanded?.forEach((open, index) => open && node.querySelectorAll(".quote--long .quote__fold")[index]?.click());
  if (stay) toLatest();
  else if (isNew) below += 1;
  showToEnd();
}

/** Take a message away. */
export function dropMessage(messageId) {
  log.querySelector(`[data-id="${messageId}"]`)?.remove();
  arrange(openChat());
}

function shown(chat) {
  return [...chat.messages.values()].filter(inThread);
}

function inThread(message) {
  if (state.threadId === null || !openChat()?.is_forum) return true;
  return (message.message_thread_id ?? 0) === state.threadId;
}

/** Put in dates, and join what one sender wrote at one go. */
function arrange(chat) {
  for (const extra of log.querySelectorAll(".day, .empty")) extra.remove();
  const rows = [...log.children];
  let before = null;
  rows.forEach((node, index) => {
    const message = chat.messages.get(Number(node.dataset.id));
    const previous = before;
    before = message;
    const newDay = !previous || !sameDay(previous.date, message.date);
    if (newDay) node.before(h("div", { class: "day", role: "separator" }, dayName(message.date, now())));
    const first = newDay || !together(rows[index - 1], node, previous, message);
    node.classList.toggle("row--first", first);
    if (index) rows[index - 1].classList.toggle("row--last", first);
    node.querySelector(".sender")?.toggleAttribute("hidden", !first);
  });
  rows.at(-1)?.classList.add("row--last");
  for (const node of rows) node.querySelector(":scope > .avatar")?.toggleAttribute("hidden", !node.classList.contains("row--last"));
  if (!rows.length) log.append(emptyNote(chat));
  measureQuotes(log);
}

function together(one, other, before, message) {
  return one.dataset.sender === other.dataset.sender && one.classList.contains("row") && other.classList.contains("row") && message.date - before.date < TOGETHER_SECONDS;
}

function emptyNote(chat) {
  const isNew = chat.type === "private" && !chat.started;
  return h("div", { class: "empty" }, h("b", null, say(isNew ? "emptyBot" : "empty")), isNew ? state.bot.description || say("emptyBotText") : null);
}

function toLatest(behavior = "auto") {
  scroll.scrollTo({ top: scroll.scrollHeight, behavior });
  below = 0;
  showToEnd();
}

function showToEnd() {
  atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END;
  if (atEnd) below = 0;
  toEnd.hidden = atEnd;
  toEnd.lastElementChild.textContent = String(below);
  toEnd.lastElementChild.hidden = !below;
}

function jump(messageId) {
  const node = log.querySelector(`[data-id="${messageId}"]`);
  if (!node) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  node.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  node.classList.remove("is-found");
  requestAnimationFrame(() => node.classList.add("is-found"));
}
