// Starts the page and passes events on to its parts.
import { listen } from "./api.js";
import { drawComposer, focusField, makeComposer, send, setContext, showResults, startInline } from "./composer.js";
import { toast } from "./dialogs.js";
import { h } from "./dom.js";
import { drawHead } from "./head.js";
import { answered } from "./keyboard.js";
import { drawList } from "./list.js";
import { drawLog, drawMessage, dropMessage, makeLog } from "./log.js";
import { openMenu } from "./menus.js";
import { applyLanguage, createChat, openSettings, startTheme } from "./settings.js";
import { isOwn, load, openChat, putChat, setClock, state } from "./store.js";
import { say } from "./strings.js";

const TYPING_LASTS = 5000;
const app = document.getElementById("app");
const sidebar = document.getElementById("sidebar");
const main = document.getElementById("chat");
const head = h("header", { class: "chat__head" });
const threads = h("div", { class: "threads", role: "tablist", hidden: true });
const composer = h("footer", { class: "composer" });
const early = [];
let loaded = false;

const messageActions = { run: send, more: messageMenu, startInline };
const headActions = { back: closeChat, thread: chooseThread, redraw: drawChat };

function drawAll() {
  applyLanguage();
  showList();
  if (openChat()) drawChat();
  else if (isWide()) open(1001, { focus: false });
}

function showList() {
  drawList(sidebar, { open, settings: openSettings, create: () => createChat(open) });
  const unread = [...state.chats.values()].reduce((sum, chat) => sum + chat.unread, 0);
  document.title = (unread ? `(${unread}) ` : "") + state.bot.first_name;
}

function drawChat() {
  drawHead(head, threads, headActions);
  drawComposer();
  drawLog();
}

function open(id, { focus = true } = {}) {
  state.openId = id;
  const chat = openChat();
  if (!chat) return;
  state.threadId = null;
  chat.unread = 0;
  if (focus) app.dataset.view = "chat";
  drawChat();
  showList();
  // On a phone the field would bring up the keyboard, which hides what was opened.
  if (focus && isWide()) focusField();
  else if (focus) head.querySelector("button").focus({ preventScroll: true });
}

function isWide() {
  return matchMedia("(min-width: 721px)").matches;
}

function closeChat() {
  app.dataset.view = "list";
  const id = state.openId;
  state.openId = null;
  showList();
  sidebar.querySelector(`[data-chat="${id}"]`)?.focus();
}

function chooseThread(id) {
  state.threadId = id;
  drawChat();
  threads.querySelector('[aria-selected="true"]')?.focus();
}

function messageMenu(message, anchor) {
  const chat = openChat();
  const mine = !message.by_bot && !message.via_bot && (isOwn(chat, message) || chat.type === "channel");
  openMenu(anchor, [
    chat.type !== "channel" && ["reply", say("reply"), () => setContext("reply", message)],
    mine && ["pencil", say("edit"), () => setContext("edit", message)],
    message.text && ["copy", say("copy"), () => copy(message.text)],
  ]);
}

async function copy(text) {
  await navigator.clipboard?.writeText(text);
  toast(say("copied"));
}

const handlers = {
  message({ chat_id: id, message }) {
    const chat = state.chats.get(id);
    chat.messages.set(message.message_id, message);
    if (message.by_bot) chat.typing = null;
    const seen = id === state.openId && !document.hidden;
    if (!seen && !(isOwn(chat, message) && !message.by_bot)) chat.unread += 1;
    if (id === state.openId) {
      drawHead(head, threads, headActions);
      drawMessage(message, { isNew: true });
    }
    showList();
  },
  edited({ chat_id: id, message }) {
    state.chats.get(id).messages.set(message.message_id, message);
    if (id === state.openId) drawMessage(message);
    showList();
  },
  deleted({ chat_id: id, message_id: messageId }) {
    state.chats.get(id).messages.delete(messageId);
    if (id === state.openId) dropMessage(messageId);
    showList();
  },
  chat({ chat }) {
    const before = openChat();
    const language = document.documentElement.lang;
    putChat(chat);
    applyLanguage();
    if (before?.migrated_to !== openChat()?.migrated_to) open(chat.migrated_to);
    else if (language !== document.documentElement.lang) drawAll();
    else if (chat.id === state.openId) drawOpenChat(before);
    showList();
  },
  typing({ chat_id: id, action }) {
    const chat = state.chats.get(id);
    chat.typing = action === "cancel" ? null : action;
    clearTimeout(chat.typingTimer);
    chat.typingTimer = setTimeout(() => stopTyping(id), TYPING_LASTS);
    showTyping(id);
  },
  answer: answered,
  inline: showResults,
  bot({ name }) {
    state.bot.first_name = name;
    drawAll();
  },
  clock(clock) {
    setClock(clock);
    drawAll();
  },
  reset: reload,
};

function drawOpenChat(before) {
  const chat = openChat();
  drawHead(head, threads, headActions);
  const same = before.started === chat.started && before.bot_status === chat.bot_status && JSON.stringify(before.commands) === JSON.stringify(chat.commands);
  if (!same) {
    drawComposer();
    focusField();
  }
}

function stopTyping(id) {
  const chat = state.chats.get(id);
  if (!chat?.typing) return;
  chat.typing = null;
  showTyping(id);
}

function showTyping(id) {
  if (id === state.openId) drawHead(head, threads, headActions);
  showList();
}

async function reload() {
  loaded = false;
  await load();
  loaded = true;
  drawAll();
  for (const event of early.splice(0)) handle(event);
}

function handle(event) {
  if (!loaded && event.kind !== "reset") early.push(event);
  else handlers[event.kind]?.(event);
}

/** A link to the bot itself with a start parameter does what it does in Telegram: it says /start. */
function followDeepLink(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || new URL(link.href).hostname !== "t.me") return;
  const address = new URL(link.href);
  if (address.pathname.slice(1).toLowerCase() !== state.bot.username.toLowerCase()) return;
  event.preventDefault();
  open(1001);
  if (address.searchParams.has("start")) send(`/start ${address.searchParams.get("start")}`.trim());
}

startTheme();
main.append(head, threads, ...makeLog(messageActions), composer);
makeComposer(composer);
document.addEventListener("click", followDeepLink);
document.addEventListener("visibilitychange", () => {
  const chat = openChat();
  if (document.hidden || !chat) return;
  chat.unread = 0;
  showList();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && app.dataset.view === "chat" && !isWide() && event.target === document.body) closeChat();
});
listen(reload, handle);
