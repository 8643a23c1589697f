"""`manage.py load_sample_library`: the demo's pages with covers and files."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from core.running.bulk import many_changes
from demo.data import SampleError
from demo.events import load_series
from demo.library import Result, load_entries, load_introductions
from demo.portraits import load_portraits
from demo.sample import SAMPLE_DIR, Item, check_sample, read_sample
from demo.site import add_contact, add_news, add_pages, add_picks, load_directory
from demo.twins import load_twins
from home.setup import setup_site


class Command(BaseCommand):
    """Load the sample library; may be interrupted and run again."""

    help = "Loads the sample library; a second run changes nothing, pages that an editor has changed are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option for another folder of data files."""
        parser.add_argument("--folder", type=Path, default=SAMPLE_DIR, help="folder with the TOML files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check everything, then write page by page."""
        quiet = options["verbosity"] == 0

        def progress(items: list[Item]) -> Iterable[Item]:
            return tqdm(items, desc="Sample library", unit="page", file=sys.stderr, disable=quiet)

        try:
            sample = read_sample(options["folder"])
            check_sample(sample)
            with many_changes():
                pages = setup_site()
                infos = add_pages(pages.home, sample) + add_news(pages.home, sample) + add_contact(pages.home)
                # Before the entries, because some are filed under a network.
                directory = load_directory(pages.home)
                introductions = load_introductions(sample)
                result = load_entries(sample, pages.library, progress)
                picks = add_picks(pages.home, sample) if result.created else 0
                events = load_series(pages.home)
                # After the events: the campaign leads to the stops of its exhibition.
                portraits = load_portraits(pages.home)
                # Last: each is the twin of a page that is there by now.
                twins = load_twins(pages.home)
        except SampleError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as error:
            raise CommandError("Interrupted. Run the command again to go on.", returncode=130) from error
        others = pages.created + infos + directory + events + portraits
        self.stdout.write(self._summary(result, others + twins, introductions, picks))

    @staticmethod
    def _summary(result: Result, own_pages: int, introductions: int, picks: int) -> str:
        if not (result.created or result.updated or own_pages or introductions or picks):
            kept = f", {result.kept} kept as an editor left them" if result.kept else ""
            return f"Nothing changed: {result.unchanged} entries unchanged{kept}."
        return (
            f"{result.created} entries created, {result.updated} updated, {result.unchanged} unchanged, "
            f"{result.kept} kept as an editor left them; {own_pages} other pages and records, "
            f"{introductions} introductions, {picks} recommendations."
        )
