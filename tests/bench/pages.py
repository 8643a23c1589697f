"""Wagtail's database search on real pages, on SQLite and PostgreSQL, beside ours on the same pages."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

from tests import scratch
from tests.postgresql import server as postgresql

CODE = """
import sys
from tests.bench.pages import run_here
run_here(sys.argv[1], int(sys.argv[2]))
"""


def measure(site: scratch.ScratchSite, folder: Path, count: int) -> None:
    """Run the comparison in processes of their own: a process speaks to one database."""
    _run(site, "SQLite", count, {})
    if postgresql.programs() is None:
        print("\nPostgreSQL left out: it is not installed")
        return
    with postgresql.running() as url:
        target = scratch.ScratchSite(folder / "on-postgresql")
        target.path.mkdir()
        done = target.run("prepare_site", DATABASE_URL=url)
        if done.returncode:
            raise RuntimeError(done.stderr)
        _run(target, "PostgreSQL", count, {"DATABASE_URL": url})


def _run(site: scratch.ScratchSite, name: str, count: int, environment: dict[str, str]) -> None:
    preface = "import django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", preface + CODE, name, str(count)],
        cwd=scratch.ROOT,
        env={**site.environment, **environment, "LOG_LEVEL": "ERROR"},
    )
    if done.returncode:
        raise RuntimeError(f"{name}: exit code {done.returncode}")


def run_here(database: str, count: int) -> None:
    """Make the pages in this process's database and time both searches."""
    from django.core.management import call_command

    from library.models import MaterialPage
    from search.index.rebuild import rebuild
    from search.question.request import SearchRequest
    from tests.bench.__main__ import table, timed
    from tests.searching import search

    _make_pages(count)
    call_command("update_index", verbosity=0, stdout=io.StringIO())
    rebuild()
    rows = []
    for word in ("lesen", "kinder", "sprache fördern"):
        figures = timed(
            {
                "Wagtail": lambda word=word: list(MaterialPage.objects.live().search(word)[:20]),
                "Fundus": lambda word=word: search(SearchRequest(query=word)),
            },
            30,
            seconds=60,
        )
        ours, theirs = figures["Fundus"][0], figures["Wagtail"][0]
        hits = MaterialPage.objects.live().search(word).count()
        rows.append([word, hits, search(SearchRequest(query=word)).total, theirs, ours, theirs / ours])
    table(
        f"{count:,} real pages on {database}: median in ms; Wagtail without facets, counts and highlights",
        ["words", "Wagtail's hits", "our hits", "Wagtail", "Fundus with all", "ratio"],
        rows,
    )


def _make_pages(count: int) -> None:
    """Insert pages table by table: through the page tree 10,000 would take half an hour."""
    import random

    from django.db import connection, models, transaction
    from django.utils import timezone
    from wagtail.models import Page

    from library.models import LibraryIndexPage, LibraryPage, MaterialPage
    from tests.bench.generated import _words
    from vocabularies.models import Concept

    chance = random.Random(7)
    parent = LibraryIndexPage.objects.get(locale__language_code="de")
    first = parent.numchild
    proto = MaterialPage(live=True, locale=parent.locale, depth=parent.depth + 1, numchild=0)
    content_type = proto.cached_content_type
    now = timezone.now()
    pages = [
        Page(
            path=Page._get_path(parent.path, parent.depth + 1, first + number + 1),
            depth=parent.depth + 1,
            numchild=0,
            title=(title := " ".join(chance.choices(_words(), k=6))[:250]),
            draft_title=title,
            slug=f"bench-{number}",
            url_path=f"{parent.url_path}bench-{number}/",
            content_type=content_type,
            live=True,
            locale=parent.locale,
            first_published_at=now,
            last_published_at=now,
        )
        for number in range(count)
    ]
    focus = Concept.objects.get(vocabulary__slug="focus", slug="lernen")
    audience = Concept.objects.get(vocabulary__slug="audience", slug="lehrkraefte")
    with transaction.atomic():
        Page.objects.bulk_create(pages, batch_size=500)
        Page.objects.filter(pk=parent.pk).update(numchild=first + count)
        keys = list(Page.objects.filter(slug__startswith="bench-").order_by("pk").values_list("pk", flat=True))
        for model, key in ((LibraryPage, "page_ptr_id"), (MaterialPage, "librarypage_ptr_id")):
            fields = [field for field in model._meta.local_concrete_fields if field.attname != key]
            columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
            marks = ", ".join(["%s"] * (len(fields) + 1))
            rows = []
            for pk in keys:
                values = [_value(field, chance, _words()) for field in fields]
                rows.append([pk, *values])
            with connection.cursor() as cursor:
                sql = f"INSERT INTO {model._meta.db_table} ({key}, {columns}) VALUES ({marks})"
                cursor.executemany(sql, rows)
        for field, concept in ((LibraryPage.focus, focus), (LibraryPage.audience, audience)):
            through: type[models.Model] = field.through
            through._default_manager.bulk_create(
                [through(librarypage_id=pk, concept_id=concept.pk) for pk in keys], batch_size=500
            )


def _value(field: object, chance: object, words: list[str]) -> object:
    from django.db import connection

    name = field.attname
    if name == "summary":
        return " ".join(chance.choices(words, k=25))[:400]
    if name == "body":
        text = " ".join(chance.choices(words, k=120))
        import json

        return json.dumps([{"type": "text", "value": f"<p>{text}</p>", "id": "1"}])
    default = field.get_default()
    return field.get_db_prep_save(default, connection)
