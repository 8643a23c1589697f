// What scripts add to pages that work without them.
import "./copy.js";
import "./filters.js";
import "./merkliste.js";
import "./recent.js";
