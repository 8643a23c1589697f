"""Imports AMB records; all rules are in `library.importers`, here are options, report and exit code."""

from __future__ import annotations

import logging
import os
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from tqdm import tqdm
from wagtail.models import Locale, Page, Site

from core.running.bulk import many_changes
from exchange.amb.pages import Action, ConceptIndex, Options, PageImporter
from exchange.amb.reader import UnreadableFile, read_rows
from library.models import LibraryIndexPage
from vocabularies.models import Concept

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells expect it."""

WRITING = (Action.PUBLISHED, Action.DRAFT, Action.INCOMPLETE, Action.UPDATED, Action.OVERWRITTEN)
"""Actions after which the search has something to do."""


class Command(BaseCommand):
    """`manage.py import_amb FILE`: one report line a row on standard output, progress on standard error."""

    help = str(gettext_lazy("Liest AMB-Datensätze (JSON-Zeilen oder eine JSON-Liste) in die Bibliothek ein."))

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare file and options."""
        parser.add_argument("file", metavar="FILE", help=_("Datei mit Datensätzen; - liest von der Standardeingabe"))
        parser.add_argument("--publish", action="store_true", help=_("veröffentlichen, was vollständig ist"))
        parser.add_argument("--dry-run", action="store_true", help=_("nur berichten, nichts schreiben"))
        parser.add_argument(
            "--overwrite", action="store_true", help=_("auch Seiten ändern, die seither bearbeitet wurden")
        )
        for name, label in (("focus", _("Förderschwerpunkt")), ("audience", _("Zielgruppe"))):
            parser.add_argument(
                f"--default-{name}",
                action="append",
                default=[],
                metavar="SLUG",
                help=_("%(label)s für Datensätze, die keinen Wert nennen; darf mehrfach stehen") % {"label": label},
            )
        parser.add_argument(
            "--under", metavar="PAGE", help=_("Nummer oder Pfad der Bibliothek, unter der neue Seiten entstehen")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file. Raises CommandError for wrong options (before any change) and for broken rows."""
        concepts = ConceptIndex()
        parent = _library(options["under"])
        settings = Options(
            publish=options["publish"],
            dry_run=options["dry_run"],
            overwrite=options["overwrite"],
            default_focus=_defaults(concepts, "focus", options["default_focus"]),
            default_audience=_defaults(concepts, "audience", options["default_audience"]),
        )
        counts: Counter[Action] = Counter()
        with _opened(options["file"]) as (stream, size), _quiet("wagtail", "django_tasks"):
            if settings.dry_run:
                self.stderr.write(_("Probelauf: Es wird nichts geschrieben."))
            failure = None
            try:
                with many_changes():
                    try:
                        self._import(stream, size, PageImporter(parent, concepts, settings), counts)
                    except (KeyboardInterrupt, UnreadableFile, OSError, OperationalError, InterfaceError) as error:
                        failure = _failure(error, counts.total())
                    else:
                        self._summary(counts)
                    if not settings.dry_run and any(counts[action] for action in WRITING):
                        self.stderr.write(_("Der Suchindex wird nachgeführt; Strg-C überlässt ihn dem Worker."))
            except KeyboardInterrupt:
                message = _("%(count)s Datensätze sind fertig; den Suchindex führt der Worker nach.")
                raise CommandError(message % {"count": counts.total()}, returncode=INTERRUPTED) from None
        if failure:
            raise failure
        if broken := counts[Action.BROKEN]:
            message = ngettext("%(count)s Datensatz ist fehlerhaft.", "%(count)s Datensätze sind fehlerhaft.", broken)
            raise CommandError(message % {"count": broken})

    def _import(self, stream: BinaryIO, size: int | None, importer: PageImporter, counts: Counter[Action]) -> None:
        """Import row by row and report each one. The bar counts bytes: only their sum is known before."""
        with tqdm(total=size, unit="B", unit_scale=True, disable=None, file=sys.stderr, leave=False) as bar:
            for row in read_rows(stream):
                outcome = importer.take(row)
                counts[outcome.action] += 1
                with tqdm.external_write_mode(file=sys.stdout):
                    self.stdout.write(str(outcome))
                bar.set_postfix_str(_("%(count)s Datensätze") % {"count": row.number}, refresh=False)
                bar.update(row.position - bar.n)

    def _summary(self, counts: Counter[Action]) -> None:
        """Print how many rows there were of each kind."""
        total = counts.total()
        head = ngettext("%(count)s Datensatz", "%(count)s Datensätze", total) % {"count": total}
        parts = [f"{counts[action]} {action.label}" for action in Action if counts[action]]
        self.stdout.write(f"{head}: {', '.join(parts)}" if parts else head)


def _failure(error: BaseException, count: int) -> CommandError:
    """Return in one line why an import ended early."""
    if isinstance(error, KeyboardInterrupt):
        message = _("Abgebrochen nach %(count)s Datensätzen; was fertig ist, bleibt.")
        return CommandError(message % {"count": count}, returncode=INTERRUPTED)
    if isinstance(error, UnreadableFile):
        return CommandError(str(error))
    if isinstance(error, OSError):
        message = _("Lesen oder Schreiben ging nicht (%(reason)s); %(count)s Datensätze sind fertig.")
        return CommandError(message % {"reason": error.strerror or error, "count": count})
    message = _("Die Datenbank antwortet nicht (%(reason)s); %(count)s Datensätze sind fertig.")
    return CommandError(message % {"reason": " ".join(str(error).split()), "count": count})


@contextmanager
def _quiet(*names: str) -> Iterator[None]:
    """Keep loggers to warnings: ten lines for every saved page would bury bar and report."""
    levels = {name: logging.getLogger(name).level for name in names}
    try:
        for name in names:
            logging.getLogger(name).setLevel(logging.WARNING)
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@contextmanager
def _opened(name: str) -> Iterator[tuple[BinaryIO, int | None]]:
    """Open the file, or standard input for `-`, and tell its size if it has one. Raises CommandError."""
    if name == "-":
        yield sys.stdin.buffer, None
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - closed below; only opening may fail with this message
    except OSError as error:
        message = _("%(file)s lässt sich nicht öffnen: %(reason)s")
        raise CommandError(message % {"file": name, "reason": error.strerror}) from error
    with file:
        yield file, os.fstat(file.fileno()).st_size or None


def _defaults(concepts: ConceptIndex, vocabulary: str, slugs: list[str]) -> tuple[Concept, ...]:
    """Return the concepts of the given slugs. Raises CommandError for an unknown one or an empty vocabulary."""
    known = concepts.slugs(vocabulary)
    if not known:
        raise CommandError(
            _("Das Vokabular „%(name)s“ ist leer: zuerst load_vocabularies ausführen.") % {"name": vocabulary}
        )
    found = []
    for slug in slugs:
        concept = concepts.by_slug(vocabulary, slug)
        if concept is None:
            message = _("--default-%(name)s: „%(slug)s“ gibt es nicht. Möglich: %(known)s")
            raise CommandError(message % {"name": vocabulary, "slug": slug, "known": ", ".join(known)})
        found.append(concept)
    return tuple(found)


def _library(under: str | None) -> LibraryIndexPage:
    """Return the library to import into. Raises CommandError when there is none or `under` is none."""
    libraries = LibraryIndexPage.objects.order_by("path")
    if under is None:
        parent = libraries.filter(locale=Locale.get_default()).first() or libraries.first()
        if parent is None:
            raise CommandError(_("Es gibt noch keine Bibliothek, in die eingelesen werden kann."))
        return parent
    page = _page(under)
    if page is None:
        raise CommandError(_("--under: Seite „%(page)s“ nicht gefunden.") % {"page": under})
    parent = libraries.filter(pk=page.pk).first()
    if parent is None:
        raise CommandError(_("--under: „%(title)s“ ist keine Bibliothek.") % {"title": page.title})
    return parent


def _page(text: str) -> Page | None:
    """Return the page with this number, address or path on any site, or None."""
    if text.isascii() and text.isdigit():
        # Longer numbers are no page's: databases refuse to compare them.
        return Page.objects.filter(pk=int(text)).first() if len(text) < 19 else None
    path = f"/{urlsplit(text).path.strip('/')}/".replace("//", "/")
    roots = [
        site.root_page.url_path.rstrip("/")
        for site in Site.objects.select_related("root_page").order_by("-is_default_site", "pk")
    ]
    for url_path in (*(root + path for root in roots), path):
        if page := Page.objects.filter(url_path=url_path).first():
            return page
    return None
