// Shows what is typed into a password field, and about how strong a new password is. Without it both go unseen, and all else works.
"use strict";

(() => {
  const { show, strength, least } = document.currentScript.dataset;

  // Bits of a password that nobody helped to choose; repetitions and neighbours count little.
  const bits = (text) =>
    [...text].reduce((sum, sign, at) => {
      const step = at ? Math.abs(sign.codePointAt(0) - text.codePointAt(at - 1)) : 9;
      return sum + (step <= 1 ? 1 : /\d/.test(sign) ? 3.3 : 4.7);
    }, 0);

  for (const field of document.querySelectorAll("input[type=password]")) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.addEventListener("change", () => {
      field.type = box.checked ? "text" : "password";
    });
    // What is shown must not stay in the browser's list of typed texts.
    field.form?.addEventListener("submit", () => {
      field.type = "password";
    });
    label.append(box, ` ${show}`);
    Object.assign(label.style, { display: "block", marginTop: "0.5rem" });
    field.after(label);
    if (/new_password1$|^password1$/.test(field.name)) {
      const meter = document.createElement("meter");
      Object.assign(meter, { max: 2 * least, low: least, high: 1.5 * least, optimum: 2 * least, value: 0, title: strength });
      meter.setAttribute("aria-label", strength);
      field.addEventListener("input", () => {
        meter.value = bits(field.value);
      });
      label.after(meter);
    }
  }
})();
