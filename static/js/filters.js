// Filters that work at once: a box is ticked, the same page is fetched, its filters and hits take the place of the old ones.
import { say } from "./messages.js";

const SHEET = "#filter";

const form = document.getElementById("filter");
// A browse page has another address than its filters lead to; there the button sends the form as ever.
const enhanced = form && new URL(form.action).pathname === location.pathname;
let running = null;
let shown = location.search;

const query = () => new URLSearchParams(new FormData(form)).toString();

/** Put the children of the fresh form in place, but leave the group alone in which the focus is: its counts ignore its own boxes. */
function replaceFilters(fresh, group) {
  const open = [...form.querySelectorAll("details[open]")].map((one) => one.closest("fieldset").dataset.facet);
  const twin = group && fresh.querySelector(`fieldset[data-facet="${group.dataset.facet}"]`);
  const nodes = [...fresh.childNodes];
  if (twin) {
    while (group.previousSibling) group.previousSibling.remove();
    while (group.nextSibling) group.nextSibling.remove();
    const at = nodes.indexOf(twin);
    group.before(...nodes.slice(0, at));
    group.after(...nodes.slice(at + 1));
  } else {
    const focused = form.contains(document.activeElement);
    form.replaceChildren(...nodes);
    // A facet is called focus, so form.focus is its boxes.
    if (focused) HTMLElement.prototype.focus.call(form, { preventScroll: true });
  }
  for (const facet of open) {
    const fold = form.querySelector(`fieldset[data-facet="${facet}"] details`);
    if (fold) fold.open = true;
  }
}

/** Make the search field carry the filters on show, without touching what is being typed. */
function replaceHidden(fresh) {
  const field = document.querySelector("main .search-form");
  for (const old of field.querySelectorAll("input[type=hidden]")) old.remove();
  field.append(...fresh.querySelectorAll("main .search-form input[type=hidden]"));
}

async function update(search, group, push) {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const url = `${location.pathname}${search}`;
  try {
    const answer = await fetch(url, { signal: mine.signal });
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [filters, results] = [fresh.getElementById("filter"), fresh.querySelector(".results")];
    if (mine !== running) return;
    if (!filters || !results) throw new Error("another page");
    replaceFilters(filters, group);
    document.querySelector(".results").replaceChildren(...results.childNodes);
    replaceHidden(fresh);
    document.title = fresh.title;
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
    return;
  }
  shown = search;
  // The sheet of a phone is open by its fragment and stays so.
  if (push) history.pushState(null, "", url + (location.hash === SHEET ? SHEET : ""));
  say(document.querySelector(".total").textContent.trim().replace(/\s+/g, " "));
  document.dispatchEvent(new Event("fundus:changed"));
}

if (enhanced) {
  document.documentElement.classList.add("live-filters");
  form.addEventListener("change", (event) => {
    const search = query();
    update(search && `?${search}`, event.target.closest("fieldset"), true);
  });
  addEventListener("popstate", () => {
    // A fragment alone changes nothing.
    if (location.search !== shown) update(location.search, null, false);
  });
}
