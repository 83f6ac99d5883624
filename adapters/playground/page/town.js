/** What the page knows: who we are, the places we see, their messages in order, and which of them we have not read. */

export class Place {
  constructor(channel) {
    this.channel = channel;
    this.list = [];
    this.known = new Map();
    this.unread = 0;
    /** Whether there is nothing older on the server. */
    this.whole = false;
    this.asking = false;
  }

  /**
   * Take one message in: "new" at the end, "changed" in its place, "between" if it belongs among the known ones,
   * "before" (not kept) if it is older than all we loaded. Work does not grow with the number of messages.
   */
  take(message) {
    const old = this.known.get(message.id);
    if (old) {
      Object.assign(old, message);
      return "changed";
    }
    if (this.list.length && !this.whole && message.at < this.list[0].at) return "before";
    let place = this.list.length;
    while (place > 0 && this.list[place - 1].at > message.at) place -= 1;
    this.known.set(message.id, message);
    this.list.splice(place, 0, message);
    return place === this.list.length - 1 ? "new" : "between";
  }

  /** Put older messages in front; how many were new. */
  prepend(messages) {
    const older = messages.filter((message) => !this.known.has(message.id));
    for (const message of older) this.known.set(message.id, message);
    this.list.unshift(...older);
    return older.length;
  }

  drop(id) {
    const found = this.known.get(id);
    if (!found) return false;
    this.known.delete(id);
    this.list.splice(this.list.indexOf(found), 1);
    return true;
  }
}

export const town = { personas: [], persona: "", lang: "", places: new Map(), open: "", commands: [], limit: 0, tour: null };

export const me = () => town.personas.find((one) => one.id === town.persona);

/** How many messages of a place the server sends at most; a place with fewer is whole. */
const FIRST = 200;

/** What each persona has read in each place, by the ids of the messages; a tour begins with nothing read. */
const marks = new Map();

function mark(id) {
  const key = `${town.tour} ${town.persona} ${id}`;
  if (!marks.has(key)) marks.set(key, new Set());
  return marks.get(key);
}

/** Another room: its places with their messages, and what this persona has not read there yet. */
export function enter(room) {
  if (room.tour !== town.tour && room.tour && town.persona) {
    for (const key of marks.keys()) if (key.startsWith(`${room.tour} `)) marks.delete(key);
  }
  town.persona = room.persona;
  town.lang = room.lang;
  town.tour = room.tour;
  town.begun = room.begun ?? room.lang;
  town.renewable = Boolean(room.renewable);
  town.places = new Map(room.channels.map((channel) => [channel.id, new Place(channel)]));
  for (const message of room.messages) town.places.get(message.channel)?.take(message);
  for (const place of town.places.values()) {
    place.whole = place.list.length < FIRST;
    place.unread = unread(place);
  }
  if (!town.places.has(town.open)) town.open = first(room.channels);
}

function unread(place) {
  const seen = mark(place.channel.id);
  return place.list.filter((message) => message.by.id !== town.persona && !seen.has(message.id)).length;
}

/** As many of the newest ids as the server sends of a place are kept for a reload. */
export function readSoFar() {
  return JSON.stringify([...marks].map(([key, ids]) => [key, [...ids].slice(-FIRST)]));
}

/** What was read before a reload. */
export function readBefore(text) {
  try {
    for (const [key, ids] of JSON.parse(text || "[]")) marks.set(key, new Set(ids));
  } catch {
    /* Then it counts as not read. */
  }
}

/** This persona has read what stands in this place: all of it, or with `only` one more message. */
export function read(place, only = null) {
  place.unread = 0;
  const seen = mark(place.channel.id);
  for (const message of only ? [only] : place.list) seen.add(message.id);
}

/** Where a persona looks first: where it is called, else where it talks. */
function first(channels) {
  return (channels.find((channel) => channel.kind === "alert") ?? channels[0])?.id ?? "";
}

/** Where something waits that is meant for our own people and that this persona has not read; "" for nowhere. */
export function calling() {
  for (const kind of ["alert", "direct", "leads"]) {
    for (const place of town.places.values()) if (place.channel.kind === kind && place.unread) return place.channel.id;
  }
  return "";
}

export const here = () => town.places.get(town.open);
