/** A card: its tone as a word and a colour, what happened, right under it what to press, then all the rest. */

import { icon, make, marked, ours, prose } from "./dom.js";
import { say } from "./words.js";

const TONES = ["calm", "notice", "warning", "danger", "good"];
let number = 0;

/** `press(action, subject)` for its buttons; without it none are shown. `level`: of its heading. */
export function card(shown, press = null, level = 3) {
  const tone = TONES.includes(shown.tone) ? shown.tone : "calm";
  const id = `card-${(number += 1)}`;
  const title = make(`h${level}`, { id, dir: "auto" }, prose(shown.title));
  const head = make("header", {}, make("span", { class: "tone" }, icon(tone), say(`tone_${tone}`)), title);
  const [first, ...rest] = shown.sections.map((section) => part(section, level + 1));
  const presses = press && shown.buttons.length ? buttons(shown.buttons, press, id) : null;
  const pressing = shown.buttons.some((button) => button.style === "primary");
  return make(
    "article",
    { class: "card", data: { tone }, "aria-labelledby": id },
    head,
    first,
    pressing ? presses : null,
    shown.moved ? make("p", { class: "moved" }, say("moved")) : null,
    ours(shown.chart ?? "").startsWith("/chart/") ? chart(shown) : null,
    ...rest,
    pressing ? null : presses,
    shown.footer ? make("p", { class: "foot", dir: "auto" }, prose(shown.footer)) : null,
  );
}

/** What a card says in one line, for those who hear the page. */
export const told = (shown) => `${say(`tone_${shown.tone}`)}: ${shown.title}`;

function part(section, level) {
  return make(
    "section",
    { class: "part" },
    section.heading ? make(`h${level}`, { dir: "auto" }, prose(section.heading)) : null,
    section.lines.map((line) => make("p", { dir: "auto" }, prose(line))),
    section.fields.length ? make("dl", { class: "fields" }, section.fields.map(entry)) : null,
    section.quotes.map(quote),
  );
}

const entry = (field) =>
  make("div", {}, make("dt", {}, field.label), make("dd", { dir: "auto" }, prose(field.value)));

function quote(words) {
  const text = words.gone
    ? make("p", { class: "gone" }, say("forgotten"))
    : folded(make("blockquote", { dir: "auto" }, marked(words.text, words.marks)), words.text);
  return make("figure", { class: "quote" }, words.source ? make("figcaption", { dir: "auto" }, words.source) : null, text);
}

function buttons(shown, press, described) {
  return make(
    "div",
    { class: "presses" },
    shown.map((button) => {
      const look = { primary: "primary", danger: "warns" }[button.style] ?? "button";
      return make(
        "button",
        {
          class: look,
          type: "button",
          "aria-describedby": described,
          data: { action: button.action, subject: button.subject },
          on: { click: (event) => pressed(event.currentTarget, () => press(button.action, button.subject)) },
        },
        button.label,
      );
    }),
  );
}

/** One press at a time: the button rests until the card has changed, or for a moment. */
function pressed(button, act) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  setTimeout(() => button.removeAttribute("aria-disabled"), 900);
  act();
}

function chart(shown) {
  const [width, height] = shown.size ?? [];
  const picture = make("img", { src: shown.chart, alt: shown.alt || say("chart"), width, height });
  const large = make("a", { href: shown.chart, target: "_blank", title: say("chart_large") }, picture);
  const figure = make("figure", { class: "chart" }, large);
  picture.addEventListener("error", () => figure.remove());
  return figure;
}

const LONG = 1200;
const LINES = 14;

/** Very long words fold; a button shows all of them. */
export function folded(element, text) {
  if (text.length < LONG && text.split("\n", LINES + 1).length <= LINES) return element;
  element.classList.add("long");
  const more = make(
    "button",
    { class: "button small more", type: "button", "aria-expanded": "false", on: { click: turn } },
    say("show_all", { n: text.length }),
  );
  function turn() {
    const open = !element.classList.toggle("long");
    more.setAttribute("aria-expanded", String(open));
    more.textContent = open ? say("show_less") : say("show_all", { n: text.length });
  }
  return make("div", { class: "part-long" }, element, more);
}
