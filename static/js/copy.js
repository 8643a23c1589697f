// Buttons that copy the text of another element: data-copy names its id.
import { say, words } from "./messages.js";

const SHOWN_MILLISECONDS = 3000;

function select(source) {
  if (source.select) source.select();
  else getSelection().selectAllChildren(source);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  const source = button && document.getElementById(button.dataset.copy);
  if (!source) return;
  const text = source.value ?? source.textContent.trim();
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No permission, or no secure connection: the text stands marked, ready for the keyboard.
    const fold = source.closest("details");
    if (fold) fold.open = true;
    select(source);
    say(words.marked);
    return;
  }
  say(words.copied);
  button.dataset.label ??= button.textContent;
  button.textContent = words.copied;
  setTimeout(() => { button.textContent = button.dataset.label; }, SHOWN_MILLISECONDS);
});
