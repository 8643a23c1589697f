// The Merkliste: ids in this browser's store. The server shows whatever list the address names.
import { filled, keep, load, say, words } from "./messages.js";

const KEY = "fundus-merkliste";
const MOST = 100;

const link = document.querySelector(".keep-link");
const page = document.getElementById("merkliste");
const path = link?.getAttribute("href") ?? "";

function read() {
  const ids = load(KEY);
  return Array.isArray(ids) ? [...new Set(ids.filter(Number.isSafeInteger))].slice(0, MOST) : [];
}

const write = (ids) => keep(KEY, ids.length ? ids : null);

const address = (ids) => (ids.length ? `${path}?${ids.map((id) => `id=${id}`).join("&")}` : path);

/** Return the ids of the list on show. */
const onShow = () => new URLSearchParams(location.search).getAll("id").map(Number);

const titleOf = (button) => button.lastElementChild.textContent.slice(1, -1);

/** Show on every button and in the header what is on the list. */
function paint() {
  const ids = read();
  if (link) {
    link.href = address(ids);
    link.querySelector(".count").textContent = ids.length ? `(${ids.length})` : "";
  }
  for (const button of document.querySelectorAll("[data-keep]")) {
    const kept = ids.includes(Number(button.dataset.keep));
    button.classList.toggle("kept", kept);
    button.querySelector("span").textContent = kept ? words.kept : words.free;
  }
  if (page) page.classList.toggle("own", onShow().join() === ids.join());
}

const undo = document.getElementById("rueckgaengig");
let before = [];

/** Store another list, show it in place, and offer the way back. */
async function change(ids, message, offer = true) {
  const old = read();
  if (!write(ids)) return;
  const url = address(ids);
  try {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("merkliste");
    page.replaceChildren(...fresh.childNodes);
  } catch {
    location.assign(url);
    return;
  }
  history.replaceState(null, "", url);
  before = old;
  undo.hidden = false;
  undo.firstElementChild.textContent = message;
  undo.lastElementChild.hidden = !offer;
  undo.focus();
  paint();
}

function toggle(button) {
  const id = Number(button.dataset.keep);
  const ids = read();
  const title = titleOf(button);
  const kept = ids.includes(id);
  if (!kept && ids.length >= MOST) {
    say(filled(words.full, { most: MOST }));
    return;
  }
  const next = kept ? ids.filter((one) => one !== id) : [...ids, id];
  if (page?.classList.contains("own") && kept) {
    change(next, filled(page.dataset.removed, { title }));
    return;
  }
  if (!write(next)) return;
  paint();
  say(filled(kept ? words.dropped : words.added, { title }));
}

const actions = {
  clear: () => change([], page.dataset.cleared),
  print: () => print(),
  prune: () => change([...page.querySelectorAll("[data-keep]")].map((one) => Number(one.dataset.keep)), "", false),
  take: () => {
    const ids = [...new Set([...read(), ...onShow()])];
    if (ids.length > MOST) say(filled(words.full, { most: MOST }));
    else change(ids, page.dataset.taken);
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-keep]");
  if (button) toggle(button);
  const action = event.target.closest("[data-list]");
  if (action) actions[action.dataset.list]();
});
undo?.lastElementChild.addEventListener("click", () => change(before, page.dataset.undone, false));

// Another window, the way back, and filters that brought other hits.
addEventListener("storage", paint);
addEventListener("pageshow", (event) => event.persisted && paint());
document.addEventListener("fundus:changed", paint);

if (page && !location.search && read().length) location.replace(address(read()));
else paint();
