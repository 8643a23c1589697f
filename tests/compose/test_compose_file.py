"""docker-compose.yml, Dockerfile and the proxy's configuration: valid, documented, and closed where they can be."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config.environment import SETTINGS
from tests.compose import compose_file
from tests.compose.stack import TEMPLATE, VALUES
from tests.elasticsearch import node
from tests.states import ROOT
from tests.test_docs import first_cells, section, text_of

SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD", "ELASTIC_PASSWORD"}
COMPLETE = {**VALUES, "BASE_URL": "https://localhost"}
OURS = ("web", "worker", "setup")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """The services of the file, with the least that an operator sets."""
    found: dict[str, Any] = compose_file.load(COMPLETE)["services"]
    return found


def validate(path: Path) -> subprocess.CompletedProcess[str]:
    """Check a file against the schema of the Compose specification that check-jsonschema brings along."""
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_file_follows_the_compose_specification(tmp_path: Path) -> None:
    done = validate(compose_file.FILE)
    assert done.returncode == 0, done.stdout + done.stderr
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(compose_file.FILE.read_text().replace("healthcheck:", "heathcheck:", 1))
    assert validate(wrong).returncode == 1


def test_what_it_is_made_of(services: dict[str, Any]) -> None:
    assert set(services) == {"proxy", "web", "worker", "reader", "setup", "db", "search"}
    for name, service in services.items():
        assert ("healthcheck" in service) == (name != "setup"), name
        for network in service.get("networks", []):
            assert network in ("inside", "outside")
    volumes = set(compose_file.load(COMPLETE)["volumes"])
    mounted = {entry.partition(":")[0] for service in services.values() for entry in service["volumes"]}
    assert {entry for entry in mounted if not entry.startswith("./")} == volumes


@pytest.mark.parametrize("name", sorted({*SECRETS, "ALLOWED_HOSTS", "BASE_URL"}))
def test_it_does_not_start_without(name: str) -> None:
    with pytest.raises(compose_file.UnsetError, match=f"^{name}: set "):
        compose_file.load({key: value for key, value in COMPLETE.items() if key != name})


def test_every_variable_is_documented_and_no_other() -> None:
    documented = first_cells(section(text_of("docs/operations.md"), "### Values of Compose"))
    own = compose_file.variables() - set(SETTINGS)
    assert sorted(documented) == sorted(own)
    assert compose_file.variables() - own <= set(SETTINGS)


def test_defaults_are_those_of_the_settings(services: dict[str, Any]) -> None:
    given = services["web"]["environment"]
    fixed = {
        "DATABASE_URL",
        "SEARCH_URL",
        "ACCEL_REDIRECT",
        "FUNDUS_DATA_DIR",
        "FUNDUS_MODEL_DIR",
        "READER",
        "DEBUG",
        *COMPLETE,
    }
    assert {name: given[name] for name in SETTINGS if name not in fixed} == {
        name: setting.default for name, setting in SETTINGS.items() if name not in fixed
    }


def test_the_example_holds_known_names_and_no_secret() -> None:
    example = compose_file.example()
    assert set(example) <= compose_file.variables()
    assert {name for name, value in example.items() if not value} == SECRETS
    compose_file.load({**example, **dict.fromkeys(SECRETS, "x")})
    assert ".env" in (ROOT / ".gitignore").read_text().split()
    assert "deploy/certificates/" in (ROOT / ".gitignore").read_text().split()


def test_passwords_reach_those_who_ask(services: dict[str, Any]) -> None:
    for name in OURS:
        environment = services[name]["environment"]
        assert ":only-for-tests@db:5432/" in environment["DATABASE_URL"]
        assert "elastic:only-for-tests@search:9200/" in environment["SEARCH_URL"]
    assert services["db"]["environment"]["POSTGRES_PASSWORD"] == "only-for-tests"
    search = services["search"]["environment"]
    assert (search["ELASTIC_PASSWORD"], search["xpack.security.enabled"]) == ("only-for-tests", "true")
    other = compose_file.load({**COMPLETE, "SEARCH_URL": "elasticsearch+https://cloud.example.org/fundus"})
    assert other["services"]["web"]["environment"]["SEARCH_URL"].endswith("//cloud.example.org/fundus")


def test_who_reads_files_has_nothing_but_its_socket(services: dict[str, Any]) -> None:
    reader = services["reader"]
    assert reader["network_mode"] == "none"
    assert "networks" not in reader
    assert reader["environment"] == {"LANG": "C.UTF-8"}
    assert reader["volumes"] == ["reader:/reader"]
    assert reader["user"] == "10002:10001"
    image = (ROOT / "Dockerfile").read_text()
    assert "useradd --uid 10002 --gid fundus " in image
    assert "chown reader:fundus /reader" in image
    kind, _, path = services["web"]["environment"]["READER"].partition(":")
    assert (kind, path) == ("unix", reader["command"][-1])
    assert all("reader:/reader:ro" in services[name]["volumes"] for name in OURS)


@pytest.mark.parametrize("name", ["proxy", "reader", *OURS])
def test_what_faces_visitors_can_do_little(services: dict[str, Any], name: str) -> None:
    service = services[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    user = service["user"].partition(":")[0] if "user" in service else "fundus"
    assert user not in ("0", "root")
    assert "user" in service or f"\nUSER {user}\n" in (ROOT / "Dockerfile").read_text()


def test_no_service_can_take_the_memory_of_the_host(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert re.fullmatch(r"\d+[mg]", service["mem_limit"]), name
        assert 0 < service["pids_limit"] <= 4096, name
        for entry in service.get("tmpfs", []):
            size = re.search(r":size=(\d+)([mg])\b", entry)
            assert size is not None, f"{name}: {entry} grows without end"
            assert _megabytes(*size.groups()) < _megabytes(service["mem_limit"][:-1], service["mem_limit"][-1]), name


def _megabytes(number: str, unit: str) -> int:
    return int(number) * (1024 if unit == "g" else 1)


def test_only_the_proxy_can_be_reached_and_it_reaches_only_the_web(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["proxy"]["networks"] == ["outside"]
    assert services["db"]["networks"] == services["search"]["networks"] == ["inside"]
    assert compose_file.load(COMPLETE)["networks"]["inside"]["internal"] is True
    volumes = services["proxy"]["volumes"]
    assert all(entry.endswith(":ro") for entry in volumes)
    # Never the whole data folder: it also holds counted searches.
    assert not [entry for entry in volumes if entry.startswith("data:")]


def test_volumes_are_the_folders_that_the_image_makes(services: dict[str, Any]) -> None:
    image = (ROOT / "Dockerfile").read_text()
    assert compose_file.image_environment()["FUNDUS_DATA_DIR"] == "/data"
    for entry in services["web"]["volumes"]:
        folder = entry.split(":")[1]
        assert folder == "/data" or f" {folder}" in image


def test_the_image_starts_what_the_file_starts(services: dict[str, Any]) -> None:
    image = [argument for argument in compose_file.image_command() if not argument.startswith("--workers")]
    assert image == services["web"]["command"]
    assert "--preload" in image


def test_the_search_is_the_version_that_is_tested_and_fits_into_its_memory(services: dict[str, Any]) -> None:
    assert services["search"]["image"].rpartition(":")[2] == node.VERSION
    gigabytes = [
        int(number) for number in re.findall(r"(\d+)g", f"{services['search']['environment']['ES_JAVA_OPTS']}")
    ]
    assert gigabytes[0] == gigabytes[1]
    assert int(services["search"]["mem_limit"].removesuffix("g")) >= 2 * gigabytes[0]


def test_the_proxy_fills_in_every_name_of_its_template(services: dict[str, Any]) -> None:
    wanted = set(re.findall(r"\$\{(\w+)\}", TEMPLATE.read_text()))
    filled = set(re.findall(r"\$([A-Z_]+)\b", services["proxy"]["command"][2].partition("\\\n")[0]))
    assert filled == wanted
    assert wanted <= set(services["proxy"]["environment"])
    assert services["proxy"]["environment"]["ACCEL_REDIRECT"] == services["web"]["environment"]["ACCEL_REDIRECT"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("${A}-${B:-b}", "1-b"),
        ("${B:-x${A}y}z", "x1yz"),
        ("$$A $${A}", "$A ${A}"),
        ("${A:?no}", "1"),
    ],
)
def test_variables_are_filled_in_as_compose_does(text: str, found: str) -> None:
    assert compose_file.interpolate(text, {"A": "1"}) == found
