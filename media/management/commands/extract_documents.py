"""manage.py extract_documents: read the text of unread attachments, or read it again."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count
from tqdm import tqdm

from core.running.bulk import many_changes
from media import reading
from media.models import Document, ExtractionStatus


class Command(BaseCommand):
    """Read attachments; may be interrupted and run again, even while the worker runs."""

    help = "Reads the text of attachments. Exit code 1: another process is still reading some of them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare which files to read again."""
        parser.add_argument("--retry-failed", action="store_true", help="also those that could not be read")
        parser.add_argument("--all", action="store_true", help="all files, also those read before")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read pending files and those read by an older version of the readers."""
        reading.ask_outdated()
        if options["all"]:
            reading.ask_again(Document.objects.all())
        elif options["retry_failed"]:
            reading.ask_again(Document.objects.filter(extraction_status=ExtractionStatus.FAILED))
        waiting = reading.pending().count()
        try:
            with (
                tqdm(
                    total=waiting, desc="Attachments", unit="file", file=sys.stderr, disable=options["verbosity"] == 0
                ) as bar,
                many_changes(),
            ):
                done = reading.read_pending(float("inf"), lambda document: bar.update())
        except KeyboardInterrupt as error:
            raise CommandError("Interrupted. Run the command again to go on.", returncode=130) from error
        reading.forget_unused()
        counts = Document.objects.values_list("extraction_status").annotate(count=Count("pk")).order_by()
        by_status = dict(counts)
        left = reading.pending().count()
        self.stdout.write(
            f"{done} documents read now; of all, {by_status.get(ExtractionStatus.DONE, 0)} hold text, "
            f"{by_status.get(ExtractionStatus.EMPTY, 0)} hold none, "
            f"{by_status.get(ExtractionStatus.FAILED, 0)} could not be read."
        )
        if left:
            raise CommandError(f"{left} documents are being read by another process.")
