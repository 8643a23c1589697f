// The date picker of the admin offers days; it never changes what was typed. What that means is the server's to say (core/editing/dates.py).
"use strict";

(() => {
  // As it comes, it turns what it cannot read into today when the field is left, and the wheel of a mouse turns the time.
  Object.assign(jQuery.fn.datetimepicker.defaults, { validateOnBlur: false, scrollInput: false });

  const MONTHS = ["jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"];
  const DAY = /^(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d\d)|(\d{1,2})(?:\. ?| )([a-zäöü]{3,})\.? (\d{4}|\d\d))(?:(?:,? um|,|t)? ?(\d{1,2})(?:[:.](\d\d))?(?: ?uhr)?)?$/;
  const plain = new DateFormatter();

  // The day that was typed, so that the picker opens there; null for a day that does not exist, undefined for no day at all.
  function typed(text) {
    const found = DAY.exec(text.trim().toLowerCase().replace(/\s+/g, " "));
    if (!found) return undefined;
    const name = (found[8] ?? "").replace("ä", "a").replace("mrz", "mar").slice(0, 3);
    const [digits, month, day] = [
      found[1] ?? found[6] ?? found[9],
      Number(found[2] ?? found[5] ?? MONTHS.indexOf(name) + 1),
      Number(found[3] ?? found[4] ?? found[7]),
    ];
    const year = Number(digits) + (digits.length > 2 ? 0 : digits < 69 ? 2000 : 1900);
    const moment = new Date(year, month - 1, day, Number(found[10] ?? 0), Number(found[11] ?? 0));
    return moment.getMonth() === month - 1 && moment.getDate() === day ? moment : null;
  }

  // Wagtail's scripts set the language of the picker while the page loads, and with it a reader of their own.
  document.addEventListener("DOMContentLoaded", () => {
    jQuery.datetimepicker.setDateFormatter({
      parseDate(text, format) {
        const moment = typeof text === "string" ? typed(text) : undefined;
        return moment === undefined ? plain.parseDate(text, format) : moment;
      },
      formatDate: (moment, format) => plain.formatDate(moment, format),
    });
  });
})();
