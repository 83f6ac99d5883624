/** The line to the server: JSON over one WebSocket that comes back by itself. */

const FIRST = 400;
const LONGEST = 8000;

export class Live {
  #socket = null;
  #wait = FIRST;
  #timer = 0;

  /** `hear(kind, message)` for what the server says; `state("open" | "lost")`; `query()` is added to the address. */
  constructor(hear, state, query) {
    this.hear = hear;
    this.state = state;
    this.query = query;
    addEventListener("online", () => this.#now());
    document.addEventListener("visibilitychange", () => document.hidden || this.#now());
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/live${this.query()}`);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#wait = FIRST;
      this.state("open");
    });
    socket.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      this.hear(message.t, message);
    });
    socket.addEventListener("close", () => {
      if (socket !== this.#socket) return;
      this.state("lost");
      this.#timer = setTimeout(() => this.open(), this.#wait * (0.8 + 0.4 * Math.random()));
      this.#wait = Math.min(LONGEST, this.#wait * 2);
    });
  }

  /** Whether it went out; nothing is kept for later, so that nobody acts twice without knowing. */
  send(kind, fields = {}) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify({ t: kind, ...fields }));
    return true;
  }

  #now() {
    if (this.#socket?.readyState !== WebSocket.CLOSED) return;
    clearTimeout(this.#timer);
    this.#wait = FIRST;
    this.open();
  }
}
