"""What is in the repository and what must not be: locks with hashes, no secrets, nothing of one machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tokenize
import tomllib
from pathlib import Path
from tokenize import COMMENT
from urllib.parse import urlsplit

import editorconfig
import pytest
from ruamel.yaml import YAML

from tests.layers import MAY_IMPORT

ROOT = Path(__file__).resolve().parent.parent

TEXT_BYTES = 2_000_000
MACHINE_PATH = re.compile(r"(?<![\w.:*-])/(?:" + "|".join(("work", "root", "Users")) + r")/")
"""Home folders of people and build machines; written so that this file does not match itself."""

WELL_KNOWN_HOSTS = tuple(
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs", "org"), ("deb", "debian", "org"))
)
SECRET_NAMES = re.compile(
    r"(^|/)(\.env(\.(?!example$).*)?|secret-key|demo-login|.*\.(pem|key|p12|sqlite3(-wal|-shm)?))$"
)
PRIVATE_KEY = "-----BEGIN " + "PRIVATE KEY"


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """Return the names of all files that git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def texts(tracked: list[str]) -> dict[str, str]:
    """Return the tracked files that are text."""
    found = {}
    for name in tracked:
        data = (ROOT / name).read_bytes()
        if len(data) < TEXT_BYTES and b"\0" not in data:
            found[name] = data.decode("utf-8", "replace")
    return found


def lines_with(texts: dict[str, str], pattern: re.Pattern[str]) -> list[str]:
    """Return file, number and text of every line that holds the pattern."""
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_tracked_file_names_a_path_of_one_machine(texts: dict[str, str]) -> None:
    assert lines_with(texts, MACHINE_PATH) == []


def test_no_tracked_file_names_a_package_registry(texts: dict[str, str]) -> None:
    """Neither the public ones nor the one that this machine is set to use."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    listed += " ".join(value for name, value in os.environ.items() if "INDEX" in name or "REGISTRY" in name.upper())
    own = {urlsplit(address).hostname or "" for address in re.findall(r"https?://[^\s'\"]+", listed)}
    hosts = {host for host in (*WELL_KNOWN_HOSTS, *own) if "." in host and not host.startswith("127.")}
    assert lines_with(texts, re.compile("|".join(map(re.escape, sorted(hosts))))) == []


def test_no_secret_and_no_database_is_tracked(tracked: list[str], texts: dict[str, str]) -> None:
    assert [name for name in tracked if SECRET_NAMES.search(name)] == []
    assert lines_with(texts, re.compile(PRIVATE_KEY)) == []


def test_what_the_program_writes_is_ignored() -> None:
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {"var/", ".venv", "__pycache__/"} <= set(ignored)


EXCUSE = re.compile(r"#\s*(noqa|type:\s*ignore)\b")
EXCUSE_WITH_REASON = re.compile(r"# (noqa: [A-Z0-9, ]+ - |type: ignore\[[a-z, -]+\] # )\w.{5,}")
"""As in `# noqa: S308 - every value is escaped` or `# type: ignore[misc] # a mixin`: a code each, and why."""


def comments(name: str) -> list[tuple[int, str]]:
    """Return number and text of each comment in a file of Python."""
    with (ROOT / name).open("rb") as file:
        return [(token.start[0], token.string) for token in tokenize.tokenize(file.readline) if token.type == COMMENT]


def test_every_excuse_from_a_rule_has_a_code_and_a_reason(tracked: list[str]) -> None:
    """In `tests/` mypy does not look: an excuse from types would say nothing there."""
    bare = []
    for name in tracked:
        if name.endswith(".py"):
            within_tests = name.startswith("tests/")
            for number, comment in comments(name):
                excuse = EXCUSE.search(comment)
                if excuse and (excuse[1] != "noqa" if within_tests else not EXCUSE_WITH_REASON.search(comment)):
                    bare.append(f"{name}:{number}: {comment}")
    assert bare == []


def test_mypy_is_strict_and_leaves_out_no_more_than_it_must() -> None:
    mypy = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    assert mypy["strict"] is True
    assert {name for name, value in mypy.items() if value is False} == {"disallow_subclassing_any"}
    relaxed = [set(override) - {"module"} for override in mypy["overrides"]]
    assert relaxed == [{"ignore_missing_imports", "follow_imports"}, {"disallow_untyped_decorators"}]


def test_every_app_is_under_the_eyes_of_mypy() -> None:
    files = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["files"]
    assert files == sorted(MAY_IMPORT)


def test_every_template_script_and_style_sheet_is_within_reach_of_the_lint(tracked: list[str]) -> None:
    # The proxy's page holds instructions of its own, which none of our linters reads.
    folders = {".html": ("templates/", "tests/", "deploy/nginx/pages/"), ".js": ("static/",), ".css": ("static/css/",)}
    assert [name for name in tracked if not name.startswith(folders.get(Path(name).suffix, ""))] == []
    commands = (ROOT / "Makefile").read_text()
    assert "djlint --lint --quiet templates tests\n" in commands
    assert "oxlint --deny-warnings static\n" in commands


def test_the_hooks_before_a_commit_are_those_of_make_lint_and_download_nothing() -> None:
    repos = YAML(typ="safe").load(ROOT / ".pre-commit-config.yaml")["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    assert {hook["language"] for hook in repos[0]["hooks"]} == {"system"}
    in_hooks = {" ".join(hook["entry"].split()[:3]) for hook in repos[0]["hooks"]}
    steps = (ROOT / "Makefile").read_text().split("\nlint:")[1].split("\n\n")[0].splitlines()[1:]
    in_lint = {step.strip().replace("$(VENV)", ".venv").replace("$(PY)", ".venv/bin/python") for step in steps}
    assert len(in_hooks) == len(in_lint) == 6
    assert {tool.split()[0] for tool in in_hooks} == {tool.split()[0] for tool in in_lint}


def test_files_are_as_the_editorconfig_says(texts: dict[str, str]) -> None:
    wrong = []
    for name, text in texts.items():
        rules = editorconfig.get_properties(str(ROOT / name))
        if rules["end_of_line"] == "lf" and "\r\n" in text:
            wrong.append(f"{name}: line ends")
        if rules["insert_final_newline"] == "true" and text and not text.endswith("\n"):
            wrong.append(f"{name}: no line end at the end")
        if rules["trim_trailing_whitespace"] == "true" and re.search(r"[ \t]$", text, re.M):
            wrong.append(f"{name}: blanks at the end of a line")
        if rules["indent_style"] == "space" and re.search(r"^\t", text, re.M):
            wrong.append(f"{name}: tabs")
    assert wrong == []


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Return version and number of hashes of each package in a lock file."""
    packages: dict[str, tuple[str, int]] = {}
    current = ""
    for line in (ROOT / name).read_text().splitlines():
        if match := re.match(r"([A-Za-z0-9][\w.\-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", line):
            current = match[1].lower().replace("_", "-")
            packages[current] = (match[2], 0)
        elif re.match(r"\s+--hash=sha256:[0-9a-f]{64}", line):
            version, hashes = packages[current]
            packages[current] = (version, hashes + 1)
        else:
            assert not line.strip() or line.lstrip().startswith("#"), f"{name}: {line!r} is no locked requirement"
    return packages


@pytest.mark.parametrize(
    ("name", "least"), [("requirements.txt", 21), ("requirements-dev.txt", 21), ("requirements-uv.txt", 1)]
)
def test_every_locked_package_has_a_hash_and_no_index_is_named(name: str, least: int) -> None:
    packages = locked(name)
    assert len(packages) >= least
    assert [package for package, (_, hashes) in packages.items() if not hashes] == []


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-uv"])
def test_every_wanted_package_is_locked(name: str) -> None:
    wanted = [
        re.split(r"[~=<>\[;]", line)[0].strip().lower()
        for line in (ROOT / f"{name}.in").read_text().splitlines()
        if line.strip() and not line.startswith(("-r", "#"))
    ]
    assert set(wanted) <= set(locked(f"{name}.txt"))


def test_both_locks_agree() -> None:
    runtime, development = locked("requirements.txt"), locked("requirements-dev.txt")
    assert {name: version for name, (version, _) in runtime.items()} == {
        name: development.get(name, ("missing", 0))[0] for name in runtime
    }


def test_addresses_for_mail_in_our_papers_are_roles_under_a_name_that_nobody_has() -> None:
    papers = [path.read_text(encoding="utf-8") for path in ROOT.glob("*.md")]
    addresses = {address for text in papers for address in re.findall(r"[\w.+-]+@[\w.-]+\w", text)}
    assert addresses == {"security@fundus.example"}


def test_the_changelog_begins_with_what_is_to_come_and_then_names_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert headings[0] == "[Unreleased]"
    assert re.fullmatch(rf"\[{re.escape(version)}\] – \d{{4}}-\d\d-\d\d", headings[1])


def test_the_licence_text_is_the_declared_licence() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"]
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert declared == "EUPL-1.2"
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert text.rstrip().endswith("require the production of a new EUPL version.")


def test_the_container_gets_every_app_and_every_setting_it_needs() -> None:
    from config.environment import SETTINGS

    image = (ROOT / "Dockerfile").read_text()
    apps = {path.parent.name for path in ROOT.glob("*/migrations")} | {"config", "static", "templates"}
    assert {app for app in apps if f"\nCOPY {app} {app}\n" not in image} == set()
    compose = (ROOT / "docker-compose.yml").read_text()
    fixed_in_the_image = {"FUNDUS_DATA_DIR", "FUNDUS_MODEL_DIR", "DEBUG"}
    assert {name for name in SETTINGS if not re.search(rf"\n    {name}(_FILE)?:", compose)} == fixed_in_the_image
