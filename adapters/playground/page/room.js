/** The conversation: only a window of its messages stands on the page, however many there are. */

import { at, make } from "./dom.js";
import { aloud, item } from "./message.js";
import { here } from "./town.js";
import { say } from "./words.js";

const SHOWN = 200;
const MOST = 400;
const STEP = 100;
const NEAR = 600;

const scroll = at("scroll");
const list = at("messages");
let acts = {};
/** The messages [from, to) of the place stand on the page. */
let from = 0;
let to = 0;
/** How long the list was when the page was last made to fit it, and whether the next time is set. */
let seen = 0;
let due = 0;
let missed = 0;
/** Whether the newest message is what is looked at; where we scrolled to ourselves does not change that. */
let stuck = true;
let held = -1;
let loud = [];
/** The message that was reached by key or pointer. */
let reached = null;
let timer = 0;

/** `given`: press, report, older(place) and empty() → what to show where nothing was said yet. */
export function begin(given) {
  acts = given;
  scroll.addEventListener("scroll", moved, { passive: true });
  scroll.addEventListener("keydown", walk);
  list.addEventListener("load", () => stuck && rest(), true);
  list.addEventListener("focusin", (event) => reach(event.target.closest(".message")));
  at("jump").addEventListener("click", () => {
    toEnd();
    at("write").focus();
  });
}

/** Show the newest messages of the place that is open. */
export function show() {
  const place = here();
  draw();
  at("empty").hidden = to > 0;
  if (to === 0) at("empty").replaceChildren(...acts.empty());
  toEnd();
  if (to === 0 && !place.whole) acts.older(place);
}

/** Cards whose buttons Tab reaches without walking to them. */
const NEAREST = 2;

/** Tab goes to the cards that wait for somebody and to the newest; all others are reached by the arrow keys. */
function tabs() {
  const all = [...list.querySelectorAll(".presses")];
  for (const [place, one] of all.entries()) {
    const near = place >= all.length - NEAREST || one.querySelector(".primary") || one.closest(".message") === reached;
    for (const button of one.children) button.tabIndex = near ? 0 : -1;
  }
}

/** A message of the open place was taken in as `how`. */
export function take(message, how) {
  if (how === "before") return;
  at("empty").hidden = true;
  if (how === "changed") change(message);
  else if (how === "between") redraw();
  else append(message);
}

/** Older messages stand in front now. */
export function prepended(count) {
  from += count;
  to += count;
  seen += count;
  const top = list.firstElementChild;
  if (top) top.replaceWith(node(from));
  at("empty").hidden = here().list.length > 0;
  if (!to && here().list.length) show();
  else if (count) up();
}

export function redraw() {
  if (stuck) {
    draw();
    toEnd();
    return;
  }
  const top = scroll.scrollTop;
  seen = here().list.length;
  to = Math.min(seen, Math.max(to, from + SHOWN));
  list.replaceChildren(...nodes(from, to));
  scroll.scrollTop = top;
  tabs();
}

/** The newest ones, from nothing. */
function draw() {
  to = here().list.length;
  seen = to;
  from = Math.max(0, to - SHOWN);
  list.replaceChildren(...nodes(from, to));
  tabs();
}

/** Say new messages to those who hear the page; many at once as their number. */
export function announce(text) {
  loud.push(text);
  clearTimeout(timer);
  timer = setTimeout(() => {
    const lines = loud.length > 4 ? [say("many", { n: loud.length }), loud[loud.length - 1]] : loud;
    at("said").replaceChildren(...lines.map((line) => make("p", {}, line)));
    loud = [];
  }, 400);
}

/** New ones wait for the next picture: however many come at once, the page is laid out once. */
function append(message) {
  announce(aloud(message));
  if (due) return;
  due = document.hidden ? setTimeout(settle, 100) : requestAnimationFrame(settle);
}

function settle() {
  due = 0;
  const last = here().list.length;
  const waiting = last - seen;
  const atTail = to >= seen; // scrolling may have shown some of them already
  seen = last;
  if (waiting <= 0) return;
  if (stuck && waiting > SHOWN) {
    toEnd();
    return;
  }
  if (atTail) {
    const until = stuck ? last : Math.min(last, Math.max(to, from + MOST));
    const added = nodes(to, until);
    if (added.length < 4) for (const one of added) one.classList.add("fresh");
    list.append(...added);
    to = until;
    tabs();
  }
  if (!stuck) {
    count(missed + waiting);
    return;
  }
  if (to - from > SHOWN + STEP / 2) cutTop(to - from - SHOWN);
  rest();
}

function change(message) {
  const place = here();
  const old = list.querySelector(`:scope > [data-id="${CSS.escape(message.id)}"]`);
  if (!old) return;
  const stay = stuck;
  const focused = old.contains(document.activeElement) ? { ...document.activeElement.dataset } : null;
  const fresh = item(message, before(place, message, old), acts);
  old.replaceWith(fresh);
  (fresh.querySelector(".card") ?? fresh.querySelector(".message")).classList.add("changed");
  tabs();
  if (focused) refocus(fresh, focused);
  if (stay) toEnd();
  announce(`${say("changed")}: ${aloud(message)}`);
}

const before = (place, message, old) => place.known.get(old.previousElementSibling?.dataset.id) ?? place.list[place.list.indexOf(message) - 1];

function refocus(fresh, focused) {
  const same = [...fresh.querySelectorAll("button")].find((b) => b.dataset.action === focused.action && b.dataset.subject === focused.subject);
  (focused.action && same ? same : fresh.querySelector(".message")).focus({ preventScroll: true });
}

const node = (place) => item(here().list[place], here().list[place - 1], acts);

function nodes(first, last) {
  const made = [];
  for (let place = first; place < last; place += 1) made.push(node(place));
  return made;
}

function moved() {
  if (scroll.scrollTop !== held) stuck = atEnd();
  held = -1;
  if (scroll.scrollTop < NEAR) up();
  if (scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR) down();
  if (stuck && missed && to === here().list.length) count(0);
}

/** Older ones come into the window as it nears the top; those far below leave it. */
function up() {
  const place = here();
  if (from === 0) {
    if (!place.whole && place.list.length) acts.older(place);
    return;
  }
  const height = scroll.scrollHeight;
  const top = scroll.scrollTop;
  const first = Math.max(0, from - STEP);
  list.prepend(...nodes(first, from));
  from = first;
  tabs();
  scroll.scrollTop = top + scroll.scrollHeight - height;
  while (to - from > MOST) {
    list.lastElementChild.remove();
    to -= 1;
  }
}

function down() {
  const last = Math.min(here().list.length, to + STEP);
  if (last === to) return;
  list.append(...nodes(to, last));
  to = last;
  tabs();
  if (to - from > MOST) cutTop(to - from - MOST);
}

function cutTop(many) {
  const height = scroll.scrollHeight;
  for (let gone = 0; gone < many; gone += 1) list.firstElementChild.remove();
  from += many;
  if (!stuck) scroll.scrollTop -= height - scroll.scrollHeight;
}

const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;

function toEnd() {
  if (to !== here().list.length) draw();
  rest();
  count(0);
}

/** Down to the newest message; of one that is taller than the window to its first words. */
function rest() {
  const last = list.lastElementChild;
  const bottom = scroll.scrollHeight - scroll.clientHeight;
  const top = last && last.offsetHeight > scroll.clientHeight - 32 ? last.offsetTop - scroll.offsetTop - 8 : bottom;
  scroll.scrollTop = Math.min(top, bottom);
  held = scroll.scrollTop;
  stuck = true;
}

function count(now = missed + 1) {
  missed = now;
  at("jump").hidden = missed === 0;
  at("jump").textContent = say("new_below", { n: missed });
}

/** Up and down go from message to message; Tab then reaches what can be done with the one that is reached. */
function walk(event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || event.target.closest("button, input, textarea")) return;
  const all = [...list.querySelectorAll(".message")];
  const now = all.indexOf(document.activeElement);
  const next = all[now < 0 ? all.length - 1 : now + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function reach(message) {
  if (!message || message === reached) return;
  for (const [one, index] of [[reached, "-1"], [message, "0"]]) {
    for (const button of one?.querySelectorAll(".deeds button") ?? []) button.tabIndex = index;
  }
  reached = message;
  tabs();
}
