// Menus that open beside the button that called them.
import { h, icon } from "./dom.js";

let current = null;

/** Open a menu of [icon, text, action, danger?] entries (false ones are skipped), or a panel with any content. */
export function openMenu(anchor, entries, role = "menu") {
  const again = current?.anchor === anchor;
  closeMenu();
  if (again) return null;
  const node = h("div", { class: `menu ${role === "menu" ? "" : "panel"}`, role, onkeydown: keys });
  node.append(...entries.filter(Boolean).map((entry) => (Array.isArray(entry) ? item(entry) : entry)));
  document.body.append(node);
  place(node, anchor);
  anchor.setAttribute("aria-expanded", "true");
  current = { node, anchor };
  setTimeout(() => document.addEventListener("pointerdown", outside), 0);
  node.querySelector("button, input:checked, input")?.focus({ preventScroll: true });
  return node;
}

/** Close whatever is open. */
export function closeMenu(refocus = false) {
  if (!current) return;
  const { node, anchor } = current;
  current = null;
  document.removeEventListener("pointerdown", outside);
  node.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (refocus && anchor.isConnected) anchor.focus();
}

function item([shape, text, action, danger]) {
  const run = () => {
    closeMenu(true);
    action();
  };
  return h("button", { type: "button", role: "menuitem", class: danger ? "is-danger" : "", onclick: run }, icon(shape), text);
}

function place(node, anchor) {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = node;
  const left = Math.max(8, Math.min(box.left, innerWidth - width - 8));
  const below = box.bottom + 6 + height <= innerHeight;
  node.style.left = `${left}px`;
  node.style.top = `${Math.max(8, below ? box.bottom + 6 : box.top - height - 6)}px`;
}

function outside(event) {
  if (current && !current.node.contains(event.target) && !current.anchor.contains(event.target)) closeMenu();
}

function keys(event) {
  if (event.key === "Escape") {
    event.stopPropagation();
    closeMenu(true);
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target.matches("input")) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll("button")];
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
}
