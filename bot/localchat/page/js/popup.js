// What opens above the field: the commands while typing "/", the bot's results while typing "@bot …".
import { act } from "./api.js";
import { h } from "./dom.js";
import { actorId, commandsOf, openChat, state } from "./store.js";
import { say } from "./strings.js";

const PAUSE = 250;

/** The popup of one text field; `choose` is called with {command} or {query, result}. */
export class Popup {
  constructor(field, choose) {
    this.field = field;
    this.choose = choose;
    this.options = [];
    this.at = -1;
    this.query = null;
    this.node = h("div", { class: "popup" });
  }

  /** Look at the field's text and show what fits. */
  update() {
    const text = this.field.value;
    const inline = inlineQuery(text);
    if (inline !== null) return this.ask(inline);
    this.query = null;
    if (!/^\/\w*$/.test(text)) return this.close();
    return this.commands(text.slice(1).toLowerCase());
  }

  /** Show the commands that begin with a text. */
  commands(begin = "") {
    const found = commandsOf(openChat()).filter((command) => command.command.startsWith(begin));
    const node = ({ command, description }) => option("option", [h("b", null, `/${command}`), h("span", null, description)]);
    this.show(found.map((command) => ({ node: node(command), value: { command: command.command } })), say("commands"));
    this.select(begin && found.length ? 0 : -1);
  }

  ask(text) {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const chat = openChat();
      const { query_id: id, answer } = await act("inline", { chat_id: chat.id, text, person_id: actorId(chat) });
      this.query = id;
      if (answer) this.results({ query_id: id, answer });
      else if (!this.options.length) this.note(say("searching"));
    }, PAUSE);
  }

  /** Show the bot's answer, if it is the one that is waited for. */
  results({ query_id: id, answer }) {
    if (id !== this.query) return;
    const node = (result) => option("option option--result", [h("div", null, h("b", null, result.title), h("span", null, result.description || result.text))]);
    const found = answer.results.map((result) => ({ node: node(result), value: { query: id, result: result.id } }));
    if (found.length) this.show(found, `@${state.bot.username}`);
    else this.note(say("nothing"));
  }

  note(text) {
    this.options = [];
    this.node.replaceChildren(h("div", null, h("p", { class: "popup__note", role: "status" }, text)));
  }

  show(options, label) {
    if (!options.length) return this.close();
    this.options = options;
    options.forEach(({ node, value }, index) => {
      node.id = `option-${index}`;
      node.addEventListener("pointerdown", (event) => event.preventDefault());
      node.addEventListener("click", () => this.pick(value));
    });
    this.node.replaceChildren(h("div", { role: "listbox", id: "options", "aria-label": label }, options.map(({ node }) => node)));
    this.field.setAttribute("aria-expanded", "true");
    this.select(-1);
  }

  /** Put the popup away. */
  close() {
    clearTimeout(this.timer);
    this.options = [];
    this.at = -1;
    this.node.replaceChildren();
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  /** Handle a key of the field; true if it was meant for the popup. */
  key(event) {
    if (event.key === "Escape" && this.node.firstChild) {
      this.close();
      return true;
    }
    if (!this.options.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.select((this.at + step + this.options.length) % this.options.length);
      return true;
    }
    if ((event.key === "Enter" || event.key === "Tab") && this.at >= 0) {
      this.pick(this.options[this.at].value, event.key === "Tab");
      return true;
    }
    return false;
  }

  select(index) {
    this.at = index;
    this.options.forEach(({ node }, position) => node.setAttribute("aria-selected", String(position === index)));
    if (index < 0) return this.field.removeAttribute("aria-activedescendant");
    this.field.setAttribute("aria-activedescendant", `option-${index}`);
    return this.options[index].node.scrollIntoView({ block: "nearest" });
  }

  pick(value, onlyInsert = false) {
    this.close();
    this.choose(value, onlyInsert);
  }
}

function option(kind, content) {
  return h("div", { class: kind, role: "option", "aria-selected": "false" }, content);
}

function inlineQuery(text) {
  const begin = `@${state.bot.username} `;
  return text.toLowerCase().startsWith(begin.toLowerCase()) ? text.slice(begin.length) : null;
}
