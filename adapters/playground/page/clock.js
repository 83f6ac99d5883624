/** The town's clock, and the jumps that let pings go on and points decay before one's eyes. */

import { at, make } from "./dom.js";
import { say } from "./words.js";

const JUMPS = ["minute", "ten", "day", "monday"];
let shown = null;
let since = 0;

/** Build it anew in the language of now; `jump(to)` asks the server. */
export function build(jump) {
  at("clock").replaceChildren(
    make(
      "div",
      { class: "box" },
      make("div", { class: "time" }, make("h2", { id: "clock-name" }, say("clock")), make("span", { id: "date" }), make("b", { id: "hour" })),
      make(
        "div",
        { class: "jumps", role: "group", "aria-labelledby": "clock-name" },
        JUMPS.map((to) =>
          make("button", { class: "button small", type: "button", data: { to }, on: { click: () => resting() || jump(to) } }, say(`to_${to}`)),
        ),
      ),
      make("p", { class: "hint" }, say("clock_hint")),
    ),
  );
  if (shown) show(shown);
}

/** `shown` is "11/23(月) 10:03", `iso` the same to the second; while a jump runs the buttons rest but keep the focus. */
export function show(clock) {
  if (clock !== shown) since = performance.now() - past(clock.iso);
  shown = clock;
  const [date, hour] = split(clock.shown);
  at("hour").textContent = on(hour);
  at("date").textContent = clock.moving ? say("moving") : date;
  for (const button of at("clock").querySelectorAll("button")) button.setAttribute("aria-disabled", String(Boolean(clock.moving)));
}

/** How many milliseconds of its minute are over. */
const past = (iso) => Date.parse(iso) % 60_000 || 0;

/** The hour goes on by itself until the next word of the server; at midnight it waits for that. */
function on(hour) {
  const [hours, minutes] = hour.split(":").map(Number);
  const now = hours * 60 + minutes + Math.floor((performance.now() - since) / 60_000);
  if (!(now < 24 * 60)) return hour;
  return [Math.floor(now / 60), now % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

setInterval(() => shown && !shown.moving && show(shown), 1000);

const resting = () => Boolean(shown?.moving);

function split(text) {
  const cut = text.lastIndexOf(" ");
  return cut < 0 ? ["", text] : [text.slice(0, cut), text.slice(cut + 1)];
}
