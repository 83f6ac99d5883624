/** An export dropped on the page: it goes up, is replayed, and its result comes as cards. */

import { card } from "./card.js";
import { at, icon, make } from "./dom.js";
import { ask, close, sheet } from "./form.js";
import { me, town } from "./town.js";
import { say } from "./words.js";

let result = null;
let busy = false;
let tell = () => {};
let send = () => false;

/** `trouble(text)` shows one sentence; `sends(kind, fields)` says whether it went out. */
export function begin(trouble, sends) {
  tell = trouble;
  send = sends;
  for (const [kind, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
    addEventListener(kind, (event) => dragged(event, over));
  }
}

function dragged(event, over) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  if (event.type === "dragleave" && event.relatedTarget) return;
  document.body.classList.toggle("dragging", over && mayDrop());
  if (event.type === "drop") upload(event.dataTransfer.files[0]);
}

const mayDrop = () => Boolean(me()?.inside);

export function build() {
  const box = at("drop");
  if (!mayDrop()) busy = false; // how it ends is told to nobody outside
  box.hidden = !mayDrop();
  box.replaceChildren(
    make(
      "div",
      { class: "box" },
      make("div", { class: "title" }, icon("file"), make("h2", {}, say("drop"))),
      make("p", { class: "hint", id: "drop-about" }, say("drop_about")),
      make("progress", { id: "drop-bar", "aria-label": say("drop_progress"), hidden: true }),
      make("p", { class: "hint", id: "drop-said", role: "status", hidden: true }),
      make("input", {
        type: "file", id: "drop-file", hidden: true, accept: ".zip,.json",
        on: { change: (event) => chosen(event.target) },
      }),
      make("button", { class: "button small", type: "button", "aria-describedby": "drop-about", on: { click: () => at("drop-file").click() } }, say("drop_choose")),
      make("button", { class: "button small", type: "button", data: { go: "sample" }, on: { click: sample } }, say("drop_sample")),
      result ? make("button", { class: "button small", type: "button", on: { click: open } }, say("drop_again")) : null,
    ),
  );
}

function sample() {
  if (busy) return tell(say("drop_busy"));
  if (send("sample")) busy = true;
}

/** The export does not say who is staff: whoever dropped it may. */
export function authors({ people }) {
  busy = false;
  const options = people.map((one) => ({ value: one.id, label: say("drop_staff_count", { name: one.name, n: one.count }) }));
  const given = {
    id: "staff", title: say("drop_staff"), intro: [say("drop_staff_why")], submit: say("drop_start"), left: () => answered(null),
    fields: [{ key: "staff", kind: "many", label: say("drop_staff_who"), options }],
  };
  ask(given, (id, { staff }) => {
    if (!answered(staff)) return false;
    given.left = null;
    close();
    return true;
  });
}

function answered(accounts) {
  const sent = send("staff", { accounts });
  if (accounts === null || !sent) stop();
  else busy = true;
  return sent;
}

function chosen(input) {
  upload(input.files[0]);
  input.value = "";
}

function upload(file) {
  if (!file || !mayDrop()) return;
  if (busy) return tell(say("drop_busy"));
  if (file.size > town.limit) return tell(say("drop_large", { n: Math.floor(town.limit / 1e6) }));
  busy = true;
  bar(0, 1, say("drop_sending", { name: file.name }));
  const content = new FormData();
  content.append("export", file);
  const request = new XMLHttpRequest();
  request.open("POST", "/replay");
  request.setRequestHeader("X-Kasuhara", "1");
  request.setRequestHeader("X-Lang", town.lang);
  request.upload.addEventListener("progress", (event) => bar(event.loaded, event.total, say("drop_sending", { name: file.name })));
  request.addEventListener("load", () => request.status === 202 || refused(request.responseText));
  request.addEventListener("error", () => refused(""));
  request.send(content);
}

function refused(text) {
  stop();
  let told = "";
  try {
    told = String(JSON.parse(text).text ?? "");
  } catch {
    /* No sentence came along; ours has to do. */
  }
  tell(told || say("drop_failed"));
}

function bar(done, total, said) {
  const line = at("drop-bar");
  if (!line) return;
  line.hidden = false;
  if (total) [line.max, line.value] = [total, done];
  else line.removeAttribute("value");
  at("drop-said").hidden = false;
  if (at("drop-said").textContent !== said) at("drop-said").textContent = said;
}

/** How far the replay is; `total` 0: it is being read. */
export function progress({ done, total }) {
  busy = true;
  bar(done, total, total ? say("drop_done", { n: done, of: total, part: Math.floor((100 * done) / total) }) : say("drop_reading"));
}

export function replayed(given) {
  stop();
  result = given;
  build();
  open();
}

function open() {
  const after = [result.skipped ? say("drop_skipped", { n: result.skipped }) : "", result.more ? say("drop_more", { n: result.more }) : ""];
  const hint = after.filter(Boolean).join(" ");
  const none = result.cards.length < 2;
  sheet(say("drop_result"), [
    ...result.cards.map((one) => card(one)),
    hint ? make("p", { class: "hint" }, hint) : null,
    none ? make("button", { class: "button", type: "button", on: { click: sample } }, say("drop_sample")) : null,
  ]);
}

/** Nothing runs any more, also if the line to the server broke. */
export function stop() {
  busy = false;
  for (const id of ["drop-bar", "drop-said"]) if (at(id)) at(id).hidden = true;
}
