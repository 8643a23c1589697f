/* Wagtail's tag fields: a comma takes the word also while suggestions are open, and nothing typed is lost.

   jQuery UI Tag-it ignores commas, Enter, Tab and leaving the field as long as its list is open, and divides the
   field's value at every comma, also within a name. The line is read and written as in core/editing/tags.py. */
(() => {
  const $ = window.jQuery;
  if (!$?.ui?.tagit) return;

  const PART = /\s*(?:"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))(,|$)/g;
  const split = (line) => [...line.matchAll(PART)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
  const written = (name) => (name.includes(",") || name.startsWith('"') ? `"${name.replaceAll('"', '""')}"` : name);

  $.widget("ui.tagit", $.ui.tagit, {
    _create() {
      const line = this.element.val();
      this.element.val("");
      // Names are shown as they are; quotation marks belong to the line that is sent.
      this.options.preprocessTag = null;
      this._super();
      for (const name of split(line)) this.createTag(name, null, true);
    },
    createTag(name, ...rest) {
      const made = this._super(name, ...rest);
      // Of a name that is there already Tag-it leaves the text, and what is typed next would be glued to it.
      if (this._findTagByLabel(name.trim())) this.tagInput.val("");
      return made;
    },
    assignedTags() {
      return this._tags().get().map((tag) => this.tagLabel(tag));
    },
    _updateSingleTagsField(names) {
      this._super(names.map(written));
    },
  });

  const isTyped = (target) => target instanceof Element && target.matches(".tagit-new input");
  const take = (input, name) => $(input).closest("ul.tagit").prev().tagit("createTag", name);
  const close = (input) => $(input).autocomplete("close");
  const takeAll = (input) => {
    close(input);
    for (const name of split(input.value)) take(input, name);
    input.value = "";
  };

  // Before Tag-it's own listeners, which sit at the field.
  const listen = (type, react) => document.addEventListener(type, react, true);

  listen("keydown", (event) => {
    if (!isTyped(event.target)) return;
    // Typed like any other sign; what follows from it is the same on keyboards that only tell what was entered.
    if (event.key === ",") event.stopImmediatePropagation();
    const highlighted = $(event.target).autocomplete("widget").find(".ui-state-active").length;
    if ((event.key === "Enter" || event.key === "Tab") && !highlighted) close(event.target);
  });
  listen("input", (event) => {
    if (!isTyped(event.target)) return;
    const { target } = event;
    // What stands behind the last comma is still being typed, and so is a name in quotation marks until they end.
    const ended = /^\s*"[^"]*$/.test(target.value) ? 0 : [...target.value.matchAll(PART)].findLastIndex((part) => part[3]) + 1;
    if (!ended) return;
    const names = split(target.value);
    close(target);
    for (const name of names.slice(0, ended)) take(target, name);
    target.value = names[ended].trimStart();
  });
  listen("paste", (event) => {
    if (!isTyped(event.target)) return;
    const text = event.clipboardData.getData("text").trim().replace(/\s*[\r\n]+\s*/g, ", ");
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.setRangeText(text, event.target.selectionStart, event.target.selectionEnd, "end");
    event.target.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  listen("blur", (event) => isTyped(event.target) && close(event.target));
  listen("submit", (event) => event.target.querySelectorAll(".tagit-new input").forEach(takeAll));
})();
