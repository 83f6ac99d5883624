/** Where one writes: Enter sends, "/" offers the words of /kasuhara, and what could not be sent is kept. */

import { at, make } from "./dom.js";
import { me, town } from "./town.js";
import { say } from "./words.js";

const COMMAND = "/kasuhara";
/** Characters that the server takes at once. */
const MOST = 4000;
const box = at("write");
const list = at("suggest");
let found = [];
let chosen = 0;
let drafts = new Map();
let place = "";
let announce = () => {};
let tell = () => {};

/** `send(text)` says whether it went out; `hear(text)` speaks to those who hear the page; `trouble(text)` shows a sentence. */
export function begin(send, hear, trouble) {
  announce = hear;
  tell = trouble;
  at("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit(send);
  });
  box.addEventListener("input", () => {
    grow();
    offer();
  });
  box.addEventListener("keydown", (event) => keyed(event, send));
  box.addEventListener("blur", () => setTimeout(hide, 120));
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(Number(option.dataset.place));
  });
}

/** Another place is open: its own draft stands there, in a new room what was begun before there was one. */
export function open(id, name) {
  if (place) drafts.set(place, box.value);
  if (place || !box.value) box.value = drafts.get(id) ?? "";
  place = id;
  box.placeholder = me()?.inside ? say("write_to", { name }) : say("write_to_us", { name });
  hide();
  grow();
}

/** What was begun and not sent, of this persona, as text for `restore`. */
export function unsent() {
  if (place) drafts.set(place, box.value);
  return JSON.stringify([...drafts].filter(([, text]) => text.trim()));
}

/** What stood in the boxes before a reload, before any place is open. */
export function restore(text) {
  try {
    drafts = new Map(JSON.parse(text || "[]"));
  } catch {
    drafts = new Map();
  }
}

/** We are about to be somebody else: drafts that were theirs go; what is typed from now on is the new one's. */
export function forget() {
  drafts = new Map();
  place = "";
  box.value = "";
}

function submit(send) {
  const text = box.value;
  if (!text.trim()) return;
  if (text.length > MOST) {
    tell(say("too_long", { n: text.length, most: MOST }));
    return;
  }
  if (!send(text)) return;
  box.value = "";
  hide();
  grow();
}

function keyed(event, send) {
  if (event.isComposing || event.keyCode === 229) return;
  if (!list.hidden && steered(event)) {
    event.preventDefault();
    return;
  }
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit(send);
  }
}

/** What a key does while words are offered; false: nothing, it goes its usual way. */
function steered(event) {
  const whole = found[chosen] && typed() === folded(found[chosen].word);
  switch (event.key) {
    case "ArrowDown":
    case "ArrowUp":
      choose((chosen + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
      return true;
    case "Home":
    case "End":
      choose(event.key === "Home" ? 0 : found.length - 1);
      return true;
    case "Tab":
      if (event.shiftKey) return false;
      take(chosen);
      return true;
    case "Enter":
      if (event.shiftKey || whole) return false;
      take(chosen);
      return true;
    case "Escape":
      event.stopPropagation();
      hide();
      return true;
    default:
      return false;
  }
}

const folded = (text) => text.normalize("NFKC").toLowerCase();

/** What stands behind /kasuhara so far, as long as it is the first word; null: words are not asked for. */
function typed() {
  const text = folded(box.value);
  if (box.value.includes("\n") || !text.startsWith("/")) return null;
  const [head, ...rest] = text.split(" ");
  if (rest.length === 0) return COMMAND.startsWith(head) ? "" : null;
  return head === COMMAND && rest.length === 1 ? rest[0] : null;
}

function offer() {
  const begun = typed();
  found = begun === null || !me()?.inside ? [] : town.commands.filter((one) => one.names.some((name) => folded(name).startsWith(begun)));
  if (!found.length) {
    hide();
    return;
  }
  list.replaceChildren(...found.map(option));
  list.hidden = false;
  choose(0);
  announce(say("offers", { n: found.length }));
}

function option(one, number) {
  return make(
    "div",
    { role: "option", id: `suggest-${number}`, "aria-selected": "false", data: { place: number } },
    make("b", {}, one.word),
    make("span", {}, one.about),
  );
}

function choose(number) {
  chosen = number;
  for (const [place, one] of [...list.children].entries()) one.setAttribute("aria-selected", String(place === number));
  list.children[number].scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", `suggest-${number}`);
}

function take(number) {
  box.value = `${COMMAND} ${found[number].word} `;
  hide();
  grow();
  box.focus();
}

function hide() {
  list.hidden = true;
  box.removeAttribute("aria-activedescendant");
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(200, box.scrollHeight)}px`;
}
