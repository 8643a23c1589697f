"""An AMB record (Allgemeines Metadatenprofil für Bildungsressourcen) as checked, plain values.

No database here: reading a record is separate from using it. Liberal where the meaning is clear
(a string, a list or a language map; `creator` with or without an object around the name), strict
where it is not: then `RowError` names the field and the reason.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from core.importing.rows import RowError

TITLE_LENGTH = 255
SUMMARY_LENGTH = 400
ID_LENGTH = 500
URL_LENGTH = 500
LICENSE_URL_LENGTH = 200
NAME_LENGTH = 255
KEYWORD_LENGTH = 80
"""Longest keyword: longer ones are sentences, and a topic's address must stay short."""

MAX_ENTRIES = 100
"""Most values of one field: no real record has more, and a damaged one must not create thousands of topics."""

MAX_DEPTH = 32
"""Deepest nesting of a record; more would break later readers."""

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BREAKING_TAG = re.compile(r"</?(?:p|br|div|li|ul|ol|dl|dt|dd|tr|table|h[1-6]|blockquote)\b[^<>]*>", re.IGNORECASE)
_INLINE_TAG = re.compile(r"</?(?:a|abbr|b|em|font|i|img|small|span|strong|sub|sup|td|th|u)\b[^<>]*>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"[\r\n\x85\u2028\u2029]+|(?:^|(?<=\s))¤+(?=\s|$)")
_LANGUAGE_KEY = re.compile(r"@none|und|[a-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3})[.!?…][\"“”’»«)\]]*(?=\s+[\"„“‚»«(]*[A-ZÄÖÜ0-9])")
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:[T ].*)?)?)?")
_CC_URI = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licenses/(by(?:-nc)?(?:-nd|-sa)?)|(?:publicdomain/(zero|mark)))"
    r"(?:/([1-9]\.\d))?(?:/[^\s]*)?",
    re.IGNORECASE,
)
_CC_NAME = re.compile(
    r"(?:creative commons |cc[ -])?(by(?:[ -]nc)?(?:[ -](?:nd|sa))?)(?: ([1-9]\.\d)(?: (?:international|deutschland|unported))?)?",
    re.IGNORECASE,
)
_LANGUAGE_CODES = {
    "ger": "de", "deu": "de", "eng": "en", "dan": "da", "fre": "fr", "fra": "fr", "spa": "es", "ita": "it", "pol": "pl",
    "cze": "cs", "ces": "cs", "rus": "ru", "tur": "tr", "ara": "ar", "ukr": "uk", "hsb": "hsb", "dsb": "dsb",
}  # fmt: skip
"""Three-letter codes used in library catalogues."""


class EntryKind(Enum):
    """What a record becomes."""

    MATERIAL = "material"
    BOOK = "book"
    CASE_STUDY = "case-study"


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its address and its title, which may be empty."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class AmbRecord:
    """A checked record: texts without markup or control characters, lengths that fit the page.

    `full_title` and `paragraphs` are set only if title or summary had to be cut. Concepts are still
    the URIs or codes of the source. `raw` is the whole record, unknown keys included.
    """

    id: str
    kind: EntryKind
    title: str
    summary: str
    full_title: str = ""
    paragraphs: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    resource_types: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    license: str = ""
    license_uri: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    year: int | None = None
    languages: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)


def parse(value: Any) -> AmbRecord:
    """Check one JSON value and return the record it describes. Raises RowError."""
    if not isinstance(value, dict):
        raise RowError("", _("kein Objekt, sondern %(kind)s") % {"kind": _kind_of(value)})
    raw = _storable(value)
    identifier = _identifier(raw)
    notes: list[str] = []
    title = " ".join(_paragraphs(_text(raw, "name", _first)))
    if not title:
        raise RowError("name", _("fehlt"))
    paragraphs = _paragraphs(_text(raw, "description", "\n".join))
    description = " ".join(paragraphs)
    if not description:
        notes.append(_("ohne Beschreibung, der Titel dient als Zusammenfassung"))
    license_slug, license_uri = _license(raw)
    types = tuple(_uris(raw, "learningResourceType"))
    _check_flag(raw, "isAccessibleForFree")
    return AmbRecord(
        id=identifier,
        kind=_kind(types),
        title=shorten(title, TITLE_LENGTH, at_sentence=False),
        full_title=title if len(title) > TITLE_LENGTH else "",
        summary=shorten(description or title, SUMMARY_LENGTH),
        paragraphs=paragraphs if len(description) > SUMMARY_LENGTH else (),
        keywords=tuple(_keywords(raw)),
        about=tuple(_uris(raw, "about")),
        audience=tuple(_uris(raw, "audience")),
        resource_types=types,
        levels=tuple(_uris(raw, "educationalLevel")),
        accessibility=tuple(_codes(raw, "accessibilityFeature")),
        license=license_slug,
        license_uri=license_uri,
        authors=tuple(_names(raw, "creator")),
        publisher=shorten(", ".join(_names(raw, "publisher")), NAME_LENGTH, at_sentence=False),
        year=_year(raw),
        languages=tuple(_languages(raw)),
        links=tuple(_links(raw, identifier)),
        notes=tuple(notes),
        raw=raw,
    )


def shorten(text: str, length: int, *, at_sentence: bool = True) -> str:
    """Return `text` cut to at most `length` characters, after a sentence, else after a word with “…”."""
    if len(text) <= length:
        return text
    if at_sentence:
        ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, length + 2) if match.end() <= length]
        if ends and ends[-1] >= length // 3:
            return text[: ends[-1]]
    cut = text.rfind(" ", 0, length - 1)
    if cut < length // 2:
        cut = length - 2
    return text[:cut].rstrip(" ,;:–-([{„") + " …"


def _kind_of(value: Any) -> str:
    """Return the type of a JSON value, in words."""
    if value is None:
        return _("nichts")
    if isinstance(value, bool):
        return _("ein Wahrheitswert")
    if isinstance(value, (int, float)):
        return _("eine Zahl")
    if isinstance(value, str):
        return _("ein Text")
    return _("eine Liste") if isinstance(value, list) else _("ein Objekt")


def _not_clear(name: str, value: Any) -> RowError:
    return RowError(name, _("unklar: %(kind)s") % {"kind": _kind_of(value)})


def _storable(value: Any, depth: int = 0) -> Any:
    """Return a JSON value that every database can store: no NUL, no lone surrogates, no excessive nesting."""
    if depth > MAX_DEPTH:
        raise RowError("", _("tiefer als %(depth)s Ebenen verschachtelt") % {"depth": MAX_DEPTH})
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, list):
        return [_storable(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_UNSTORABLE.sub("", key): _storable(item, depth + 1) for key, item in value.items()}
    return value


def _identifier(raw: Mapping[str, Any]) -> str:
    value = raw.get("id", raw.get("@id"))
    if value is None or value == "":
        raise RowError("id", _("fehlt"))
    if not isinstance(value, str):
        raise _not_clear("id", value)
    identifier = value.strip()
    if not identifier:
        raise RowError("id", _("fehlt"))
    if len(identifier) > ID_LENGTH:
        raise RowError("id", _("länger als %(length)s Zeichen") % {"length": ID_LENGTH})
    if _CONTROL.search(identifier) or re.search(r"\s", identifier):
        raise RowError("id", _("enthält Leer- oder Steuerzeichen"))
    return identifier


# -- texts ---------------------------------------------------------------------------------------------


def _first(texts: list[str]) -> str:
    return texts[0]


def _text(raw: Mapping[str, Any], name: str, join: Any) -> str:
    """Return the text of a field that may be a string, a list or a language map; empty when missing."""
    texts = [text for text in _texts(name, raw.get(name)) if text.strip()]
    return str(join(texts)) if texts else ""


def _texts(name: str, value: Any) -> list[str]:
    """Return the strings of a value in file order; from a language map, the German ones."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        tagged = [item for item in value if isinstance(item, dict) and "@value" in item]
        if tagged and len(tagged) == len(value):
            return _texts(name, _language_map(tagged))
        return [text for item in value for text in _texts(name, item)]
    if isinstance(value, dict):
        if "@value" in value:
            return _texts(name, value["@value"])
        if all(isinstance(key, str) and _LANGUAGE_KEY.fullmatch(key) for key in value):
            return _texts(name, _preferred(value))
    raise _not_clear(name, value)


def _language_map(tagged: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return JSON-LD value objects as a language map."""
    texts: dict[str, list[Any]] = {}
    for item in tagged:
        texts.setdefault(str(item.get("@language") or "@none"), []).append(item["@value"])
    return texts


def _preferred(texts: Mapping[str, Any]) -> Any:
    """Return the best value of a language map: German, regional German, no language, English, else the first."""
    filled = {key.lower().replace("_", "-"): value for key, value in texts.items() if value}
    for wanted in ("de", "@none", "und", "en"):
        for key, value in filled.items():
            if key == wanted or key.startswith(f"{wanted}-"):
                return value
    return next(iter(filled.values()), None)


def _paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text as plain text: markup, entities and control characters resolved.

    Tags are removed before entities are resolved, so that an escaped `&lt;p&gt;` stays text. Catalogues
    separate several descriptions with a lone ¤.
    """
    plain = html.unescape(_INLINE_TAG.sub("", _BREAKING_TAG.sub("\n", text)))
    parts = (" ".join(_clean(part).split()) for part in _PARAGRAPH.split(plain))
    return tuple(part for part in parts if part)


def _clean(text: str) -> str:
    """Return text without control characters and soft hyphens."""
    return _UNSTORABLE.sub("", _CONTROL.sub("", text)).replace("\xad", "")


def _line(text: str) -> str:
    """Return text as one clean line."""
    return " ".join(_paragraphs(text))


# -- lists ---------------------------------------------------------------------------------------------


def _items(raw: Mapping[str, Any], name: str) -> list[Any]:
    """Return a field's non-empty values as a list. Raises RowError when there are too many."""
    value = raw.get(name)
    values = value if isinstance(value, list) else [value]
    filled = [item for item in values if item not in (None, "", [], {})]
    if len(filled) > MAX_ENTRIES:
        raise RowError(name, _("mehr als %(count)s Einträge") % {"count": MAX_ENTRIES})
    return filled


def _unique(values: Iterable[str]) -> Iterator[str]:
    """Yield each value once, ignoring case."""
    seen = set()
    for value in values:
        key = value.casefold()
        if value and key not in seen:
            seen.add(key)
            yield value


def _uris(raw: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield the URIs or codes of a field whose values are concepts.

    A concept may be a string, an object with `id`, `educationalRole` or `audienceType`, or an object with
    only a label, which then stands for it.
    """
    return _unique(uri for item in _items(raw, name) for uri in _concept(name, item))


def _concept(name: str, item: Any) -> Iterator[str]:
    if isinstance(item, str):
        yield _line(item)
        return
    if not isinstance(item, dict):
        raise _not_clear(name, item)
    for key in ("id", "@id", "educationalRole", "audienceType", "prefLabel", "name", "@value"):
        value = item.get(key)
        if value in (None, "", [], {}):
            continue
        if key in ("id", "@id") and not isinstance(value, str):
            raise _not_clear(f"{name}.{key}", value)
        if key == "educationalRole":
            for role in value if isinstance(value, list) else [value]:
                yield from _concept(f"{name}.{key}", role)
        else:
            yield from (_line(text) for text in _texts(f"{name}.{key}", value)[:1])
        return
    raise RowError(name, _("Eintrag ohne id"))


def _keywords(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keywords; split a single string at commas or semicolons."""
    value = raw.get("keywords")
    if isinstance(value, dict) and "name" in value:
        value = [value]
    texts: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and "name" in item:
            texts += _texts("keywords.name", item["name"])
        else:
            texts += _texts("keywords", item)
    if len(texts) == 1:
        texts = re.split(r"[,;\n]", texts[0])
    names = list(_unique(shorten(_keyword(text), KEYWORD_LENGTH, at_sentence=False) for text in texts))
    if len(names) > MAX_ENTRIES:
        raise RowError("keywords", _("mehr als %(count)s Einträge") % {"count": MAX_ENTRIES})
    yield from names


def _keyword(text: str) -> str:
    # Editors type topics separated by commas: a comma or quotation mark inside one would split it.
    return " ".join(_line(text).replace(",", " ").replace('"', " ").split())


def _codes(raw: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield codes from a list or a comma-separated string."""
    return _unique(part.strip() for uri in _uris(raw, name) for part in ([uri] if "://" in uri else uri.split(",")))


def _names(raw: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield the names of people or organisations."""
    return _unique(_agent(name, item) for item in _items(raw, name))


def _agent(name: str, item: Any) -> str:
    if isinstance(item, str):
        return _line(item)
    if not isinstance(item, dict):
        raise _not_clear(name, item)
    texts = _texts(f"{name}.name", item.get("name"))
    if texts and (text := _line(texts[0])):
        return text
    parts = [_line(text) for key in ("givenName", "familyName") for text in _texts(f"{name}.{key}", item.get(key))[:1]]
    full = " ".join(part for part in parts if part)
    if not full:
        raise RowError(name, _("Eintrag ohne Namen"))
    return full


# -- single values ---------------------------------------------------------------------------------------


def _kind(types: Iterable[str]) -> EntryKind:
    """Return the kind of the first type that determines it; a material if none does."""
    for uri in types:
        code = re.split(r"[/#]", uri.rstrip("/#"))[-1].lower().replace("-", "_").replace(" ", "_")
        if code in ("textbook", "lehrbuch"):
            return EntryKind.BOOK
        if code in ("case_study", "fallstudie"):
            return EntryKind.CASE_STUDY
    return EntryKind.MATERIAL


def _check_flag(raw: Mapping[str, Any], name: str) -> None:
    value = raw.get(name)
    if (
        value is None
        or isinstance(value, bool)
        or (isinstance(value, str) and value.strip().lower() in ("", "true", "false"))
    ):
        return
    raise _not_clear(name, value)


def _license(raw: Mapping[str, Any]) -> tuple[str, str]:
    """Return the slug of a Creative Commons licence (or the text of another) and the licence's URI."""
    items = _items(raw, "license")
    if not items:
        return "", ""
    # Of several licences the first counts; the record keeps the others.
    text = next(iter(_concept("license", items[0])), "")
    if match := _CC_URI.fullmatch(text):
        slug = {"zero": "cc0", "mark": "pdm"}.get((match[2] or "").lower()) or f"cc-{match[1].lower()}"
        return slug, _license_uri(text)
    if (match := _CC_NAME.fullmatch(text)) and text.lower() != "by":
        code = match[1].lower().replace(" ", "-")
        return f"cc-{code}", f"https://creativecommons.org/licenses/{code}/{match[2]}/" if match[2] else ""
    if re.fullmatch(r"cc[ -]?(?:0|zero)(?: 1\.0)?", text, re.IGNORECASE):
        return "cc0", ""
    if "://" in text:
        return "", _license_uri(text)
    return text, ""


def _license_uri(text: str) -> str:
    if len(text) > LICENSE_URL_LENGTH:
        raise RowError("license", _("länger als %(length)s Zeichen") % {"length": LICENSE_URL_LENGTH})
    if not _is_web_address(text):
        raise RowError("license", _("keine Adresse im Netz: %(text)s") % {"text": shorten(text, 80, at_sentence=False)})
    return text


def _year(raw: Mapping[str, Any]) -> int | None:
    """Return the year of publication, else of creation."""
    for name in ("datePublished", "dateCreated"):
        value = raw.get(name)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, dict) and "@value" in value:
            value = value["@value"]
        if value is None or value == "":
            continue
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise _not_clear(name, value)
        match = _DATE.fullmatch(str(value).strip())
        if not match:
            text = shorten(_line(str(value)), 40, at_sentence=False)
            raise RowError(name, _("kein Datum: %(text)s") % {"text": text})
        return int(match[1])
    return None


def _languages(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield language codes, most specific first: `de-DE` is tried as is, then as `de`."""
    for item in _items(raw, "inLanguage"):
        if not isinstance(item, str):
            raise _not_clear("inLanguage", item)
        code = item.strip().replace("_", "-").lower()
        if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", code):
            text = shorten(_line(item), 40, at_sentence=False)
            raise RowError("inLanguage", _("kein Sprachcode: %(text)s") % {"text": text})
        yield code
        primary = code.split("-")[0]
        yield _LANGUAGE_CODES.get(primary, primary)


def _links(raw: Mapping[str, Any], identifier: str) -> Iterator[Link]:
    """Yield the addresses of the files, then of the record itself, each once."""
    seen = set()
    for link in (*_encodings(raw), *_own_address(identifier)):
        if link.url not in seen:
            seen.add(link.url)
            yield link


def _encodings(raw: Mapping[str, Any]) -> Iterator[Link]:
    for item in _items(raw, "encoding"):
        if isinstance(item, str):
            item = {"contentUrl": item}
        if not isinstance(item, dict):
            raise _not_clear("encoding", item)
        title = shorten(_line(" ".join(_texts("encoding.name", item.get("name"))[:1])), 200, at_sentence=False)
        for key in ("contentUrl", "embedUrl"):
            value = item.get(key)
            if value in (None, ""):
                continue
            if not isinstance(value, str):
                raise _not_clear(f"encoding.{key}", value)
            url = value.strip()
            if len(url) > URL_LENGTH:
                raise RowError(f"encoding.{key}", _("länger als %(length)s Zeichen") % {"length": URL_LENGTH})
            if not _is_web_address(url):
                text = shorten(_line(url), 80, at_sentence=False)
                raise RowError(f"encoding.{key}", _("keine Adresse im Netz: %(text)s") % {"text": text})
            yield Link(url, title)


def _own_address(identifier: str) -> Iterator[Link]:
    if len(identifier) <= URL_LENGTH and _is_web_address(identifier):
        yield Link(identifier, _("Zur Quelle"))


_validate_url = URLValidator(schemes=["http", "https"])


def _is_web_address(text: str) -> bool:
    """Return whether `text` is an http or https address that a link field accepts; nothing is fetched."""
    try:
        _validate_url(text)
        return bool(urlsplit(text).hostname)
    except (ValidationError, ValueError):
        return False
