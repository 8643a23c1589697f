"""Citations of an entry: a citation line, a credit line for reuse, and records for reference managers.

Pure functions turn a `Reference` of plain values into text, without database or request, so that pages, the
Merkliste and exports agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from html import escape

from django.utils.translation import gettext as _

from content.names import person
from core.declared.page_types import type_named
from core.declared.reference import Name, Reference
from core.output.tables import csv_table

CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]+")
"""Characters that would end a line or a record early; every format here holds one value per line."""


def family_first(name: str | Name) -> str:
    """Return a person's name as `Family, Given`; return a name unchanged unless it is surely a person's."""
    found = person(_lined(name))
    return found.family_first() if found else _line(str(name))


def citation_line(reference: Reference) -> str:
    """Return the citation in the usual German order: Author (year): Title. Edition. Place: publisher. ISBN or address.

    A book ends with its ISBN; everything else, and a book without one, with its address.
    """
    names = "; ".join(family_first(name) for name in reference.author)
    if not names and reference.editor:
        names = "; ".join(family_first(name) for name in reference.editor) + " " + _("(Hrsg.)")
    if not names:
        names = _line(reference.publisher)
    lead = " ".join(part for part in (names, f"({reference.issued})" if reference.issued else "") if part)
    house = ": ".join(_line(part) for part in (reference.publisher_place, reference.publisher) if part)
    if house == names:
        house = ""
    parts = [reference.title, reference.edition, house]
    if reference.collection_title:
        parts.append(f"({_line(reference.collection_title)})")
    if reference.isbn:
        parts.append(f"ISBN {_line(reference.isbn)}")
    elif reference.url:
        parts.append(reference.url)
    text = " ".join(_sentence(_line(part)) for part in parts if part.strip())
    return f"{lead}: {text}" if lead else text


def credit_text(reference: Reference) -> str:
    """Return the line with title, author, licence, link and origin (TULLU rule); empty without a licence address."""
    if not reference.licence_url:
        return ""
    return _credit(reference, _line(reference.title), f"{reference.licence}: {reference.licence_url}", reference.url)


def credit_html(reference: Reference) -> str:
    """Return the credit line as HTML whose title and licence are links, every value escaped."""
    if not reference.licence_url:
        return ""
    title = _link(reference.url, _line(reference.title))
    licence = f'<a href="{escape(reference.licence_url)}" rel="license">{escape(reference.licence)}</a>'
    return _credit(reference, title, licence, _link(reference.url, reference.url), escape_names=True)


def _credit(reference: Reference, title: str, licence: str, origin: str, *, escape_names: bool = False) -> str:
    names = _line(", ".join(map(str, reference.author)) or reference.publisher)
    if escape_names:
        names = escape(names)
    parts = [_("„%(title)s“") % {"title": title}]
    if names:
        parts.append(_("von %(names)s") % {"names": names})
    if reference.issued:
        parts.append(f"({reference.issued})")
    text = " ".join(parts) + ", " + _("Lizenz %(licence)s") % {"licence": licence} + "."
    return text + (" " + _("Quelle: %(address)s") % {"address": origin} if origin else "")


def _link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}">{escape(text)}</a>' if address else escape(text)


# Files ----------------------------------------------------------------------------------------


def ris(references: Iterable[Reference]) -> str:
    """Return a RIS file (Reference Manager format, RIS specification of 2011): CRLF, one tag per line."""
    return "".join("".join(f"{tag}  - {value}\r\n" for tag, value in _ris_lines(one)) + "\r\n" for one in references)


def _ris_lines(reference: Reference) -> list[tuple[str, str]]:
    pairs = [
        ("TY", "BOOK" if type_named(reference.type).cited_as_book else "ELEC"),
        ("ID", f"fundus{reference.id}"),
        *(("AU", family_first(name)) for name in reference.author),
        *(("ED", family_first(name)) for name in reference.editor),
        ("TI", reference.title),
        ("T2", reference.collection_title),
        ("PY", str(reference.issued or "")),
        ("ET", reference.edition),
        ("CY", reference.publisher_place),
        ("PB", reference.publisher),
        ("SN", reference.isbn),
        ("SP", str(reference.page_count or "")),
        ("LA", reference.language),
        ("N1", " ".join(part for part in (reference.licence, reference.licence_url) if part)),
        ("UR", reference.url),
    ]
    return [*((tag, line) for tag, value in pairs if (line := _line(value))), ("ER", "")]


_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def bibtex(references: Iterable[Reference]) -> str:
    """Return a BibTeX file in UTF-8: TeX commands are escaped, braces keep the spelling of titles and groups."""
    return "\n".join(_bibtex_entry(one) for one in references)


def _bibtex_entry(reference: Reference) -> str:
    pairs = [
        ("author", " and ".join(_tex_name(name) for name in reference.author)),
        ("editor", " and ".join(_tex_name(name) for name in reference.editor)),
        ("title", f"{{{_tex(reference.title)}}}"),
        ("series", _tex(reference.collection_title)),
        ("year", str(reference.issued or "")),
        ("edition", _tex(reference.edition)),
        ("address", _tex(reference.publisher_place)),
        ("publisher", _tex(reference.publisher)),
        ("isbn", _tex(reference.isbn)),
        ("pagetotal", str(reference.page_count or "")),
        ("language", _tex(reference.language)),
        ("note", _tex(reference.licence)),
        # Packages print an address verbatim; only its braces could end the field.
        ("url", _line(reference.url).replace("{", "%7B").replace("}", "%7D")),
    ]
    kind = "book" if type_named(reference.type).cited_as_book else "misc"
    lines = [f"  {name} = {{{value}}}," for name, value in pairs if value]
    return "\n".join([f"@{kind}{{fundus{reference.id},", *lines, "}", ""])


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in _line(text))


def _tex_name(name: str | Name) -> str:
    found = person(_lined(name))
    if not found or " and " in f" {str(name).lower()} ":
        # Braces keep a group together; TeX would split it into given and family name.
        return f"{{{_tex(str(name))}}}"
    # TeX takes small words before the family name for particles, of which there are none but ours.
    family = _tex(found.family)
    family = f"{{{family}}}" if any(word[0].islower() for word in found.family.split()) else family
    lead = f"{_tex(found.particle)} {family}" if found.particle else family
    return ", ".join(part for part in (lead, _tex(found.suffix), _tex(found.given)) if part)


def _lined(name: str | Name) -> str | Name:
    """Return a name on one line, with what is known of it."""
    return replace(name, text=_line(name.text)) if isinstance(name, Name) else _line(name)


def csv_file(references: Iterable[Reference]) -> str:
    """Return a table for German spreadsheet programs, every value on one line."""
    columns = (
        *(
            _("Titel"),
            _("Typ"),
            _("Autorinnen und Autoren"),
            _("Herausgegeben von"),
            _("Jahr"),
            _("Verlag oder Quelle"),
        ),
        *(_("Ort"), _("ISBN"), _("Lizenz"), _("Adresse")),
    )
    rows = [
        (
            *(
                one.title,
                one.type_label,
                "; ".join(map(str, one.author)),
                "; ".join(map(str, one.editor)),
                str(one.issued or ""),
            ),
            *(one.publisher, one.publisher_place, one.isbn, one.licence, one.url),
        )
        for one in references
    ]
    return csv_table(columns, ([_line(value) for value in row] for row in rows))


def _line(text: str) -> str:
    """Return a value on one line, without characters that no format carries."""
    return " ".join(CONTROL.sub(" ", text).split())


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) or text.startswith("http") else f"{text}."
