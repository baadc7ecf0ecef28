// Building nodes. Text only ever becomes text nodes: nothing here or elsewhere parses HTML.

/** Make an element; props are properties, `aria-…`/`data-…`/role attributes, `class` and `on…` listeners. */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name in node && !name.includes("-")) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SHAPES = {
  back: "M15 5l-7 7 7 7",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M13 7a2 2 0 1 0 4 0 2 2 0 1 0-4 0zM7 17a2 2 0 1 0 4 0 2 2 0 1 0-4 0z",
  pencil: "M4 20l1-4L16.5 4.500a2.1 2.1 0 0 1 3 3L8 19zM14.5 6.500l3 3",
  send: "M3.3 20.3 21.5 12 3.3 3.7 5.4 10.6 14 12l-8.6 1.400z",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  down: "M5 9l7 7 7-7",
  link: "M8 16 17 7M9.5 7H17v7.5",
  file: "M12 4v11M7 10.500l5 5 5-5M5 20h14",
  reply: "M10 7 4 12.5 10 18M4.5 12.500H14c4 0 6 2.5 6 6",
  copy: "M9 9h10v11H9zM15 9V5H5v11h4",
  group: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16 4.500a3.5 3.5 0 0 1 0 6.400M18 14.600c2.2.8 3.5 2.6 3.5 5.4",
  channel: "M4 10v4h3l8 4.500v-13L7 10zM18.5 9.500a4 4 0 0 1 0 5M8 14.500l1.5 5",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 21c0-4.5 3.5-6.5 7.5-6.500s7.5 2 7.5 6.5",
  forum: "M4 5h16v11H11l-4 4v-4H4zM8 9h8M8 12.500h5",
  block: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.7 5.700l12.6 12.6",
  up: "M12 19V5M6 11l6-6 6 6",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  home: "M4 12.5 12 5l8 7.500M6.5 11v9h11v-9M10 15.500h4",
  plus: "M12 5v14M5 12h14",
  remove: "M5 12h14",
};

/** Return one of the page's icons as SVG; decoration only, so hidden from assistive technology. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/** Return a round button with an icon and a spoken label. */
export function iconButton(name, label, onclick, extra = {}) {
  return h("button", { type: "button", class: "round", "aria-label": label, title: label, onclick, ...extra }, icon(name));
}
