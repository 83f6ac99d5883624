/** One message of a conversation: who, when, what was said or the card, and what can be done with it. */

import { card, folded, told } from "./card.js";
import { icon, initial, make } from "./dom.js";
import { town } from "./town.js";
import { say } from "./words.js";

const TOGETHER = 5 * 60 * 1000;

/** `acts`: press(message, action, subject) and report(message). `before`: the message above it, if any. */
export function item(message, before, acts) {
  const opens = !before || before.day !== message.day;
  const line = make(
    "li",
    { data: { id: message.id } },
    opens ? make("p", { class: "day" }, message.day) : null,
    make(
      "div",
      { class: classes(message, !opens && goesOn(message, before)), tabindex: "-1" },
      face(message.by),
      by(message),
      make("div", { class: "body" }, body(message, acts)),
      deeds(message, acts),
    ),
  );
  return line;
}

/** One line for those who hear the page. */
export function aloud(message) {
  const words = message.card ? told(message.card) : (message.text ?? "");
  const cut = words.length > 240 ? `${words.slice(0, 240)}…` : words;
  return `${message.private ? `${say("only_you")}: ` : ""}${message.by.name}: ${cut}`;
}

const classes = (message, again) => `message${again ? " again" : ""}${message.private ? " private" : ""}`;

function goesOn(message, before) {
  const near = new Date(message.at) - new Date(before.at) < TOGETHER;
  return near && before.by.id === message.by.id && !message.card && !before.card && !message.private && !before.private;
}

export function face(who, little = false) {
  const hue = who.kind === "bot" ? "bot" : town.personas.findIndex((one) => one.id === who.id);
  return make("span", { class: `face${little ? " little" : ""}`, "aria-hidden": "true", data: { hue } }, initial(who.name));
}

function by(message) {
  return make(
    "p",
    { class: "by" },
    make("b", { dir: "auto" }, message.by.name),
    message.by.kind === "bot" ? make("span", { class: "role" }, say("bot")) : null,
    make("time", { datetime: message.at }, message.shown),
    message.private ? make("span", { class: "only-you" }, icon("lock"), say("only_you")) : null,
    message.again ? make("span", { class: "role" }, say("sent_again")) : null,
  );
}

function body(message, acts) {
  if (message.gone) return make("p", { class: "gone" }, say("removed"));
  const press = (action, subject) => acts.press(message.id, action, subject);
  return [
    message.card?.mention ? make("p", { class: "calls", dir: "auto" }, `@${message.card.mention}`) : null,
    message.text ? folded(make("p", { class: "said", dir: "auto" }, message.text), message.text) : null,
    message.card ? card(message.card, press) : null,
    message.edited && !message.card ? make("span", { class: "edited" }, say("edited")) : null,
  ];
}

function deeds(message, acts) {
  if (!message.can_report) return null;
  const label = say("report_of", { name: message.by.name, time: message.shown });
  return make(
    "div",
    { class: "deeds" },
    make(
      "button",
      { class: "plain", type: "button", tabindex: "-1", "aria-label": label, on: { click: () => acts.report(message.id) } },
      icon("flag"),
      say("report"),
    ),
  );
}
