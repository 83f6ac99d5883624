/** What this browser keeps of somebody's choices; one without a store forgets them, and nothing else is lost. */

export function kept(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    /* Forgotten at the next visit. */
  }
}
