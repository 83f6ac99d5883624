/** Every word on the page comes from the server; only what stands there before it answers is kept here. */

let known = {};

export function learn(words) {
  known = words;
}

/** The sentence `key` with its fields filled in; "" while nothing was learned yet. */
export function say(key, fields = {}) {
  return (known[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => String(fields[name] ?? whole));
}

/** What stands there until the server answers. */
export function connecting() {
  return say("connecting") || (navigator.language.startsWith("ja") ? "つないでいます…" : "Connecting…");
}

/** Fill everything of the page that carries the key of a word. */
export function fill(root = document) {
  for (const element of root.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
    if (element.matches("button")) element.title = say(element.dataset.label);
  }
}
