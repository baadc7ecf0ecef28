// One message as a node.
import { personAvatar } from "./avatar.js";
import { h, icon } from "./dom.js";
import { viewPhoto } from "./dialogs.js";
import { clockTime, fileSize, tint } from "./format.js";
import { keyboard } from "./keyboard.js";
import { isOwn, state } from "./store.js";
import { say } from "./strings.js";
import { oneLine, senderName, serviceText } from "./summary.js";
import { richText } from "./text.js";

/** Return the row of a message; `actions` are run(command), more(message, anchor), jump(id), startInline(query). */
export function row(chat, message, actions) {
  const service = serviceText(message);
  if (service) return h("div", { class: "service", "data-id": message.message_id }, service);
  const own = isOwn(chat, message);
  const inGroup = chat.type === "group" || chat.type === "supergroup";
  const keys = keyboard(chat, message, actions.startInline);
  const classes = ["row", own && "row--out", inGroup && !own && "row--peer", (keys || message.photo) && "row--wide"];
  return h(
    "article",
    { class: classes.filter(Boolean).join(" "), "data-id": message.message_id, "data-sender": message.from?.id ?? "channel", "aria-label": `${senderName(message)}, ${clockTime(message.date)}` },
    bubble(chat, message, actions, { named: inGroup && !own }),
    keys,
    inGroup && !own ? personAvatar(message.from) : null,
    moreButton(message, actions),
  );
}

function bubble(chat, message, actions, { named }) {
  return h(
    "div",
    { class: "bubble", oncontextmenu: (event) => openMore(event, message, actions) },
    named || chat.type === "channel" ? h("span", { class: `sender name-${message.by_bot ? 0 : tint(message.from?.id ?? chat.id)}` }, senderName(message)) : null,
    message.via_bot ? h("div", { class: "via" }, `${say("via")} @${message.via_bot.username}`) : null,
    message.reply_to_message ? reply(message.reply_to_message, actions) : null,
    message.photo ? photo(message) : null,
    message.document ? file(message.document) : null,
    message.text ? h("div", { class: "text" }, richText(message.text, message.entities ?? message.caption_entities, actions.run), meta(message)) : meta(message),
    h("div", { class: "bubble__end" }),
  );
}

function meta(message) {
  const edited = message.earlier.length ? h("i", null, say("edited")) : null;
  return h("span", { class: "meta" }, edited, h("time", { dateTime: new Date(message.date * 1000).toISOString() }, clockTime(message.date)));
}

function reply(message, actions) {
  const name = message.from?.id === state.bot.id ? state.bot.first_name : (message.from?.first_name ?? message.sender_chat?.title ?? "");
  const text = oneLine({ text: message.caption ?? "", ...message });
  return h("button", { type: "button", class: "reply", onclick: () => actions.jump(message.message_id) }, h("b", null, name), h("span", null, text));
}

function photo(message) {
  const size = message.photo.at(-1);
  const address = `/control/file/${size.file_id}`;
  const description = message.text || say("photo");
  const image = h("img", { src: address, alt: description, width: size.width, height: size.height, loading: "lazy" });
  image.style.aspectRatio = `${size.width} / ${size.height}`;
  image.style.height = "auto";
  const alone = message.text ? "" : "photo--alone";
  return h("button", { type: "button", class: `photo ${alone}`, onclick: () => viewPhoto(address, description) }, image);
}

function file(document) {
  const ending = document.file_name.includes(".") ? document.file_name.split(".").at(-1).slice(0, 4).toUpperCase() : "";
  return h(
    "a",
    { class: "file", href: `/control/file/${document.file_id}?download=1`, download: document.file_name, "aria-label": `${say("download")} ${document.file_name}` },
    h("span", { class: "file__mark" }, ending || icon("file")),
    h("span", null, h("b", null, document.file_name), h("small", null, fileSize(document.file_size))),
  );
}

function moreButton(message, actions) {
  return h("button", { type: "button", class: "row__more", "aria-label": say("more"), "aria-haspopup": "menu", onclick: (event) => actions.more(message, event.currentTarget) }, icon("more"));
}

function openMore(event, message, actions) {
  if (event.target.closest("a, img")) return;
  event.preventDefault();
  actions.more(message, event.currentTarget);
}
