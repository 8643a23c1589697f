"""Known words: simplemma's dictionaries, our own word list and the editors' words; never the live content.

So a document's terms depend only on its page and the lexicon. The dictionaries never change and are shared, so each
process reads them once. A lexicon is a value; several may exist side by side.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

from core.running.locks import LockTimeout, file_lock
from search.analysis.tokens import fold

# Raise this whenever a rule changes what is indexed, so that an index built by older rules is detected.
ALGORITHM_VERSION = 4

DATA = Path(__file__).parent / "data"

KEEP_SECONDS = 120
"""How long a process waits for another that makes a trie: four seconds, more on a busy machine."""


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Our own words on top of the dictionaries."""

    words: frozenset[str]
    whole: frozenset[str]
    abbreviations: frozenset[str]
    splits: Mapping[str, tuple[str, ...]]
    modifiers: Mapping[str, str]
    forms: Mapping[str, str]
    never: frozenset[str]
    particles: frozenset[str]
    version: str

    @classmethod
    def with_words(cls, editors: Iterable[str] = ()) -> Lexicon:
        """Return the shipped lexicon with these entries added."""
        return cls.from_lines(_shipped(), editors)

    @classmethod
    def from_lines(cls, shipped: Iterable[str], editors: Iterable[str] = ()) -> Lexicon:
        """Parse entries in the notation that `data/lexicon.txt` explains. The editors' entries win."""
        lines = [[entry for line in source if (entry := _clean(line))] for source in (shipped, editors)]
        words: set[str] = set()
        whole: set[str] = set()
        abbreviations: set[str] = set()
        splits: dict[str, tuple[str, ...]] = {}
        modifiers: dict[str, str] = {}
        forms: dict[str, str] = {}
        never: set[str] = set()
        particles: set[str] = set()
        for entry in (*lines[0], *lines[1]):
            lower = entry.lower()
            if ":" in entry:
                form, lemma = (side.strip() for side in lower.split(":", 1))
                (modifiers if form.endswith("-") else forms)[form.rstrip("-")] = lemma
            elif "|" in entry:
                parts = tuple(part for part in lower.split("|") if part)
                splits["".join(parts)] = parts
                whole.discard("".join(parts))
            elif entry.startswith("!"):
                never.add(lower[1:])
            elif entry.startswith("+"):
                particles.add(lower[1:])
            elif entry.startswith("="):
                whole.add(lower[1:])
                splits.pop(lower[1:], None)
            elif len(re.findall(r"[A-ZÄÖÜ]", entry)) > 1:
                abbreviations.add(lower)
            else:
                words.add(lower)
                whole.discard(lower)
                never.discard(lower)
        tools = (str(ALGORITHM_VERSION), version("simplemma"), version("pystemmer"), _tables())
        facts = "\n".join((*tools, *sorted(lines[0]), "--", *sorted(lines[1])))
        return cls(
            words=frozenset(words | whole | splits.keys()),
            whole=frozenset(whole),
            abbreviations=frozenset(abbreviations),
            splits=splits,
            modifiers=modifiers,
            forms=forms,
            never=frozenset(never),
            particles=frozenset(particles),
            version=hashlib.sha256(facts.encode()).hexdigest()[:16],
        )


def _clean(line: str) -> str:
    """Return an entry without its comment, or nothing; an editor's slip must not break the analysis."""
    return re.sub(r"\s+", " ", line.split("#", 1)[0]).strip()


@cache
def _shipped() -> tuple[str, ...]:
    return tuple((DATA / "lexicon.txt").read_text(encoding="utf-8").splitlines())


@cache
def _tables() -> str:
    """Return a digest of the shipped tables that are read elsewhere."""
    names = ("parts.txt", "variants.txt")
    return hashlib.sha256(b"".join((DATA / name).read_bytes() for name in names)).hexdigest()


_lock = threading.Lock()
_dictionaries: dict[str, Mapping[str, str]] = {}


def dictionary(language: str) -> Mapping[str, str]:
    """Return simplemma's dictionary of a language: lemmas by form, case-sensitive."""
    forms = _dictionaries.get(language)
    if forms is None:
        with _lock:  # do not let two threads both load it
            forms = _dictionaries.get(language)
            if forms is None:
                forms = _dictionaries[language] = loaded(language)
    return forms


def loaded(language: str) -> Mapping[str, str]:
    """Return a dictionary as a trie, made by the first process that needs it and kept in the user's folder of caches.

    All three as dictionaries of Python take 1.7 s and 240 MB a process, as tries 0.06 s and 15 MB; a look into one
    takes 0.6 microseconds instead of 0.2. Where nothing can be kept, they are dictionaries of Python.
    """
    from platformdirs import user_cache_path
    from simplemma.strategies.dictionaries import DefaultDictionaryFactory  # costly to import
    from simplemma.strategies.dictionaries.trie_dictionary_factory import TrieDictionaryFactory

    tools = f"{version('simplemma')}-{version('marisa-trie')}"
    try:
        kept = user_cache_path("fundus") / "dictionaries" / tools
        if not (kept / f"{language}.dic").exists():
            _keep(language, kept)
        return TrieDictionaryFactory(disk_cache_dir=str(kept)).get_dictionary(language)
    except (OSError, LockTimeout):
        return DefaultDictionaryFactory().get_dictionary(language)


def _keep(language: str, folder: Path) -> None:
    """Make the trie of a dictionary. Raises OSError when it cannot be kept, LockTimeout when another process hangs at it."""
    from simplemma.strategies.dictionaries.trie_dictionary_factory import TrieDictionaryFactory

    # Other processes wait, since making one takes seconds, and none sees a half-written one.
    with file_lock(folder / f"{language}.lock", KEEP_SECONDS), tempfile.TemporaryDirectory(dir=folder) as draft:
        if not (folder / f"{language}.dic").exists():
            TrieDictionaryFactory(disk_cache_dir=draft).get_dictionary(language)
            (Path(draft) / f"{language}.dic").replace(folder / f"{language}.dic")


@lru_cache(maxsize=50_000)
def entry(word: str) -> str | None:
    """Return simplemma's German lemma for exactly this spelling, case-sensitive."""
    return dictionary("de").get(word)


def capital(word: str) -> str:
    """Return the word with its first letter capitalised and the rest untouched."""
    return word[:1].upper() + word[1:]


def is_listed(word: str) -> bool:
    """Return whether the German dictionary has the word, as spelled or as a noun."""
    return bool(entry(word) or entry(capital(word)))


@cache
def general_words() -> frozenset[str]:
    """Return the folded words that say little about a subject by themselves."""
    return _words_of("general.txt")


@cache
def stopwords() -> frozenset[str]:
    """Return the folded stop words."""
    return _words_of("stopwords.txt")


def _words_of(file: str) -> frozenset[str]:
    lines = (DATA / file).read_text(encoding="utf-8").splitlines()
    return frozenset(fold(word) for line in lines for word in line.split("#", 1)[0].split())
