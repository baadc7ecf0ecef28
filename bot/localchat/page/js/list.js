// The list of chats on the left.
import { chatAvatar } from "./avatar.js";
import { h, icon, iconButton } from "./dom.js";
import { shortDate } from "./format.js";
import { chatName, lastMessage, listedChats, now, state } from "./store.js";
import { say } from "./strings.js";
import { oneLine, senderName, serviceText } from "./summary.js";

/** Draw the whole left column. */
export function drawList(sidebar, { open, settings, create }) {
  const head = h(
    "header",
    { class: "sidebar__head" },
    h("h1", null, say("chats")),
    iconButton("settings", say("settings"), (event) => settings(event.currentTarget), { "aria-haspopup": "dialog" }),
  );
  const list = h("ul", { class: "chats", id: "chats" }, listedChats().map((chat) => h("li", null, entry(chat, open))));
  const pencil = h("button", { type: "button", class: "compose-chat", "aria-label": say("newChat"), title: say("newChat"), onclick: create }, icon("pencil"));
  const note = h("p", { class: "sidebar__note" }, icon("lock"), say("note"));
  const focused = document.activeElement?.closest?.("[data-chat]")?.dataset.chat;
  const top = sidebar.querySelector(".chats")?.scrollTop ?? 0;
  sidebar.replaceChildren(head, list, pencil, note);
  sidebar.setAttribute("aria-label", say("chats"));
  list.scrollTop = top;
  if (focused) list.querySelector(`[data-chat="${focused}"]`)?.focus({ preventScroll: true });
}

function entry(chat, open) {
  const last = lastMessage(chat);
  const kind = { group: "group", supergroup: chat.is_forum ? "forum" : "group", channel: "channel" }[chat.type];
  const asPerson = chat.type === "private" && chat.id !== 1001 ? ` · ${say("asPerson", chat.title)}` : "";
  return h(
    "button",
    {
      type: "button", class: "peer", "data-chat": chat.id, "aria-current": String(chat.id === state.openId),
      onclick: () => open(chat.id), onkeydown: moveFocus,
    },
    chatAvatar(chat),
    h("span", { class: "peer__name" }, kind ? icon(kind) : null, h("span", null, chatName(chat) + asPerson)),
    h("span", { class: "peer__time" }, last ? shortDate(last.date, now()) : ""),
    h("span", { class: "peer__last" }, chat.typing ? h("b", null, say("typing")) : preview(chat, last)),
    chat.unread ? h("span", { class: "peer__count" }, String(chat.unread), h("span", { class: "visually-hidden" }, ` ${say("unread")}`)) : null,
  );
}

function preview(chat, last) {
  if (!last) return chat.type === "private" ? say("start") : say("empty");
  const named = chat.type !== "private" && chat.type !== "channel" && !serviceText(last);
  return [named ? h("b", null, `${senderName(last)}: `) : null, oneLine(last)];
}

function moveFocus(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const entries = [...document.querySelectorAll("#chats .peer")];
  entries[entries.indexOf(event.currentTarget) + step]?.focus();
}
