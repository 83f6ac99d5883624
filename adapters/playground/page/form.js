/** Forms and private answers, as dialogs: what was typed stays until it was taken, and a mistake is told where it is. */

import { card } from "./card.js";
import { icon, make, prose } from "./dom.js";
import { controls, values } from "./fields.js";
import { say } from "./words.js";

let dialog = null;
let form = null;
let warned = false;

/** Open a form, of the server or one that looks like it and has `left()` for when it is closed; `send(id, values)` hands it in, `press(action, subject)` is for buttons of its card. */
export function ask(given, send, press) {
  form = given;
  warned = false;
  const fault = make("p", { class: "fault", id: "fault-", role: "alert", hidden: true });
  const box = open(
    given.title,
    [
      ...(given.intro ?? []).map((line) => make("p", { class: "hint" }, prose(line))),
      given.card ? card(given.card, press) : null,
      ...given.fields.map(controls),
      fault,
    ],
    [button(say("cancel"), close), make("button", { class: "primary", type: "submit" }, given.submit)],
  );
  box.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (complete(box) && !send(given.id, values(box, given.fields))) wrong({ id: given.id, errors: { "": say("lost") } });
  });
  box.querySelector(".fill :is(textarea, input, select)")?.focus();
}

/** What the server refused; the form stays with all that was typed. */
export function wrong({ id, errors }) {
  if (form?.id !== id || !dialog) return;
  clear(dialog);
  for (const [key, text] of Object.entries(errors)) blame(key, text);
  (dialog.querySelector("[aria-invalid]") ?? dialog.querySelector("button[type=submit]")).focus();
}

/** The form was taken: it becomes the card. */
export function done({ id, card: shown }, press) {
  if (form && form.id !== id) return;
  answer(shown, press);
}

/** A private answer that has no place in the conversation. */
export function answer(shown, press) {
  sheet(say("answer"), [make("p", { class: "only-you" }, icon("lock"), say("only_you")), card(shown, press)]);
}

/** Something to read; nothing to fill in. */
export function sheet(title, content) {
  form = null;
  const box = open(title, content, [button(say("close"), close, "primary")]);
  box.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  box.querySelector("footer button").focus();
}

export function close() {
  dialog?.close();
}

function open(title, content, presses) {
  dialog?.remove();
  const before = dialog?.isConnected ? null : document.activeElement;
  const shut = button("", close, "plain icon");
  shut.setAttribute("aria-label", say("close"));
  shut.append(icon("close"));
  dialog = make(
    "dialog",
    { "aria-labelledby": "form-title" },
    make(
      "form",
      { novalidate: true, autocomplete: "off" },
      make("header", {}, make("h2", { id: "form-title" }, title), shut),
      make("div", { class: "fill", tabindex: "0", role: "group", "aria-labelledby": "form-title" }, content),
      make("footer", {}, presses),
    ),
  );
  const own = dialog;
  own.addEventListener("cancel", hold);
  own.addEventListener("close", () => {
    own.remove();
    if (dialog === own) form?.left?.();
    if (dialog === own) [dialog, form] = [null, null];
    before?.focus();
  });
  document.body.append(own);
  own.showModal();
  return own;
}

/** Escape once warns if something was typed, twice closes. */
function hold(event) {
  if (!form || warned || !typed()) return;
  event.preventDefault();
  warned = true;
  blame("", say("escape_again"));
}

const typed = () =>
  form.fields.some((field) => {
    const now = values(dialog, [field])[field.key];
    return String(now) !== (field.value ?? "");
  });

function complete(box) {
  clear(box);
  const lacking = form.fields.filter((field) => field.required && !values(box, [field])[field.key].trim());
  for (const field of lacking) blame(field.key, say("required"));
  box.querySelector("[aria-invalid]")?.focus();
  return lacking.length === 0;
}

function clear(box) {
  for (const one of box.querySelectorAll(".fault")) one.hidden = true;
  for (const one of box.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
}

function blame(key, text) {
  const place = dialog.querySelector(`#fault-${CSS.escape(key)}`) ?? dialog.querySelector("#fault-");
  place.textContent = text;
  place.hidden = false;
  dialog.querySelector(`[data-key="${CSS.escape(key)}"]`)?.setAttribute("aria-invalid", "true");
  if (place.id === "fault-") place.scrollIntoView({ block: "nearest" });
}

function button(label, act, look = "button") {
  return make("button", { class: look, type: "button", on: { click: act } }, label);
}
