"""Runs the commands of docs/developing.md where its blocks were followed, then looks for what came of them.

Run in a copy of the project and in a process of its own. Prints what it saw, as JSON.
"""

from __future__ import annotations

import datetime
import importlib
import io
import json
import logging
from typing import Any

import django

django.setup()

from django.core.management import CommandError, call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Locale, ModelLogEntry  # noqa: E402

from home.models import HomePage, InfoPage  # noqa: E402
from library.models import LibraryIndexPage, MaterialPage  # noqa: E402
from news.models import NewsIndexPage, NewsPage  # noqa: E402
from search.engines.current import get_engine  # noqa: E402
from tests.recipes import commands  # noqa: E402
from tests.states import ROOT  # noqa: E402
from tests.words import unbroken  # noqa: E402
from vocabularies.models import Concept  # noqa: E402

visitor = Client(headers={"host": "localhost"})


class Lines(logging.Handler):
    """What a logger is told, line by line."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        logging.getLogger(name).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(record.getMessage())


def text(address: str, **parameters: str) -> str:
    """Return what a visitor gets; an address that answers otherwise says so."""
    answer = visitor.get(address, parameters)
    return answer.content.decode() if answer.status_code == 200 else f"{answer.status_code}"


def titles(**parameters: str) -> list[str]:
    """Return the titles that the search finds, in the alphabet's order."""
    return sorted(item["title"] for item in json.loads(text("/api/v2/search/", **parameters))["items"])


def run(arguments: list[str]) -> str:
    """Run a command and return what it said, the error at its end included."""
    output = io.StringIO()
    importlib.invalidate_caches()
    try:
        call_command(*arguments, stdout=output, stderr=output)
    except CommandError as error:
        output.write(f"exit {error.returncode}: {error}")
    return output.getvalue()


def publish(page: Any, below: Any) -> Any:
    """Add a page and publish it."""
    below.add_child(instance=page)
    page.save_revision().publish()
    return page


def write_pages() -> None:
    """Write what the recipes tell to publish: materials, two of them filed, and a French page."""
    shelf = LibraryIndexPage.objects.get(locale__language_code="de")
    for number, title in enumerate(("Hobeln", "Sägen", "Bohren")):
        page = MaterialPage(title=title, slug=f"stueck-{number}", summary="An der Werkbank.", live=False)
        page.focus = [Concept.objects.get(vocabulary__slug="focus", slug="sprache")]
        page.audience = list(Concept.objects.filter(vocabulary__slug="audience")[:1])
        if number < 2:
            page.grouping = [Concept.objects.get(vocabulary__slug="grouping", slug="gruppenarbeit")]
        publish(page, shelf)
    french, _is_new = Locale.objects.get_or_create(language_code="fr")
    home = HomePage.objects.get(locale__language_code="de").copy_for_translation(french)
    home.save_revision().publish()
    body = [("text", "<p>Un enseignement pour tous les élèves.</p>")]
    publish(InfoPage(title="Ensemble", slug="ensemble", locale=french, body=body, live=False), home)


def seen_facet() -> dict[str, Any]:
    """Look for the facet where visitors and programs would."""
    answer = json.loads(text("/api/v2/search/"))
    return {
        "counts": [facet for facet in answer["facets"] if facet["name"] == "grouping"],
        "page": unbroken(text("/suche/").partition('name="grouping"')[2].partition("</li>")[0]),
        "narrowed": titles(grouping="gruppenarbeit"),
        "by a name of the concept": titles(q="Teamarbeit"),
        "described": "grouping" in {one["name"] for one in described()},
        "of a page": text("/api/v2/pages/?type=library.MaterialPage&fields=grouping&slug=stueck-0"),
    }


def described() -> list[dict[str, Any]]:
    """Return the parameters of the search as OpenAPI has them."""
    found: list[dict[str, Any]] = json.loads(text("/api/v2/openapi.json"))["paths"]["/api/v2/search/"]["get"][
        "parameters"
    ]
    return found


def seen_engine() -> dict[str, Any]:
    """Look at the engine that answers, and at its note of a slow search."""
    engine: Any = get_engine()
    log = Lines("search.engines.noting")
    engine.slow, usual = 0, engine.slow
    text("/suche/", q="hobeln")
    engine.slow = usual
    return {"name": type(engine).__name__, "notes": log.lines}


def seen_job(worker: list[str]) -> dict[str, Any]:
    """Let entries of the log grow old, run the worker, and look at its log and at what is left."""
    now = timezone.now()
    ModelLogEntry.objects.all().delete()
    ModelLogEntry.objects.bulk_create(
        [
            ModelLogEntry(action="wagtail.edit", timestamp=now - datetime.timedelta(days=400 if number else 300))
            for number in range(4)
        ]
    )
    name = "core.management.commands.worker"
    log = Lines(name)
    logging.getLogger(name).setLevel(logging.INFO)
    run(worker)
    return {"log": log.lines, "left": ModelLogEntry.objects.count()}


def main() -> None:
    """Run the commands in the order of the document, look, print."""
    told = commands(ROOT, "manage.py")
    imports = [words for words in told if words[0] == "import_news"]
    (worker,) = (words for words in told if words[0] == "worker")
    for words in told:
        if words not in imports and words is not worker:
            run(words)
    call_command("check", fail_level="WARNING")
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    if not NewsIndexPage.objects.exists():
        publish(
            NewsIndexPage(title="Neuigkeiten", slug="neuigkeiten"), HomePage.objects.get(locale__language_code="de")
        )
    write_pages()
    seen = {
        "told": [words[0] for words in told],
        "reports": [run(words) for words in imports],
        "news": [(page.title, page.revisions.count()) for page in NewsPage.objects.order_by("date")],
        "facet": seen_facet(),
        "french": text("/fr/suche/", q="enseigner"),
        "french in German": titles(q="enseigner"),
        "tandem": titles(q="tandem"),
        "engine": seen_engine(),
        "job": seen_job(worker),
        "card": unbroken(text("/suche/", q="wann ausleihe").partition('class="answer"')[2].partition("</aside>")[0]),
        "misspelt card": json.loads(text("/api/v2/search/", q="ausleihhe"))["answers"],
        "no card": json.loads(text("/api/v2/search/", q="ausleihe beenden"))["answers"],
        "table": text("/suche/tabelle/", q="werkbank"),
        "listed": [item["title"] for item in json.loads(text("/api/v2/search/", q="werkbank"))["items"]],
    }
    print(json.dumps(seen))


main()
