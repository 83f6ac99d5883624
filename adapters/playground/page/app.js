/** The page as a whole: what the server says goes to its part, what people do goes to the server. */

import * as clock from "./clock.js";
import * as composer from "./composer.js";
import { at, icon, make } from "./dom.js";
import * as drawers from "./drawers.js";
import * as drop from "./drop.js";
import * as form from "./form.js";
import { Live } from "./live.js";
import { showPersonas, showPlaces, showUnread } from "./people.js";
import * as room from "./room.js";
import { keep, kept } from "./kept.js";
import * as theme from "./theme.js";
import * as tour from "./tour.js";
import { calling, enter, here, me, read, readBefore, readSoFar, town } from "./town.js";
import { connecting, fill, learn, say } from "./words.js";

const live = new Live(hear, connection, address);
/** Where the tour wants us once the room of its persona is there. */
let look = "";
/** Who we want to be, and whether the server knows it since the line is open: it begins with its own persona. */
let wanted = kept("persona");
let known = false;
/** Whether the server takes us for somebody whom we passed on the way to another: none of it is for our eyes. */
let passing = false;

const HEARD = {
  hello(message) {
    learn(message.words);
    Object.assign(town, { lang: message.lang, personas: message.personas, commands: message.commands, limit: message.limit ?? Infinity });
    document.documentElement.lang = message.lang;
    fill();
    theme.show();
    clock.build((to) => send("clock", { to }));
    tour.build(message.scenarios);
    for (const button of at("languages").children) button.setAttribute("aria-pressed", String(button.dataset.lang === message.lang));
  },
  room(message) {
    const other = wanted !== message.persona && town.personas.some((one) => one.id === wanted);
    if (other && !known) be(wanted);
    known = true;
    passing = other;
    if (other) return;
    const changed = town.persona && message.persona !== town.persona;
    enter(message);
    if (look && town.places.has(look)) town.open = look;
    else if (changed) town.open = calling() || town.open;
    look = "";
    wanted = town.persona;
    keep("persona", wanted);
    keep("tour", town.tour ?? "");
    begun();
    document.body.dataset.state = "there";
    showPersonas(be);
    drop.build();
    go(town.open);
    tour.room(message.tour);
  },
  message({ message }) {
    const place = passing ? null : town.places.get(message.channel);
    if (!place) return;
    const how = place.take(message);
    if (place === here()) {
      read(place, message);
      room.take(place.known.get(message.id) ?? message, how);
    } else if (how === "new" || how === "between") unread(place, message);
  },
  removed({ id }) {
    for (const place of town.places.values()) if (place.drop(id) && place === here()) room.redraw();
  },
  older({ channel, messages, more }) {
    const place = town.places.get(channel);
    if (!place) return;
    place.asking = false;
    place.whole = !more;
    const count = place.prepend(messages);
    if (place === here()) room.prepended(count);
  },
  clock: (message) => clock.show(message),
  form: (message) => form.ask(message, (id, values) => send("submit", { id, values }), pressLoose),
  form_errors: (message) => form.wrong(message),
  form_done: (message) => form.done(message, pressLoose),
  answer: (message) => form.answer(message.card, pressLoose),
  tour(message) {
    if (tour.show(message)) {
      if (drawers.close()) tour.focus();
      lookAt(message.look);
      room.announce(message.said);
    }
  },
  authors: (message) => drop.authors(message),
  progress: (message) => drop.progress(message),
  replayed: (message) => drop.replayed(message),
  trouble(message) {
    if (message.replay) drop.stop();
    toast(message.text);
  },
};

/** What the line is opened with: our language, at first the browser's own, and the tour that we were on. */
function address() {
  const own = navigator.languages.map((one) => one.slice(0, 2)).find((one) => ["ja", "en"].includes(one));
  return `?${new URLSearchParams({ lang: town.lang || own || "", tour: kept("tour") })}`;
}

/** The names are those of the language in which the town was begun: that is said, and it can be begun anew. */
function begun() {
  const other = town.begun !== town.lang;
  at("begun").hidden = !other;
  at("begun").replaceChildren();
  if (!other) return;
  const scene = town.tour;
  const again = () => (scene ? send("tour", { scenario: scene }) : send("anew"));
  const button = make("button", { class: "button small", type: "button", on: { click: again } }, say(scene ? "begin_scene" : "begin_anew"));
  at("begun").append(make("p", {}, say(scene ? "begun_tour" : "begun")), ...(scene || town.renewable ? [button] : []));
}

function hear(kind, message) {
  HEARD[kind]?.(message);
}

function connection(state) {
  const bar = at("lost");
  bar.hidden = state === "open";
  known = false;
  if (state === "open") return;
  bar.textContent = say("lost") || connecting();
  drop.stop();
  for (const place of town.places.values()) place.asking = false;
}

/** Whether it went out; if not, the person is told. */
function send(kind, fields = {}) {
  const sent = live.send(kind, fields);
  if (!sent) toast(say("not_sent"));
  return sent;
}

function be(persona) {
  if (persona !== wanted) {
    composer.forget();
    at("toasts").replaceChildren();
  }
  wanted = persona;
  if (!send("be", { persona, lang: town.lang })) showPersonas(be);
}

/** Until the new room is there nobody knows where the words would go: they wait in their box, and that is said. */
function speak(text) {
  if (wanted === town.persona) return send("say", { channel: town.open, text });
  toast(say("one_moment"));
  return false;
}

function lookAt(wish) {
  if (!wish) return;
  if (wish.persona && wish.persona !== town.persona) {
    look = wish.channel;
    be(wish.persona);
  } else if (town.places.has(wish.channel)) go(wish.channel);
}

function go(id) {
  town.open = id;
  keep("place", id);
  const place = here();
  read(place);
  const { kind, name, about } = place.channel;
  at("room-name").replaceChildren(icon(kind), name);
  at("room-about").textContent = about ?? "";
  showPlaces((other) => {
    go(other);
    drawers.close();
    if (!drawers.covers("left")) at("write").focus();
  });
  at("keys").textContent = say(me()?.inside ? "keys" : "keys_customer");
  composer.open(id, name);
  room.show();
}

function unread(place, message) {
  place.unread += 1;
  showUnread();
  if (place.unread === 1) room.announce(say("new_in", { name: place.channel.name, by: message.by.name }));
}

function pressLoose(action, subject) {
  form.close();
  send("press", { message: null, action, subject });
}

function older(place) {
  if (place.asking || place.whole) return;
  place.asking = live.send("older", { channel: place.channel.id, before: place.list[0]?.id ?? null });
}

function empty() {
  const { kind } = here().channel;
  const words = kind === "alert" && town.tour ? say("empty_alert_tour") : say(`empty_${kind}`);
  return [
    make("img", { src: "/page/icon.svg", alt: "" }),
    make("h3", {}, say("empty")),
    make("p", {}, me()?.inside ? words : say("empty_own")),
  ];
}

function toast(text) {
  const shown = make("div", { class: "toast", role: "alert" }, make("p", {}, text));
  const shut = make("button", { class: "plain icon", type: "button", "aria-label": say("close"), on: { click: () => shown.remove() } }, icon("close"));
  shown.append(shut);
  const dialog = document.querySelector("dialog[open]");
  if (dialog) dialog.append(make("div", { class: "toasts" }, shown));
  else at("toasts").append(shown);
  setTimeout(() => shown.remove(), 9000);
}

theme.begin();
drawers.begin();
room.begin({
  press: (message, action, subject) => send("press", { message, action, subject }),
  report: (message) => send("report", { message }),
  older,
  empty,
});
composer.begin(speak, room.announce, toast);
tour.begin({
  start: (scenario) => send("tour", { scenario }),
  next: () => send("next"),
  end: () => send("tour", { scenario: null }),
  join: () => send("join"),
});
drop.begin(toast, send);
at("languages").addEventListener("click", (event) => {
  const { lang } = event.target.dataset;
  if (lang && send("be", { persona: town.persona, lang })) keep("lang", lang);
});
town.lang = kept("lang");
town.open = kept("place");
readBefore(kept("read"));
composer.restore(kept("drafts"));
addEventListener("pagehide", () => {
  keep("read", readSoFar());
  keep("drafts", composer.unsent());
});
at("lost").textContent = connecting();
at("lost").hidden = false;
live.open();
