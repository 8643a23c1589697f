"""The documentation says what the code does: nothing undocumented, nothing documented that is gone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image

from config.environment import SETTINGS
from core.declared.page_types import areas, searchable_types
from search.facets.facets import FACETS
from search.web.api.endpoints import api
from search.web.api.schema import ErrorAnswer, ItemAnswer, MetaAnswer
from search.web.forms import PARAMETERS
from tests.layers import MAY_IMPORT

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
RECORDS = sorted((DOCS / "decisions").glob("*.md"))
COMMANDS = sorted(path.stem for path in ROOT.glob("*/management/commands/[a-z]*.py"))
OWN_CHECKS = sorted(set(re.findall(r'"(search\.E\d+)"', (ROOT / "search" / "checks.py").read_text())))
HEADINGS = ["Context", "Decision", "Consequences", "Evidence"]
MOST_IMAGE_BYTES = 250_000


def text_of(name: str) -> str:
    """Return the text of a page of the documentation."""
    return (ROOT / name).read_text(encoding="utf-8")


def first_cells(text: str) -> list[str]:
    """Return the code words in the first cell of each table row."""
    return [word for row in re.findall(r"^\| *(`[^|]*`) *\|", text, re.M) for word in re.findall(r"`([^`]+)`", row)]


def section(text: str, heading: str) -> str:
    """Return what stands below a heading, up to the next one of the same or a higher level."""
    level = heading.split()[0]
    rest = text.split(f"\n{heading}\n", 1)[1]
    return re.split(rf"^#{{1,{len(level)}}} ", rest, maxsplit=1, flags=re.M)[0]


# Settings ------------------------------------------------------------------------------------


def test_every_setting_is_in_the_operators_table_and_no_other() -> None:
    assert first_cells(section(text_of("docs/operations.md"), "## Settings")) == list(SETTINGS)


@pytest.mark.parametrize("name", [name for name, setting in SETTINGS.items() if setting.default])
def test_the_operators_table_tells_the_default(name: str) -> None:
    row = re.search(rf"^\| `{name}` \|([^|]*)\|", text_of("docs/operations.md"), re.M)
    assert row is not None
    assert row[1].strip() == f"`{SETTINGS[name].default}`"


# API -----------------------------------------------------------------------------------------


def test_every_parameter_of_the_search_is_documented_and_no_other() -> None:
    documented = first_cells(section(text_of("docs/api.md"), "## Search"))
    assert set(documented) - {"400", "503"} == set(PARAMETERS)
    assert len(documented) == len(set(documented))


def test_facets_are_documented_with_their_labels_in_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+)", section(text_of("docs/api.md"), "### Facets"), re.M)
    assert rows == [(facet.name, str(facet.label)) for facet in FACETS]


def test_every_area_and_type_is_documented() -> None:
    rows = dict(
        re.findall(r"^\| `(area|type)` \| \w+ \| (.+) \|$", section(text_of("docs/api.md"), "### Facets"), re.M)
    )
    assert set(re.findall(r"`([a-z-]+)`", rows["area"])) == set(areas())
    assert set(re.findall(r"`([a-z-]+)`", rows["type"])) == {one.search_type for one in searchable_types()}


@pytest.mark.parametrize("facet", [facet.name for facet in FACETS if facet.has_vocabulary])
def test_documented_values_of_a_facet_exist(facet: str) -> None:
    row = re.search(rf"^\| `{facet}` \|[^|]*\|([^|]*)\|", section(text_of("docs/api.md"), "### Facets"), re.M)
    assert row is not None
    shipped = json.loads((ROOT / "vocabularies" / "data" / f"{facet}.json").read_text())
    slugs = [concept["slug"] for concept in shipped["concepts"]]
    documented = re.findall(r"`([^`]+)`", row[1])
    assert documented
    assert set(documented) <= set(slugs)
    if "…" not in row[1]:
        assert documented == slugs


def test_every_field_of_an_answer_is_named() -> None:
    text = text_of("docs/api.md")
    fields = {*ItemAnswer.model_fields, *MetaAnswer.model_fields, *ErrorAnswer.model_fields}
    assert {name for name in fields if f'"{name}"' not in text and f"`{name}`" not in text} == set()


def test_every_address_of_the_api_is_named() -> None:
    text = text_of("docs/api.md")
    assert {path for path in api.get_openapi_schema()["paths"] if path not in text} == set()


def test_json_examples_can_be_read() -> None:
    examples = re.findall(r"```json\n(.*?)```", text_of("docs/api.md"), re.S)
    assert len(examples) >= 2
    for example in examples:
        json.loads(example)


# Commands ------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_operators_list(command: str) -> None:
    assert f"`{command}`" in section(text_of("docs/operations.md"), "## All commands")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_a_page_tells_to_run_exist(page: Path) -> None:
    from django.core.management import get_commands

    text = page.read_text(encoding="utf-8")
    told_to_write = set(re.findall(r"^ *```python \w+/management/commands/(\w+)\.py$", text, re.M))
    named = set(re.findall(r"manage\.py ([a-z][a-z_]+)", text)) - {"help"}
    assert named <= {*get_commands(), *told_to_write}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_options_of_our_commands_that_a_page_names_exist(page: Path) -> None:
    from django.core.management import get_commands, load_command_class

    ours = {name: app for name, app in get_commands().items() if app in MAY_IMPORT}
    for command, rest in re.findall(r"manage\.py ([a-z_]+)([^\n`#|]*)", page.read_text(encoding="utf-8")):
        for option in re.findall(r"(?<!\S)\[?--([a-z-]+)", rest):
            if command in ours:
                parser = load_command_class(ours[command], command).create_parser("manage.py", command)
                assert re.search(rf"--{option}\b", parser.format_help()), f"{command} has no --{option}"


def test_every_make_target_is_in_the_readme() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", text_of("Makefile"), re.M)
    readme = text_of("README.md")
    assert len(targets) > 5
    assert {target for target in targets if not re.search(rf"`{target}`|make {target}\b", readme)} <= {"help"}
    assert set(re.findall(r"\bmake ([a-z]+)\b", readme)) <= set(targets)


# Architecture and decisions ------------------------------------------------------------------


def test_every_file_of_the_pipeline_is_in_the_architecture() -> None:
    pipeline = section(text_of("docs/architecture.md"), "## The search pipeline, room by room")
    files = {path.name for path in (ROOT / "search").rglob("*.py") if "migrations" not in path.parts} - {"__init__.py"}
    assert {name for name in files if f"`{name}`" not in pipeline} == set()
    named = set(re.findall(r"`(\w+\.py)`", pipeline))
    assert {name for name in named if not list((ROOT / "search").rglob(name))} == set()


def test_every_system_check_is_in_the_architecture() -> None:
    text = text_of("docs/architecture.md")
    assert OWN_CHECKS
    assert {
        check for check in OWN_CHECKS if f"`{check}`" not in text and f"`{check.split('.')[1]}`" not in text
    } == set()


def test_the_layers_in_the_architecture_are_those_that_are_tested() -> None:
    """Each app stands on one line, above all that it may import and below or beside all others."""
    drawn = section(text_of("docs/architecture.md"), "## Layers").split("```")[1].replace("(demo", "(").splitlines()
    floor = {app: number for number, line in enumerate(drawn) for app in re.findall(r"[a-z]+", line.split("(")[0])}
    floor.pop("text", None)
    assert set(floor) == set(MAY_IMPORT)
    for app, others in MAY_IMPORT.items():
        assert {other for other in others if floor[other] <= floor[app]} <= ({"home"} if app == "demo" else set())


def test_decision_records_are_numbered_without_gaps() -> None:
    assert [int(path.name[:4]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_a_decision_record_is_listed_and_complete(record: Path) -> None:
    text = record.read_text(encoding="utf-8")
    listed = section(text_of("docs/architecture.md"), "## Decisions")
    assert f"(decisions/{record.name})" in listed
    assert text.startswith(f"# {record.name[:4]}: ")
    assert re.findall(r"^## (.+)$", text, re.M) == HEADINGS
    assert len(text.split()) < 500, "half a page"


# The editors' handbook -----------------------------------------------------------------------


def test_the_handbook_calls_things_by_the_names_on_the_screen() -> None:
    from library.models import LibraryPage
    from search.editors.viewsets import SearchViewSetGroup
    from search.models import LexiconWord, Pin, SynonymSet
    from vocabularies.viewsets import ConceptViewSet, TopicViewSet, VocabularyGroup

    text = text_of("docs/editors.md")
    names = [model._meta.verbose_name for model in LibraryPage.__subclasses__()]
    names += [model._meta.verbose_name_plural for model in (Pin, SynonymSet, LexiconWord)]
    names += [view.menu_label for view in (ConceptViewSet, TopicViewSet, VocabularyGroup, SearchViewSetGroup)]
    names += [child.heading for page in LibraryPage.__subclasses__()[:1] for child in page.edit_handler.children[:-1]]
    assert {str(name) for name in names if str(name) not in text} == set()


# Links and pictures --------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as they are made from the text."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_within_the_documentation_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        linked = (page.parent / name).resolve() if name else page
        assert linked.exists(), f"{target} leads nowhere"
        if anchor:
            assert anchor in anchors(linked.read_text(encoding="utf-8")), f"{target} has no such heading"


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    queue = [ROOT / "README.md"]
    while queue:
        page = queue.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        for target in re.findall(r"\]\(([^)\s#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            queue.append((page.parent / target).resolve())
    assert set(PAGES) - reached == set()


def test_the_screenshots_are_wide_enough_and_small() -> None:
    from docs.make_screenshots import SHOTS

    assert len(SHOTS) >= 2
    for shot in SHOTS:
        assert shot.image.relative_to(ROOT).as_posix() in text_of("README.md")
        with Image.open(shot.image) as picture:
            assert picture.width == shot.width * shot.scale
        assert shot.image.stat().st_size <= MOST_IMAGE_BYTES
