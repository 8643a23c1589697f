"""The command of an importer, from its options to its exit code.

An importer consists of these parts, each in its own app:

1. **a reader** yields rows (`rows.py`, `tables.py`);
2. **a mapping** turns the value of a row into checked values or raises `RowError` (`rows.py`);
3. **an importer** with a method `outcomes(source)` reads, maps and writes each row (`writing.py`; pages: `publish.py`)
   and yields an `Outcome` for each (`outcome.py`);
4. **a command** derives from `ImportCommand`, declares its own options and returns the importer:

   ```python
   class Command(ImportCommand):
       help = str(gettext_lazy("Liest … ein."))

       def importer(self, options: Mapping[str, Any]) -> Importer:
           return PartnerImporter(_parent(), dry_run=options["dry_run"])
   ```

The rest happens here, the same for all: one report line per row and one of counts on standard output, progress on
standard error, one update of the search at the end, and one line for any early end. A second run must write nothing
(tests run every importer twice); a dry run prints the report of the real one. Exit codes: 0; 1 if the file, an option
or a row is wrong or the database is gone; 130 after Ctrl-C, which keeps finished rows.
"""

from __future__ import annotations

import logging
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any, Protocol

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from tqdm import tqdm

from core.importing.outcome import Action, Outcome
from core.importing.report import Report
from core.importing.rows import UnreadableFile
from core.importing.source import Source, opened
from core.running.bulk import many_changes

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells expect it."""


class Importer(Protocol):
    """Reads, maps and writes the rows of one file."""

    def outcomes(self, source: Source) -> Iterable[Outcome]:
        """Return an iterator that imports row by row, each in its own transaction, and yields its outcome.

        Raises UnreadableFile; immediately, not during iteration, if the file is read as a whole.
        """


class ImportCommand(BaseCommand):
    """`manage.py import_… FILE [--dry-run]`; `importer` sets the format."""

    file_help: str | Promise = gettext_lazy("Datei mit Datensätzen; - liest von der Standardeingabe")
    counted: Any = ngettext_lazy("%(count)s Datensatz", "%(count)s Datensätze", "count")
    """The report's name for its rows."""
    broken: Any = ngettext_lazy("%(count)s Datensatz ist fehlerhaft.", "%(count)s Datensätze sind fehlerhaft.", "count")
    """The error at the end of an import with broken rows."""
    shows_progress = True
    """Whether to show a progress bar and the search update: for large files that are read row by row."""

    def importer(self, options: Mapping[str, Any]) -> Importer:
        """Return the importer for these options; called before the file is opened. Raises CommandError."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file and the dry run; commands add their own options."""
        parser.add_argument("file", metavar="FILE", help=str(self.file_help))
        parser.add_argument("--dry-run", action="store_true", help=_("nur berichten, nichts schreiben"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file. Raises CommandError for wrong options (before any change) and for broken rows."""
        importer = self.importer(options)
        report = Report(self.counted)
        try:
            with opened(options["file"]) as source, _quiet("wagtail"):
                self._run(importer, source, report, dry_run=options["dry_run"])
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        if count := report.counts[Action.BROKEN]:
            raise CommandError(self.broken % {"count": count})

    def _run(self, importer: Importer, source: Source, report: Report, *, dry_run: bool) -> None:
        """Import and report, then update the search. Raises CommandError if the import ended early."""
        failure = None
        try:
            with nullcontext() if dry_run else many_changes():
                try:
                    outcomes = importer.outcomes(source)
                    if dry_run:
                        self.stderr.write(_("Probelauf: Es wird nichts geschrieben."))
                    self._report(outcomes, source, report)
                except (KeyboardInterrupt, OSError, OperationalError, InterfaceError) as error:
                    failure = _failure(error, report.total)
                if self.shows_progress and report.wrote and not dry_run:
                    self.stderr.write(_("Der Suchindex wird nachgeführt; Strg-C überlässt ihn dem Worker."))
        except KeyboardInterrupt:
            message = _("%(count)s Datensätze sind fertig; den Suchindex führt der Worker nach.")
            raise CommandError(message % {"count": report.total}, returncode=INTERRUPTED) from None
        if failure:
            raise failure

    def _report(self, outcomes: Iterable[Outcome], source: Source, report: Report) -> None:
        """Print a line for each row and the counts. The bar counts bytes: only their total is known in advance."""
        hidden = None if self.shows_progress else True
        with tqdm(total=source.size, unit="B", unit_scale=True, disable=hidden, file=sys.stderr, leave=False) as bar:
            for outcome in outcomes:
                report.add(outcome)
                with tqdm.external_write_mode(file=sys.stdout):
                    self.stdout.write(str(outcome))
                bar.set_postfix_str(report.head, refresh=False)
                bar.update(source.position - bar.n)
        self.stdout.write(report.summary())


def _failure(error: BaseException, count: int) -> CommandError:
    """Return a one-line reason why an import ended early."""
    if isinstance(error, KeyboardInterrupt):
        message = _("Abgebrochen nach %(count)s Datensätzen; was fertig ist, bleibt.")
        return CommandError(message % {"count": count}, returncode=INTERRUPTED)
    if isinstance(error, OSError):
        message = _("Lesen oder Schreiben ging nicht (%(reason)s); %(count)s Datensätze sind fertig.")
        return CommandError(message % {"reason": error.strerror or error, "count": count})
    message = _("Die Datenbank antwortet nicht (%(reason)s); %(count)s Datensätze sind fertig.")
    return CommandError(message % {"reason": " ".join(str(error).split()), "count": count})


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Limit a logger to warnings: several lines per saved page would bury bar and report."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)
