/** Elements from plain data: text goes in as text, never as markup, and only addresses of this very server are used. */

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  customer: ["M4 5.5h16v10H11l-4.5 4v-4H4z"],
  alert: ["M12 4a5.5 5.5 0 0 0-5.5 5.5c0 5-2 6-2 7.5h15c0-1.5-2-2.5-2-7.5A5.5 5.5 0 0 0 12 4Z", "M10 20h4"],
  leads: ["M9 11a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6Z", "M3 19.5c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5", "M15.5 5a3 3 0 0 1 0 5.6M17.5 14.4c2 .8 3.5 2.6 3.5 5.1"],
  direct: ["M12 12a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6Z", "M4.5 20c.5-3.8 3.6-6 7.5-6s7 2.2 7.5 6"],
  calm: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "M8 12h8"],
  notice: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "M12 11v5M12 8v.1"],
  warning: ["M12 4 2.8 20h18.4L12 4Z", "M12 10v4.5M12 17.3v.1"],
  danger: ["M8 3h8l5 5v8l-5 5H8l-5-5V8z", "M12 7.5v5.5M12 16.3v.1"],
  good: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "m8 12 3 3 5-6"],
  done: ["m5 12.5 4.5 4.5L19 7.5"],
  lock: ["M6 11h12v9H6z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3"],
  flag: ["M6 21V4h12l-2.5 4L18 12H6"],
  close: ["M6 6l12 12M18 6 6 18"],
  file: ["M12 15V4M7.5 8.5 12 4l4.5 4.5", "M4 15v5h16v-5"],
};

/** An element with attributes, listeners (`on`), data (`data`) and children; strings become text nodes. */
export function make(name, { on = {}, data = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    if (key === "src" || key === "href") {
      const address = ours(value);
      if (address) element.setAttribute(key, address);
    } else element.setAttribute(key, value === true ? "" : String(value));
  }
  for (const [key, value] of Object.entries(data)) element.dataset[key] = String(value);
  for (const [key, listener] of Object.entries(on)) element.addEventListener(key, listener);
  element.append(...children.flat().filter((child) => child != null && child !== ""));
  return element;
}

/** An address on this server, as path and query; "" for every other one, such as javascript: or another host. */
export function ours(address) {
  try {
    const found = new URL(String(address), location.origin);
    return found.origin === location.origin && found.protocol.startsWith("http") ? found.pathname + found.search : "";
  } catch {
    return "";
  }
}

export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  for (const line of ICONS[name] ?? ICONS.calm) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", line);
    drawing.append(path);
  }
  return drawing;
}

export const at = (id) => document.getElementById(id);

/** Our own sentences: `code` between backticks is set apart. */
export function prose(text) {
  return String(text)
    .split(/`([^`\n]+)`/)
    .map((part, place) => (place % 2 ? make("code", {}, part) : part));
}

/** Somebody's words, with the parts of `marks` ([from, to) in UTF-16 units, sorted) marked. */
export function marked(text, marks = []) {
  const parts = [];
  let behind = 0;
  for (const [from, to] of marks) {
    if (!(from >= behind && to > from && to <= text.length)) continue;
    parts.push(text.slice(behind, from), make("mark", {}, text.slice(from, to)));
    behind = to;
  }
  return [...parts, text.slice(behind)];
}

/** The first letter of a name, for a face without a picture. */
export function initial(name) {
  const letters = new Intl.Segmenter().segment(name.trim());
  return letters[Symbol.iterator]().next().value?.segment ?? "?";
}
