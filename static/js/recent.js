// What was looked at last: title, address and type, in this browser alone.
import { keep, load } from "./messages.js";

const KEY = "fundus-zuletzt";
const MOST = 8;
const OFF = "off";

const section = document.getElementById("zuletzt");
const entry = document.querySelector("[data-entry]");

function read() {
  const found = load(KEY);
  return Array.isArray(found) ? found.filter((one) => one && typeof one.url === "string" && one.url.startsWith("/")) : [];
}

/** Put the entry on show at the head of the list, unless the reader does not want it or it is an editor's preview. */
function note() {
  if (!entry || load(KEY) === OFF || window.top !== window) return;
  const seen = {
    url: location.pathname,
    title: entry.querySelector("h1").textContent.replaceAll("\u00ad", "").trim(),
    type: entry.querySelector(".type-mark").textContent.trim(),
  };
  keep(KEY, [seen, ...read().filter((one) => one.url !== seen.url)].slice(0, MOST));
}

function item({ url, title, type }) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = url;
  link.textContent = title;
  const mark = document.createElement("span");
  mark.className = "hint";
  mark.textContent = type;
  line.append(link, " ", mark);
  return line;
}

function paint() {
  const seen = read();
  const off = load(KEY) === OFF;
  section.hidden = !seen.length && !("always" in section.dataset);
  section.querySelector("ul").replaceChildren(...seen.map(item));
  section.querySelector("[data-recent=clear]").hidden = !seen.length;
  const button = section.querySelector("[data-recent=switch]");
  button.textContent = off ? button.dataset.on : button.dataset.off;
}

note();
if (section) {
  section.addEventListener("click", (event) => {
    const action = event.target.closest("[data-recent]")?.dataset.recent;
    if (!action) return;
    keep(KEY, action === "switch" && load(KEY) !== OFF ? OFF : null);
    paint();
    // The button that was pressed may be gone.
    if (!event.target.offsetParent) (section.hidden ? document.querySelector("main") : section.querySelector("[data-recent=switch]")).focus();
  });
  addEventListener("pageshow", (event) => event.persisted && paint());
  paint();
}
