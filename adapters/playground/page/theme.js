/** Light or dark: as the machine has it, until somebody chooses. */

import { at } from "./dom.js";
import { keep, kept } from "./kept.js";
import { say } from "./words.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

export function show() {
  const chosen = root.dataset.theme;
  root.toggleAttribute("data-dark", chosen ? chosen === "dark" : dark.matches);
  const button = at("theme");
  button.setAttribute("aria-label", say(root.hasAttribute("data-dark") ? "to_light" : "to_dark"));
  button.title = button.getAttribute("aria-label");
}

export function begin() {
  const before = kept("theme");
  if (before === "light" || before === "dark") root.dataset.theme = before;
  dark.addEventListener("change", show);
  at("theme").addEventListener("click", () => {
    root.dataset.theme = root.hasAttribute("data-dark") ? "light" : "dark";
    keep("theme", root.dataset.theme);
    show();
  });
  show();
}
