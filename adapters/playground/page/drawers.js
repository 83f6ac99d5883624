/** The two sides on narrow windows: they slide in, take the focus, and Escape or a tap beside them closes them. */

import { at } from "./dom.js";

const SIDES = {
  left: { query: matchMedia("(max-width: 759px)"), opener: "open-left" },
  right: { query: matchMedia("(max-width: 1139px)"), opener: "open-right" },
};
let open = null;

function settle() {
  for (const [side, { query, opener }] of Object.entries(SIDES)) {
    if (!query.matches && open === side) open = null;
    at(side).classList.toggle("open", open === side);
    at(side).inert = query.matches && open !== side;
    at(opener).setAttribute("aria-expanded", String(open === side));
  }
  at("shade").hidden = open === null;
  at("room").inert = open !== null;
}

/** Whether one was open. */
export function close() {
  if (open === null) return false;
  const { opener } = SIDES[open];
  open = null;
  settle();
  at(opener).focus();
  return true;
}

/** Whether this side lies over the page, so that it hides what it talks about. */
export function covers(side) {
  return SIDES[side].query.matches;
}

export function begin() {
  for (const [side, { query, opener }] of Object.entries(SIDES)) {
    query.addEventListener("change", settle);
    at(opener).addEventListener("click", () => {
      if (open === side) {
        close();
        return;
      }
      open = side;
      settle();
      at(side).querySelector("input:checked, button:not(:disabled), input")?.focus();
    });
  }
  at("shade").addEventListener("click", close);
  addEventListener("keydown", (event) => event.key === "Escape" && close());
  settle();
}
