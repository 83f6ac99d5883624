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

/** Up to when each persona has read each place; a tour begins with nothing read. */
const marks = new Map();

const mark = (id) => `${town.tour} ${town.persona} ${id}`;

/** Another room: its places with their messages, and what this persona has not read there yet. */
export function enter(room) {
  if (room.tour !== town.tour && room.tour) {
    for (const key of marks.keys()) if (key.startsWith(`${room.tour} `)) marks.delete(key);
  }
  town.persona = room.persona;
  town.lang = room.lang;
  town.tour = room.tour;
  town.places = new Map(room.channels.map((channel) => [channel.id, new Place(channel)]));
  for (const message of room.messages) town.places.get(message.channel)?.take(message);
  for (const place of town.places.values()) {
    place.whole = place.list.length < FIRST;
    place.unread = unread(place);
  }
  if (!town.places.has(town.open)) town.open = first(room.channels);
}

function unread(place) {
  const until = marks.get(mark(place.channel.id)) ?? "";
  let count = 0;
  for (let at = place.list.length - 1; at >= 0 && place.list[at].at > until; at -= 1) {
    if (place.list[at].by.id !== town.persona) count += 1;
  }
  return count;
}

/** This persona has read all that stands in this place. */
export function read(place) {
  place.unread = 0;
  marks.set(mark(place.channel.id), place.list.at(-1)?.at ?? "");
}

/** Where a persona looks first: where it is called, else where it talks. */
function first(channels) {
  return (channels.find((channel) => channel.kind === "alert") ?? channels[0])?.id ?? "";
}

export const here = () => town.places.get(town.open);
