/** Who we are, and which places that person sees. */

import { at, icon, make } from "./dom.js";
import { face } from "./message.js";
import { me, town } from "./town.js";
import { say } from "./words.js";

/** All personas, the own one chosen; `be(id)` is called for another. */
export function showPersonas(be) {
  const box = at("personas");
  const held = box.contains(document.activeElement);
  const legend = box.querySelector("legend");
  box.replaceChildren(legend, ...town.personas.map((one) => persona(one, be)));
  if (held) box.querySelector("input:checked")?.focus();
  const mine = me();
  at("as").replaceChildren(face(mine, true), make("span", {}, say("you_are", { name: mine.name })));
}

function persona(one, be) {
  const sees = say(`sees_${one.id}`);
  const own = one.id === town.persona;
  return make(
    "label",
    { class: "persona" },
    make("input", {
      type: "radio", name: "persona", value: one.id, checked: own,
      "aria-describedby": sees ? `sees-${one.id}` : null,
      on: { change: () => be(one.id) },
    }),
    face(one),
    make("span", {}, make("b", {}, one.name), one.said ? make("small", {}, one.said) : null),
    sees ? make("span", { class: "sees", id: `sees-${one.id}` }, sees) : null,
  );
}

/** The places with what is unread; `go(id)` opens one. */
export function showPlaces(go) {
  const box = at("channels");
  const held = box.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  box.replaceChildren(...[...town.places.values()].map((place) => make("li", {}, channel(place, go))));
  if (held) box.querySelector(`[data-id="${CSS.escape(held)}"]`)?.focus();
  showUnread();
}

/** Only the marks change: what a new message asks for. */
export function showUnread() {
  let all = 0;
  for (const place of town.places.values()) {
    all += place.unread;
    const button = at("channels").querySelector(`[data-id="${CSS.escape(place.channel.id)}"]`);
    if (!button) continue;
    button.classList.toggle("unread", place.unread > 0);
    button.querySelector(".mark").replaceChildren(
      ...(place.unread ? [make("span", { class: "dot" }), make("span", { class: "unseen" }, say("unread", { n: place.unread }))] : []),
    );
  }
  at("any-unread").hidden = all === 0;
  document.title = all ? `(${all}) kasuhara` : "kasuhara";
}

function channel({ channel: one }, go) {
  const open = one.id === town.open;
  return make(
    "button",
    {
      class: "channel", type: "button", "aria-current": open ? "page" : null, data: { id: one.id },
      on: { click: () => go(one.id) },
    },
    icon(one.kind),
    make("span", { class: "name" }, one.name),
    make("span", { class: "mark" }),
  );
}
