/** What this browser keeps of somebody's choices; one without a store forgets them, and nothing else is lost. */

/** Who one is, where, and what one was at, is each tab's own matter; everything else holds for all of them. */
const OWN = ["persona", "place", "tour", "read", "drafts"];
const store = (name) => (OWN.includes(name) ? sessionStorage : localStorage);

export function kept(name) {
  try {
    return store(name).getItem(name) ?? "";
  } catch {
    return "";
  }
}

export function keep(name, value) {
  try {
    store(name).setItem(name, value);
  } catch {
    /* Forgotten at the next visit. */
  }
}
