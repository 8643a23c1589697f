"""The recipes of docs/developing.md: whoever follows them to the letter finds what they promise.

They are followed once, in a copy of the project; one process runs their commands and looks, and each test looks at one
thing that was seen there.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import recipes, states


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with all recipes in it."""
    folder = tmp_path_factory.mktemp("recipes") / "project"
    recipes.copy_project(folder)
    recipes.follow(folder)
    return folder


def run(folder: Path, *arguments: str, **environment: str) -> str:
    """Run Python in a copy of the project; it must end well."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**states.environment(folder / "var"), **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def seen(followed: Path) -> Any:
    """What visitors, programs and operators saw there."""
    states.copy(states.SITE, followed / "var")
    output = run(followed, "-m", "tests.processes.visit_recipes", DJANGO_SETTINGS_MODULE="config.settings.site")
    return json.loads(output.splitlines()[-1])


def test_there_is_a_recipe_for_each_of_these() -> None:
    assert recipes.recipes() == ["page type", "facet", "language", "importer", "engine", "job", "answer", "output"]


def test_a_block_that_does_not_fit_the_project_fails(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "some.py").write_text("one\ntwo\n")
    document = tmp_path / recipes.DOCUMENT
    document.write_text("1. Text\n\n   ```diff some.py\n    one\n   +half\n   ```\n")
    recipes.follow(tmp_path)
    assert (tmp_path / "some.py").read_text() == "one\nhalf\ntwo\n"
    document.write_text("```diff some.py\n three\n+four\n```\n")
    with pytest.raises(AssertionError, match="does not hold"):
        recipes.follow(tmp_path)
    document.write_text("```python some.py\none\n```\n")
    with pytest.raises(AssertionError, match="is there already"):
        recipes.follow(tmp_path)


def test_the_page_type_that_the_recipe_shows_is_the_one_that_is_tested() -> None:
    recipe = (states.ROOT / recipes.DOCUMENT).read_text(encoding="utf-8").partition("## Add a facet")[0]
    app = states.ROOT / "tests" / "scratch_app"
    linked = {states.ROOT / "docs" / target for target in re.findall(r"\]\((\.\./tests/scratch_app/[^)]+)\)", recipe)}
    assert {path.resolve().relative_to(app).name for path in linked} == {
        "models.py", "workshop_page.html", "relevance.toml",
    }  # fmt: skip
    assert (app.parent / "processes" / "test_new_page_type.py").exists()


def test_what_the_recipes_write_is_clean_and_formatted(followed: Path) -> None:
    run(followed, "-m", "ruff", "check", "--no-cache", ".")
    run(followed, "-m", "ruff", "format", "--no-cache", "--check", ".")


def test_a_facet_is_on_the_page_in_both_interfaces_in_openapi_and_counted(seen: Any) -> None:
    facet = seen["facet"]
    (counted,) = facet["counts"]
    assert counted["label"] == "Sozialform"
    assert [(value["label"], value["count"]) for value in counted["values"]] == [("Gruppenarbeit", 2)]
    assert "<span>Gruppenarbeit</span> <small>2</small>" in facet["page"]
    assert facet["narrowed"] == facet["by a name of the concept"] == ["Hobeln", "Sägen"]
    assert facet["described"]
    assert '"label": "Gruppenarbeit"' in facet["of a page"]


def test_a_language_finds_other_forms_of_a_word_marks_them_and_stays_in_its_locale(seen: Any) -> None:
    assert 'href="/fr/ensemble/"' in seen["french"]
    assert "<mark>enseignement</mark>" in seen["french"]
    assert seen["french in German"] == []


def test_an_importer_reports_each_row_and_changes_nothing_the_second_time(seen: Any) -> None:
    dry, first, second = seen["reports"]
    assert [line for line in dry.splitlines() if "\t" in line] == [line for line in first.splitlines() if "\t" in line]
    assert first.count("\tneu") == second.count("\tunverändert") == 2
    for report in seen["reports"]:
        assert "4\tSommerfest\tfehlerhaft\tdatum: " in report
        assert "exit 1: " in report
    assert seen["news"] == [["Werkstatt öffnet", 1], ["Fahrräder für alle", 1]]
    assert seen["tandem"] == ["Fahrräder für alle"]


def test_an_engine_is_chosen_by_its_class_and_answers(seen: Any) -> None:
    assert seen["engine"]["name"] == "NotingEngine"
    assert seen["engine"]["notes"]
    assert all(re.fullmatch(r"a search took \d+\.\d s", note) for note in seen["engine"]["notes"])


def test_an_engine_takes_part_in_the_tests_of_all_engines_and_every_recipe_keeps_to_the_layers(followed: Path) -> None:
    """A few tests of engines: that the one which this derives from passes them all is seen elsewhere."""
    (command,) = recipes.commands(followed, "python")
    few = "noting and (written or deletion or counts or swaps)"
    chosen = [f"({few}) or test_layers" if word == "noting" else word for word in command]
    output = run(followed, *chosen, "tests/test_layers.py", "-v")
    passed = re.findall(r"tests/(\S+?)::\S+ PASSED", output)
    assert passed.count("search/engines/test_contract.py") > 5
    assert passed.count("test_layers.py") > 10


def test_a_job_is_run_by_the_worker_and_logged(seen: Any) -> None:
    assert "job old_entries: 3" in seen["job"]["log"]
    assert seen["job"]["left"] == 1


def test_an_answer_is_a_card_for_its_question_alone(seen: Any) -> None:
    assert "Dienstag" in seen["card"]
    assert "14-17 Uhr" in seen["card"]
    (card,) = seen["misspelt card"]
    assert (card["kind"], card["title"], card["action"]["label"]) == ("lending", "Bibliothek", "Zur Bibliothek")
    assert seen["no card"] == []


def test_an_output_is_a_further_end_of_the_same_search(seen: Any) -> None:
    head, *rows = seen["table"].lstrip("\ufeff").splitlines()
    assert head == '"Titel";"Typ";"Jahr";"Adresse"'
    assert [row.split(";")[0].strip('"') for row in rows] == seen["listed"]
    assert len(rows) == 3
