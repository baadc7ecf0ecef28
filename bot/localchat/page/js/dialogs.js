// Toasts, alerts, forms and the photo viewer.
import { h, iconButton } from "./dom.js";
import { say } from "./strings.js";

/** Show a short notice for a few seconds. */
export function toast(text) {
  const node = h("div", { class: "toast" }, text);
  document.getElementById("toasts").append(node);
  setTimeout(() => node.remove(), Math.min(8000, 2800 + text.length * 40));
}

/** Show a text that has to be closed. */
export function alertBox(text) {
  const close = h("button", { type: "submit", class: "is-main" }, say("ok"));
  show(h("form", { class: "box", method: "dialog" }, h("p", null, text), h("div", { class: "box__buttons" }, close)), say("alert"));
  close.focus();
}

/** Ask for values; `done` gets the entries when the person confirms. */
export function formBox(title, fields, done) {
  const form = h(
    "form",
    { class: "box", method: "dialog", onsubmit: () => done(Object.fromEntries(new FormData(form))) },
    h("h2", null, title),
    fields,
    h(
      "div",
      { class: "box__buttons" },
      h("button", { type: "button", onclick: () => form.closest("dialog").close() }, say("cancel")),
      h("button", { type: "submit", class: "is-main" }, say("create")),
    ),
  );
  show(form, title);
}

/** Return a labelled text field. */
export function textField(label, name, props = {}) {
  return h("label", { class: "field" }, h("span", null, label), h("input", { name, required: true, maxLength: 64, autocomplete: "off", ...props }));
}

/** Return a row of choices of which one is taken. */
export function choices(name, label, options, chosen, onchange) {
  const one = ([value, text]) =>
    h("label", null, h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => onchange?.(value) }), h("span", null, text));
  return h("div", { class: "choices", role: "radiogroup", "aria-label": label }, options.map(one));
}

/** Show a picture over the whole page. */
export function viewPhoto(address, description) {
  const close = iconButton("close", say("close"), () => dialog.close());
  const frame = h("div", { class: "viewer__frame", onclick: () => dialog.close() }, h("img", { src: address, alt: description }), close);
  const dialog = show(frame, say("photo"), "viewer");
  close.focus();
}

function show(content, label, kind = "") {
  const dialog = h("dialog", { class: kind, "aria-label": label, onclose: () => dialog.remove() }, content);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
