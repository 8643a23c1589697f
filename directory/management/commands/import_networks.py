"""`manage.py import_networks FILE`: networks and schools from one CSV; the rules are in `directory.importers`."""

from __future__ import annotations

import logging
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.running.bulk import many_changes
from directory.importers.networks import Action, NetworkImporter, UnreadableFile, counted, read_rows
from directory.models import NetworkIndexPage


class Command(BaseCommand):
    """One report line a row on standard output, what is written and why not on standard error."""

    help = str(gettext_lazy("Liest Kooperationsverbünde und ihre Mitglieder aus einer CSV-Datei ein."))

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare file and options."""
        parser.add_argument("file", metavar="FILE", help=_("CSV-Datei; - liest von der Standardeingabe"))
        parser.add_argument("--dry-run", action="store_true", help=_("nur berichten, nichts schreiben"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file. Raises CommandError for an unusable file (before any change) and for broken rows."""
        parent = NetworkIndexPage.objects.order_by("path").first()
        if parent is None:
            raise CommandError(
                _("Es gibt noch kein Verzeichnis der Kooperationsverbünde: zuerst setup_site ausführen.")
            )
        try:
            rows = read_rows(_content(options["file"]))
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        importer = NetworkImporter(parent)
        outcomes = importer.plan(rows)
        if options["dry_run"]:
            self.stderr.write(_("Probelauf: Es wird nichts geschrieben."))
        else:
            with many_changes(), _quiet():
                importer.write(outcomes)
        for outcome in outcomes:
            self.stdout.write(str(outcome))
        total = ngettext("%(count)s Zeile", "%(count)s Zeilen", len(outcomes)) % {"count": len(outcomes)}
        parts = [f"{count} {action.label}" for action, count in counted(outcomes)]
        self.stdout.write(f"{total}: {', '.join(parts)}" if parts else total)
        if broken := dict(counted(outcomes)).get(Action.BROKEN):
            message = ngettext("%(count)s Zeile ist fehlerhaft.", "%(count)s Zeilen sind fehlerhaft.", broken)
            raise CommandError(message % {"count": broken})


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Wagtail to warnings: some lines for every saved page would bury the report."""
    logger = logging.getLogger("wagtail")
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)


def _content(name: str) -> bytes:
    """Return the bytes of the file, or of standard input for `-`. Raises CommandError."""
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        message = _("%(file)s lässt sich nicht öffnen: %(reason)s")
        raise CommandError(message % {"file": name, "reason": error.strerror}) from error
