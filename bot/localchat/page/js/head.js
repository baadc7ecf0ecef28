// The bar above the messages: who this is, what they are doing, the clock, the chat's menu, the topics of a forum.
import { act } from "./api.js";
import { chatAvatar } from "./avatar.js";
import { formBox, textField, toast } from "./dialogs.js";
import { h, iconButton } from "./dom.js";
import { openMenu } from "./menus.js";
import { actorId, chatName, now, openChat, state } from "./store.js";
import { locale, say } from "./strings.js";

const DOING = { typing: "typing", upload_photo: "sendingPhoto", upload_document: "sendingFile" };

/** Draw the bar; `actions` are back(), thread(id) and redraw(). */
export function drawHead(head, threads, actions) {
  const chat = openChat();
  head.replaceChildren(
    iconButton("back", say("back"), actions.back, { class: "round chat__back" }),
    chatAvatar(chat, "avatar--small"),
    h("div", { class: "chat__title" }, h("h2", null, chatName(chat)), subtitle(chat)),
    ...(state.clockMoved ? [h("span", { class: "clock", title: say("clock") }, movedTime())] : []),
    iconButton("more", say("more"), (event) => chatMenu(chat, event.currentTarget, actions), { "aria-haspopup": "menu" }),
  );
  threads.hidden = !chat.is_forum;
  if (chat.is_forum) drawThreads(chat, threads, actions);
}

function subtitle(chat) {
  if (chat.typing) return h("p", { class: "is-typing", role: "status" }, say(DOING[chat.typing] ?? "typing"));
  if (chat.type === "private") return h("p", null, chat.id === 1001 ? say("bot") : `${say("bot")} · ${say("asPerson", chat.title)}`);
  if (chat.type === "channel") return h("p", null, say("channel"));
  const names = chat.people.map((person) => (person.id === actorId(chat) ? say("you") : person.first_name));
  if (["member", "administrator"].includes(chat.bot_status)) names.push(state.bot.first_name);
  return h("p", null, names.join(", "));
}

/** The server's time in words, for when it differs from the machine's. */
export function movedTime() {
  return new Intl.DateTimeFormat(locale(), { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(now());
}

function drawThreads(chat, bar, actions) {
  const tabs = [[null, say("all")], [0, say("general")], ...chat.threads.map((thread) => [thread.id, thread.name])];
  bar.setAttribute("aria-label", say("forum"));
  bar.replaceChildren(
    ...tabs.map(([id, name]) => h("button", { type: "button", role: "tab", "aria-selected": String(state.threadId === id), onclick: () => actions.thread(id) }, name)),
  );
}

function chatMenu(chat, anchor, actions) {
  const there = ["member", "administrator"].includes(chat.bot_status);
  const run = (action, details = {}) => () => act(action, { chat_id: chat.id, ...details }).catch((error) => toast(error.message));
  if (chat.type === "private") {
    const blocked = chat.bot_status === "kicked";
    openMenu(anchor, [blocked ? ["plus", say("unblock"), run("unblock")] : ["block", say("block"), run("block"), true]]);
    return;
  }
  const isChannel = chat.type === "channel";
  const admin = chat.bot_status === "administrator";
  openMenu(anchor, [
    chat.is_forum && ["forum", say("newThread"), () => newThread(chat)],
    !isChannel && ["person", say("addPerson"), () => newMember(chat)],
    there && !isChannel && (admin ? ["remove", say("demote"), run("add_bot")] : ["up", say("promote"), run("add_bot", { administrator: true })]),
    chat.type === "group" && ["group", say("upgrade"), run("upgrade")],
    there ? ["block", say("removeBot"), run("remove_bot"), true] : ["plus", say("addBot"), run("add_bot", { administrator: isChannel })],
    ...writers(chat, actions),
  ]);
}

function writers(chat, actions) {
  if (chat.people.length < 2 || chat.type === "channel") return [];
  const choose = (person) => () => {
    state.writeAs = person.id;
    actions.redraw();
  };
  return [h("h3", null, say("writeAs")), ...chat.people.map((person) => [person.id === actorId(chat) ? "send" : "person", person.first_name, choose(person)])];
}

function newThread(chat) {
  formBox(say("newThread"), [textField(say("name"), "name")], ({ name }) => act("new_thread", { chat_id: chat.id, name }).catch((error) => toast(error.message)));
}

function newMember(chat) {
  formBox(say("addPerson"), [textField(say("name"), "name")], async ({ name }) => {
    try {
      const person = await act("new_person", { first_name: name });
      await act("add_person", { chat_id: chat.id, person_id: person });
    } catch (error) {
      toast(error.message);
    }
  });
}
