// Text and entities to nodes. Offsets are UTF-16 units, which is how JavaScript counts anyway.
import { h, icon } from "./dom.js";
import { say } from "./strings.js";

const SAFE = ["http:", "https:", "tg:", "mailto:"];
const BLOCKS = ["blockquote", "expandable_blockquote", "pre"];
const PLAIN_TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s" };

/** Return the nodes of a text; `run` is called with a command that is clicked. */
export function richText(text, entities, run) {
  const sorted = [...(entities ?? [])].sort((one, other) => one.offset - other.offset || other.length - one.length);
  return stretch(text, 0, text.length, sorted, run);
}

function stretch(text, start, end, entities, run) {
  const nodes = [];
  let at = start;
  for (let index = 0; index < entities.length; index++) {
    const entity = entities[index];
    const first = Math.max(entity.offset, at);
    const last = Math.min(entity.offset + entity.length, end);
    if (first >= last) continue;
    if (first > at) nodes.push(text.slice(at, first));
    const inner = entities.slice(index + 1).filter((other) => other.offset < last && other.offset + other.length <= last);
    nodes.push(element(entity, text.slice(first, last), stretch(text, first, last, inner, run), run));
    at = last;
    // The line break after a block is the block's own end, not an empty line.
    if (BLOCKS.includes(entity.type) && text[at] === "\n") at += 1;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function element(entity, text, inner, run) {
  switch (entity.type) {
    case "bold": case "italic": case "underline": case "strikethrough":
      return h(PLAIN_TAGS[entity.type], null, inner);
    case "code":
      return h("code", null, inner);
    case "pre":
      return h("pre", { "data-language": entity.language || null }, inner);
    case "spoiler":
      return spoiler(inner);
    case "blockquote":
      return h("blockquote", { class: "quote" }, inner);
    case "expandable_blockquote":
      return expandable(inner);
    case "bot_command":
      return command(text, inner);
    case "text_link":
      return link(entity.url, inner);
    case "url":
      return link(text.includes("://") ? text : `http://${text}`, inner);
    case "email":
      return link(`mailto:${text}`, inner);
    case "mention":
      return link(`https://t.me/${text.slice(1)}`, inner);
    default:
      return h("span", null, inner);
  }
}

/** Return an address if the page may link to it, else null. */
export function safeAddress(address) {
  try {
    return SAFE.includes(new URL(address).protocol) ? address : null;
  } catch {
    return null;
  }
}

/** A link, since a button is a block of its own, after which a line may break before the full stop. */
function command(text, inner) {
  const press = (event) => {
    event.preventDefault();
    run(text);
  };
  return h("a", { href: "#", role: "button", class: "command", onclick: press }, inner);
}

function link(address, inner) {
  const href = safeAddress(address);
  if (!href) return h("span", null, inner);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", title: href }, inner);
}

function spoiler(inner) {
  const open = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    node.classList.add("is-open");
    node.removeAttribute("role");
    node.removeAttribute("aria-label");
  };
  const node = h("span", { class: "spoiler", role: "button", tabIndex: 0, "aria-label": say("spoiler"), onclick: open, onkeydown: open }, inner);
  return node;
}

function expandable(inner) {
  const body = h("div", { class: "quote__body" }, inner);
  const button = h("button", { type: "button", class: "quote__fold", "aria-expanded": "false", "aria-label": say("unfold") }, icon("down"));
  const quote = h("blockquote", { class: "quote quote--expandable quote--folded" }, body, button);
  quote.addEventListener("click", (event) => {
    const chosen = document.getSelection()?.toString();
    if (!quote.classList.contains("quote--long") || event.target.closest("a, .command, .spoiler:not(.is-open)") || chosen) return;
    const folded = quote.classList.toggle("quote--folded");
    button.setAttribute("aria-expanded", String(!folded));
    button.setAttribute("aria-label", say(folded ? "unfold" : "fold"));
  });
  return quote;
}

/** Find out, once they are on the page, which expandable quotes are longer than what they show folded. */
export function measureQuotes(container) {
  for (const quote of container.querySelectorAll(".quote--expandable.quote--folded")) {
    const body = quote.firstElementChild;
    const long = body.scrollHeight > body.clientHeight + 4;
    quote.classList.toggle("quote--long", long);
    if (!long) quote.classList.remove("quote--folded");
  }
}
