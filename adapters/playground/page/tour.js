/** The guided tour: the scenarios, then step by step what the bot did and why. */

import { at, icon, make } from "./dom.js";
import { say } from "./words.js";

const done = new Set();
let scenarios = [];
let step = null;
/** The scenario that runs on another page, if any. */
let elsewhere = null;
let acts = {};

/** `given`: start(id), next(), end(), join(). */
export function begin(given) {
  acts = given;
}

export function build(list) {
  scenarios = list;
  draw();
}

/** A step, or the end of the tour; whether there is something new to look at, and not the same step told again. */
export function show(given) {
  const before = step;
  step = given.scenario ? given : null;
  elsewhere = given.elsewhere ?? null;
  if (step?.done) done.add(step.scenario);
  draw();
  return step !== null && (before?.scenario !== step.scenario || before.step !== step.step || Boolean(before.guessed));
}

/** The room says which scenario runs in it; the words of its step come after, and until then stand those we know. */
export function room(scenario) {
  if (!scenario && step) show({ scenario: null });
  if (!scenario || step?.scenario === scenario) return;
  const known = scenarios.find((one) => one.id === scenario);
  if (known) show({ scenario, step: 0, of: known.steps, said: known.about, title: known.title, done: false, guessed: true });
}

function draw() {
  const held = [at("tour"), at("bar")].some((side) => side.contains(document.activeElement));
  const go = document.activeElement?.dataset.go;
  at("tour").replaceChildren(make("div", { class: "box" }, step ? walk() : choice()));
  document.body.classList.toggle("touring", step !== null);
  at("bar").hidden = step === null && elsewhere === null;
  at("bar").replaceChildren(...(step ? bar() : elsewhere ? other() : []));
  if (held) focus(go);
}

/** Go on from where one was: the same button, else the big one; on narrow windows in the bar. */
export function focus(go = "next") {
  const side = getComputedStyle(at("bar")).display === "none" ? at("tour") : at("bar");
  const found = side.querySelector(`[data-go="${CSS.escape(go)}"]`) ?? side.querySelector(".primary, button");
  (found?.closest("[inert]") ? at("open-right") : found)?.focus({ preventScroll: true });
}

/** That a tour runs on another page: nobody is taken along who did not ask for it. */
const other = () => [
  make("p", { class: "step" }, say("tour_elsewhere", { title: elsewhere.title })),
  make("div", { class: "going" }, press("join", "button", say("tour_join"), acts.join)),
];

function choice() {
  return [
    make("h2", {}, say("tour")),
    elsewhere ? make("div", { class: "elsewhere" }, other()) : null,
    make("p", { class: "hint" }, say("tour_about")),
    make("ol", { class: "scenarios" }, scenarios.map((one, place) => make("li", {}, entry(one, place)))),
  ];
}

function entry(one, place) {
  const past = done.has(one.id);
  return make(
    "button",
    { class: `scenario${past ? " done" : ""}`, type: "button", data: { go: one.id }, on: { click: () => acts.start(one.id) } },
    make("span", { class: "number", "aria-hidden": "true" }, past ? icon("done") : String(place + 1)),
    make("span", {}, make("b", {}, one.title), past ? make("span", { class: "unseen" }, say("seen")) : null),
  );
}

function walk() {
  const title = step.title || scenarios.find((one) => one.id === step.scenario)?.title;
  return [
    make("h2", {}, title),
    make("div", { class: "steps", "aria-hidden": "true" }, dots()),
    make("p", { class: "count" }, counted()),
    make("p", { class: "step", dir: "auto" }, step.said),
    make("div", { class: "going" }, on(), leave()),
  ];
}

function bar() {
  return [
    make("div", {}, make("p", { class: "count" }, counted()), make("p", { class: "step" }, step.said)),
    make("div", { class: "going" }, on(), leave()),
  ];
}

const counted = () => (step.step ? say("step", { n: step.step, of: step.of }) : say("opening"));

const dots = () => Array.from({ length: step.of }, (_, place) => make("i", { class: place < step.step ? "past" : null }));

function on() {
  if (!step.done) return press("next", "primary", say(step.step ? "next" : "begin"), acts.next);
  const place = scenarios.findIndex((one) => one.id === step.scenario);
  const after = scenarios[place + 1];
  return after ? press("after", "primary", say("after", { title: after.title }), () => acts.start(after.id)) : null;
}

const leave = () => press("end", step.done ? "button" : "plain", say(step.done ? "tour_done" : "tour_end"), acts.end);

function press(go, look, label, act) {
  return make("button", { class: look, type: "button", data: { go }, on: { click: (event) => rested(event.currentTarget) || act() } }, label);
}

/** Two quick presses are one: the next step comes as an answer and makes new buttons. */
function rested(button) {
  if (button.getAttribute("aria-disabled") === "true") return true;
  button.setAttribute("aria-disabled", "true");
  setTimeout(() => button.removeAttribute("aria-disabled"), 1500);
  return false;
}
