// Buttons wait while a form saves itself, and it does not begin to once it is sent: else one page would be saved twice at a time.
"use strict";

(() => {
  const PATIENCE_MILLISECONDS = 15000; // for an answer that never comes; the server knows what belongs together
  const SENT_MILLISECONDS = 30000; // as long as Wagtail keeps a pressed button from being pressed again
  const MARGIN_MILLISECONDS = 50;
  let saves = 0;
  let begun = 0;
  let saving = false;
  let sent = false;
  let held = null;

  function send(form, submitter) {
    sent = true;
    setTimeout(() => { sent = false; }, SENT_MILLISECONDS);
    // A button that is switched off would not say what was meant.
    submitter?.removeAttribute("disabled");
    form.requestSubmit(submitter);
    submitter?.setAttribute("disabled", "");
  }

  // Wagtail waits some seconds before it sends what it is about to save; until then it can be called off.
  function callOff(form) {
    const pause = Number(form.dataset.wAutosaveIntervalValue);
    const autosave = wagtail.app?.getControllerForElementAndIdentifier(form, "w-autosave");
    if (!autosave?.submit?.cancel || performance.now() - begun > pause - MARGIN_MILLISECONDS) return;
    autosave.submit.cancel();
    autosave.submitPromise = null;
    saving = false;
  }

  function release() {
    saving = false;
    if (!held) return;
    const { form, submitter, timer } = held;
    held = null;
    clearTimeout(timer);
    send(form, submitter);
  }

  function hold(form, submitter) {
    held ??= { form, submitter, timer: setTimeout(release, PATIENCE_MILLISECONDS) };
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-edit-form]")) return;
    if (saving) callOff(event.target);
    if (saving) {
      event.preventDefault();
      event.stopImmediatePropagation();
      hold(event.target, event.submitter);
    } else if (!sent) {
      sent = true;
      setTimeout(() => { sent = false; }, SENT_MILLISECONDS);
    }
  }, true);

  document.addEventListener("w-autosave:save", (event) => {
    if (sent) event.preventDefault();
    if (event.defaultPrevented) return;
    saves += 1;
    begun = performance.now();
    saving = true;
  });
  document.addEventListener("w-autosave:success", release);
  document.addEventListener("w-autosave:error", release);
  addEventListener("pageshow", () => { sent = false; });

  // A question whether others have saved, asked before a save of our own and answered after it, takes that for another's.
  let asked = 0;
  document.addEventListener("w-session:ping", () => { asked = saving ? -1 : saves; }, true);
  document.addEventListener("w-swap:json", (event) => {
    if (!event.target.matches(".w-editing-sessions") || asked === saves) return;
    event.stopImmediatePropagation();
    event.detail.data.html = event.target.querySelector("#w-editing-sessions")?.innerHTML ?? "";
  }, true);

  // Steps of a review are sent by a script, without the event above.
  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("[data-edit-form]");
    if (form) form.submit = () => (saving ? hold(form, null) : HTMLFormElement.prototype.submit.call(form));
  });
})();
