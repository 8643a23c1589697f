// Reads the page aloud with the browser's own speech: only with voices of this device (others send the text away), sentence by sentence.
import { say, words } from "./messages.js";

const READ = "h1, h2, h3, h4, p, li, dt, dd, blockquote, figcaption, caption, th, td, summary";
const LEFT_OUT = "nav, form, button, [hidden], [aria-hidden=true], .visually-hidden, .print-only, .aloud, script, style";
const button = document.querySelector(".aloud");
const speech = window.speechSynthesis;
let queue = [];

const languageOf = (element) => element.closest("[lang]")?.lang || document.documentElement.lang;

/** Return a voice of this device for a language: of the same region where there is one. */
function voiceFor(language) {
  const base = language.split("-")[0].toLowerCase();
  const own = speech.getVoices().filter((voice) => voice.localService === true && voice.lang.toLowerCase().split(/[-_]/)[0] === base);
  return own.find((voice) => voice.lang.toLowerCase() === language.toLowerCase()) ?? own.find((voice) => voice.default) ?? own[0];
}

/** Return whether a line, or a fact beside another, begins with a text. */
const begins = (node) => node.previousSibling?.nodeName === "BR" || node.parentElement.matches("span + span");

/** Return the texts of a block that are its own, line by line: those of a block within it are read with that. */
function textsOf(block) {
  const found = [[]];
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest(READ) !== block || parent.closest(LEFT_OUT)) continue;
    if (begins(walker.currentNode)) found.push([]);
    found.at(-1).push(walker.currentNode);
  }
  return found;
}

/** Return the sentences of a line, each with the range where it stands. */
function sentencesOf(nodes, language) {
  const text = nodes.map((node) => node.data).join("");
  const segments = window.Intl?.Segmenter
    ? [...new Intl.Segmenter(language.split("-")[0], { granularity: "sentence" }).segment(text)]
    : [{ segment: text, index: 0 }];
  return segments.filter((one) => /[\p{L}\p{N}]/u.test(one.segment)).map(({ segment, index }) => {
    const range = document.createRange();
    const place = (at, set) => {
      let rest = at;
      const node = nodes.find((one) => rest <= one.length || ((rest -= one.length), false)) ?? nodes.at(-1);
      set.call(range, node, Math.min(rest, node.length));
    };
    place(index, range.setStart);
    place(index + segment.trimEnd().length, range.setEnd);
    // Hyphens that nobody sees, and the dots within long words, are for the eye.
    return { text: segment.replace(/[\u00ad·]/g, "").replace(/\s+/g, " ").trim(), language, range };
  });
}

function mark(range) {
  if (!window.CSS?.highlights) return;
  CSS.highlights.delete("spoken");
  if (!range) return;
  CSS.highlights.set("spoken", new Highlight(range));
  range.startContainer.parentElement?.scrollIntoView({ block: "nearest" });
}

function shown(reading) {
  button.setAttribute("aria-pressed", String(reading));
  mark(null);
}

/** Stop; what is still to come is forgotten first, so that no end of an utterance goes on with it. */
function stop() {
  queue = [];
  speech.cancel();
  shown(false);
}

function next() {
  // A sentence in a language without a voice would be noise.
  while (queue.length && !voiceFor(queue[0].language)) queue.shift();
  const sentence = queue.shift();
  if (!sentence) {
    shown(false);
    return;
  }
  const voice = voiceFor(sentence.language);
  const utterance = new SpeechSynthesisUtterance(sentence.text);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  const mine = queue;
  const goOn = () => { if (mine === queue) next(); };
  utterance.addEventListener("start", () => mark(sentence.range));
  utterance.addEventListener("end", goOn);
  utterance.addEventListener("error", goOn);
  speech.speak(utterance);
}

function start() {
  const blocks = [...document.querySelectorAll("main :is(" + READ + ")")];
  queue = blocks.filter((block) => !block.closest(LEFT_OUT) && block.checkVisibility?.() !== false).flatMap((block) => textsOf(block).flatMap((line) => sentencesOf(line, languageOf(block))));
  shown(true);
  next();
}

function offer() {
  button.hidden = !voiceFor(document.documentElement.lang);
}

if (button && speech && window.SpeechSynthesisUtterance) {
  // What a page left behind speaks on in some browsers.
  speech.cancel();
  offer();
  speech.addEventListener?.("voiceschanged", offer);
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") stop();
    else start();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || button.getAttribute("aria-pressed") !== "true") return;
    stop();
    say(words.silent);
  });
  addEventListener("pagehide", stop);
}
