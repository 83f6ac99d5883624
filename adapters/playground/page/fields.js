/** The fields of a form: a line, a long text, a choice, a list to search, a number, a time. */

import { make } from "./dom.js";
import { say } from "./words.js";

const FEW = 6;
const MANY = 8;

/** A field with its label, hint and the place where a mistake is told. */
export function controls(field) {
  if (field.kind === "many") return several(field);
  const few = field.kind === "choice" && field.options.length <= FEW;
  return few ? pills(field) : plain(field);
}

/** What was filled in, by key. */
export function values(box, fields) {
  return Object.fromEntries(fields.map((field) => [field.key, value(box, field)]));
}

function value(box, field) {
  const found = box.querySelector(`[data-key="${CSS.escape(field.key)}"]`);
  if (found.matches(".many")) return [...found.querySelectorAll("input:checked")].map((one) => one.value);
  if (found.matches("select, input, textarea")) return found.value;
  return found.querySelector("input:checked")?.value ?? "";
}

function plain(field) {
  const id = `field-${field.key}`;
  const common = {
    id, "aria-describedby": described(field), "aria-required": field.required ? "true" : null, data: { key: field.key },
  };
  return make(
    "div",
    { class: "field" },
    make("label", { for: id }, field.label, optional(field)),
    field.hint ? make("p", { class: "hint", id: `hint-${field.key}` }, field.hint) : null,
    control(field, common),
    fault(field),
  );
}

function control(field, common) {
  switch (field.kind) {
    case "long":
      return make("textarea", { ...common, rows: 4, maxlength: field.max || null }, field.value);
    case "choice":
      return list(field, common);
    case "search":
      return field.options.length > MANY ? searched(field, common) : list(field, common);
    case "time":
      return make("input", { ...common, type: "datetime-local", value: field.value });
    case "number":
      return make("input", { ...common, type: "text", inputmode: "decimal", value: field.value });
    default:
      return make("input", { ...common, type: "text", value: field.value, maxlength: field.max || null });
  }
}

function list(field, common) {
  const options = field.options.map((one) => make("option", { value: one.value, selected: one.value === field.value }, one.label));
  if (!field.required || !field.value) options.unshift(make("option", { value: "", selected: !field.value }, say("none")));
  return make("select", common, options);
}

/** A list with a line above it that leaves only what fits. */
function searched(field, common) {
  const box = list(field, common);
  const all = [...box.options];
  const line = make("input", {
    type: "search",
    placeholder: say("search"),
    "aria-label": say("search_in", { name: field.label }),
    on: {
      input: () => {
        const wanted = line.value.normalize("NFKC").toLowerCase().trim();
        const fits = all.filter((one) => !one.value || one.text.normalize("NFKC").toLowerCase().includes(wanted));
        box.replaceChildren(...fits);
        const found = fits.filter((one) => one.value);
        if (wanted && found.length === 1) box.value = found[0].value;
      },
    },
  });
  return [line, box];
}

function pills(field) {
  const options = field.required ? field.options : [{ value: "", label: say("none") }, ...field.options];
  return make(
    "fieldset",
    { class: "field", "aria-describedby": described(field) },
    make("legend", {}, field.label, optional(field)),
    field.hint ? make("p", { class: "hint", id: `hint-${field.key}` }, field.hint) : null,
    make(
      "div",
      { class: "choices", data: { key: field.key }, role: "radiogroup", "aria-label": field.label, tabindex: "-1" },
      options.map((one) =>
        make(
          "label",
          {},
          make("input", { type: "radio", name: `field-${field.key}`, value: one.value, checked: one.value === (field.value ?? "") }),
          one.label,
        ),
      ),
    ),
    fault(field),
  );
}

/** Any number of them. */
function several(field) {
  return make(
    "fieldset",
    { class: "field" },
    make("legend", {}, field.label),
    make(
      "div",
      { class: "many", data: { key: field.key } },
      field.options.map((one) => make("label", {}, make("input", { type: "checkbox", value: one.value }), make("span", { dir: "auto" }, one.label))),
    ),
    fault(field),
  );
}

const described = (field) => `${field.hint ? `hint-${field.key} ` : ""}fault-${field.key}`;

const optional = (field) => (field.required ? null : make("span", { class: "optional" }, say("optional")));

const fault = (field) => make("p", { class: "fault", id: `fault-${field.key}`, hidden: true });
