"""A new page type needs its model, template, migration and a row of relevance data, and no change in any other file.

`tests/scratch_app` is such a type in an app of its own. One process is started with it among the installed apps; each
test looks at one thing that was seen there.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests import states
from tests.words import unbroken

TITLE = "Hobeln und zählen"
ADDRESS = "/bibliothek/hobeln-und-zaehlen/"


def test_the_app_holds_these_four_and_nothing_else() -> None:
    app = states.ROOT / "tests" / "scratch_app"
    files = {path.relative_to(app).as_posix() for path in app.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert files - {"__init__.py", "migrations/__init__.py"} == {
        "models.py",
        "templates/scratch_app/workshop_page.html",
        "migrations/0001_initial.py",
        "relevance.toml",
    }


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What editors, visitors and programs saw of the new type."""
    folder = tmp_path_factory.mktemp("scratch")
    states.copy(states.SITE, folder)
    done = subprocess.run(
        [sys.executable, "-m", "tests.processes.visit_scratch_app"],
        cwd=states.ROOT,
        env={**states.environment(folder), "DJANGO_SETTINGS_MODULE": "tests.processes.with_scratch_app"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_it_is_allowed_below_the_entrances_it_names_and_nowhere_else(seen: Any) -> None:
    assert seen["forms"] == {"HomePage": 200, "LibraryIndexPage": 200, "NetworkIndexPage": 302}


def test_editors_write_it_and_chief_editors_publish_it(seen: Any) -> None:
    assert (seen["written"], seen["preview"]) == (302, 200)
    assert not seen["live when handed in"]
    assert (seen["editor may publish"], seen["chief may publish"]) == (False, True)


def test_its_page_is_served(seen: Any) -> None:
    assert f"<h1>{TITLE}</h1>" in seen["page"]


def test_it_is_found_and_shown_with_the_label_and_icon_that_it_declares(seen: Any) -> None:
    assert ADDRESS in seen["results"]
    card = seen["results"].partition('<article class="hit')[2].partition("</article>")[0]
    assert 'icons.svg#file-text"' in card
    assert "Werkstattbericht" in unbroken(card)
    assert "aufgeschrieben von </span>M. Muster" in seen["kept"]


def test_the_row_of_its_relevance_data_holds(seen: Any) -> None:
    assert seen["lead"] == seen["wanted"]


def test_type_and_area_are_values_of_their_facets_with_their_labels(seen: Any) -> None:
    assert seen["types"]["workshop"] == "Werkstattbericht"
    assert seen["areas"]["workshops"] == "Werkstätten"
    assert ADDRESS in seen["narrowed"]
    assert "Werkstätten" in seen["narrowed"]


def test_both_interfaces_for_programs_have_it(seen: Any) -> None:
    assert seen["api of pages"] == [[TITLE, "M. Muster"]]
    assert seen["api of search"] == [["workshop", ["Werkstätten"]]]


def test_it_is_in_sitemap_feed_and_suggestions(seen: Any) -> None:
    for place in ("sitemap", "feed"):
        assert ADDRESS in seen[place]
    assert TITLE in seen["suggested"]


def test_it_is_new_in_stock_on_the_home_page_and_first_of_the_newest(seen: Any) -> None:
    assert ADDRESS in seen["home"].partition('id="neu"')[2]
    assert seen["newest"] == TITLE


def test_visitors_keep_it(seen: Any) -> None:
    assert ADDRESS in seen["kept"]
