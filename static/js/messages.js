// What is said to screen readers, in words that the template brings.
const region = document.getElementById("meldung");

export const words = region ? region.dataset : {};

/** Put values in the place of `{names}`. */
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

/** Announce a text; the same text twice is announced twice. */
export function say(text) {
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 50);
}

/** Read a value from the browser's store, or return null. */
export function load(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

/** Keep a value in the browser's store (nothing for null); say so where the browser refuses. */
export function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    say(words.storage);
    return false;
  }
}
