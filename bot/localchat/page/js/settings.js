// Theme, language, clock; and making new chats.
import { act } from "./api.js";
import { choices, formBox, textField, toast } from "./dialogs.js";
import { h } from "./dom.js";
import { movedTime } from "./head.js";
import { closeMenu, openMenu } from "./menus.js";
import { state, you } from "./store.js";
import { say, speak } from "./strings.js";

const LANGUAGES = [["en", "English"], ["ru", "Русский"], ["uk", "Українська"]];
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Apply the remembered theme, and follow the system while it is "auto". */
export function startTheme() {
  dark.addEventListener("change", applyTheme);
  applyTheme();
}

function chosenTheme() {
  return localStorage.getItem("theme") ?? "auto";
}

function applyTheme() {
  const theme = chosenTheme();
  document.documentElement.dataset.theme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
}

/** Speak the language of the person's client. */
export function applyLanguage() {
  speak(you().language_code);
}

/** Open the settings beside their button. */
export function openSettings(anchor) {
  const language = you().language_code;
  const node = openMenu(
    anchor,
    [
      h("h3", null, say("theme")),
      choices("theme", say("theme"), [["auto", say("auto")], ["light", say("light")], ["dark", say("dark")]], chosenTheme(), setTheme),
      h("h3", null, say("language")),
      choices("language", say("language"), LANGUAGES, language, (code) => act("set_language", { person_id: you().id, language_code: code })),
      h("h3", null, say("clock")),
      h("p", { class: "panel__time" }, movedTime(), h("small", null, say(state.clockMoved ? "clockMoved" : "clockNow"))),
      h("div", { class: "panel__buttons" }, clockButton("hour", 3600), clockButton("day", 86_400)),
    ],
    "dialog",
  );
  node?.setAttribute("aria-label", say("settings"));
}

function setTheme(theme) {
  localStorage.setItem("theme", theme);
  applyTheme();
}

function clockButton(label, seconds) {
  const move = async (event) => {
    const shown = event.currentTarget.parentElement.previousElementSibling;
    try {
      await act("clock", { advance: seconds });
      setTimeout(() => shown.replaceChildren(movedTime(), h("small", null, say("clockMoved"))), 60);
    } catch (error) {
      toast(error.message);
    }
  };
  return h("button", { type: "button", onclick: move }, say(label));
}

/** Ask what kind of chat to make, make it and open it. */
export function createChat(opened) {
  closeMenu();
  const kinds = [["person", say("person")], ["group", say("group")], ["forum", say("forum")], ["channel", say("channel")]];
  formBox(say("newChat"), [choices("kind", say("kind"), kinds, "person"), textField(say("name"), "name")], async ({ kind, name }) => {
    try {
      opened(kind === "person" ? await act("new_person", { first_name: name }) : await act("new_chat", { kind, title: name }));
    } catch (error) {
      toast(error.message);
    }
  });
}
