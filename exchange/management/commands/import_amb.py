"""`manage.py import_amb FILE`: AMB records into the library; the rules are in `exchange.amb`, here are the options."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import CommandError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Locale, Page, Site

from core.importing.run import ImportCommand, Importer
from exchange.amb.concepts import ConceptIndex
from exchange.amb.pages import Options, PageImporter
from library.models import LibraryIndexPage
from vocabularies.models import Concept


class Command(ImportCommand):
    """Import records with one report line each; the options decide what becomes of them."""

    help = str(gettext_lazy("Liest AMB-Datensätze (JSON-Zeilen oder eine JSON-Liste) in die Bibliothek ein."))

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file and the options."""
        parser.add_argument("--publish", action="store_true", help=_("veröffentlichen, was vollständig ist"))
        super().add_arguments(parser)
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

    def importer(self, options: Mapping[str, Any]) -> Importer:
        """Return the importer into the chosen library. Raises CommandError for invalid options."""
        concepts = ConceptIndex()
        parent = _library(options["under"])
        settings = Options(
            publish=options["publish"],
            dry_run=options["dry_run"],
            overwrite=options["overwrite"],
            default_focus=_defaults(concepts, "focus", options["default_focus"]),
            default_audience=_defaults(concepts, "audience", options["default_audience"]),
        )
        return PageImporter(parent, concepts, settings)


def _defaults(concepts: ConceptIndex, vocabulary: str, slugs: list[str]) -> tuple[Concept, ...]:
    """Return the concepts with the given slugs. Raises CommandError for an unknown one or an empty vocabulary."""
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
    """Return the library to import into. Raises CommandError when there is none or `under` is not one."""
    libraries: QuerySet[LibraryIndexPage] = LibraryIndexPage.objects.order_by("path")
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
        # No page has a longer number, and databases refuse to compare one.
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
