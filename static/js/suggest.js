/* Suggestions below the search fields: ARIA 1.2's combobox. What fits and all texts come from the server. */

const WAIT_MILLISECONDS = 150;
const SHORTEST = 2;
const FIELD = "form[data-suggest] input[name=q]";
const enhanced = new WeakSet();

function set(element, attributes) {
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  return element;
}

const make = (tag, attributes) => set(document.createElement(tag), attributes);

function enhance(input) {
  if (enhanced.has(input)) return;
  enhanced.add(input);
  const { form } = input;
  const texts = form.dataset;
  const id = `${input.id}-vorschlaege`;
  const list = make("ul", { id, class: "suggestions", role: "listbox", "aria-label": texts.suggestLabel });
  const status = make("p", { class: "visually-hidden", role: "status" });
  let items = [], active = -1, timer = 0, turn = 0, controller;

  const typed = () => input.value.trim();

  /* What is on its way was asked for another text. */
  function stop() {
    clearTimeout(timer);
    controller?.abort();
    turn += 1;
  }

  async function ask() {
    stop();
    const mine = turn;
    controller = new AbortController();
    const query = new URLSearchParams({ q: typed(), locale: document.documentElement.lang });
    let found = [];
    try {
      const answer = await fetch(`${texts.suggest}?${query}`, { signal: controller.signal });
      if (answer.ok) found = (await answer.json()).items;
    } catch { /* Given up, or no connection: nothing is suggested. */ }
    if (mine === turn && document.activeElement === input) show(found);
  }

  function show(found) {
    items = found;
    list.replaceChildren(...items.map(({ text, note }, number) => {
      const option = make("li", { id: `${id}-${number}`, role: "option" });
      const hint = make("span", { class: "hint" });
      hint.textContent = note;
      option.append(text, " ", hint);
      return option;
    }));
    list.hidden = !items.length;
    list.scrollTop = 0;
    set(input, { "aria-expanded": !list.hidden });
    activate(-1);
    status.textContent = (items.length > 1 ? texts.suggestMany : items.length ? texts.suggestOne : "")
      .replace("#", items.length);
  }

  function close() {
    stop();
    show([]);
  }

  function activate(number) {
    active = number;
    [...list.children].forEach((option, place) => set(option, { "aria-selected": place === number }));
    const option = list.children[number];
    option?.scrollIntoView({ block: "nearest" });
    if (option) set(input, { "aria-activedescendant": option.id });
    else input.removeAttribute("aria-activedescendant");
  }

  function changed() {
    activate(-1);
    stop();
    if (typed().length < SHORTEST) close();
    else timer = setTimeout(ask, WAIT_MILLISECONDS);
  }

  function pressed(event) {
    const { key, altKey } = event;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (key === "ArrowDown" || key === "ArrowUp") {
      // The field itself is one stop on the way round.
      const stops = items.length + 1;
      const step = key === "ArrowDown" ? 1 : stops - 1;
      if (list.hidden) {
        if (key === "ArrowUp" || typed().length < SHORTEST) return;
        ask();
      } else if (!altKey) activate((active + 1 + step) % stops - 1);
      else if (key === "ArrowUp") close();
    } else if (key === "Enter" && active >= 0) choose(active);
    else if (key === "Escape" && !list.hidden) close();
    else {
      if (/^(Home|End|Arrow)/.test(key)) activate(-1);
      return;
    }
    event.preventDefault();
  }

  function choose(number) {
    const { kind, text, url } = items[number];
    close();
    if (kind === "query" || !url) {
      input.value = text;
      form.requestSubmit();
    } else {
      // On the host the reader is on, whatever a proxy told the server.
      const { pathname, search } = new URL(url, location);
      location.assign(pathname + search);
    }
  }

  // A search box is no combobox to the rules of HTML, and Escape would empty it.
  input.type = "text";
  set(input, { role: "combobox", "aria-autocomplete": "list", "aria-controls": id });
  input.parentElement.append(list);
  form.append(status);
  show([]);
  input.addEventListener("input", (event) => event.isComposing || changed());
  input.addEventListener("compositionend", changed);
  input.addEventListener("keydown", pressed);
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  // The field keeps the focus.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const option = target.closest("li");
    if (option) choose([...list.children].indexOf(option));
  });
}

document.querySelectorAll(FIELD).forEach(enhance);
// Fields that come later, in a part that is exchanged.
document.addEventListener("focusin", ({ target }) => target.matches?.(FIELD) && enhance(target));
