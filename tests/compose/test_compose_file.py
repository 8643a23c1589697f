"""docker-compose.yml, Dockerfile and the proxy's configuration: valid, documented, and closed where they can be."""

from __future__ import annotations

import base64
import http.server
import json
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, ClassVar

import pytest

from config.environment import SETTINGS
from tests.compose import compose_file
from tests.compose.stack import SECRETS, TEMPLATE, VALUES
from tests.elasticsearch import node
from tests.states import ROOT
from tests.test_docs import first_cells, section, text_of

COMPLETE = {**VALUES, "BASE_URL": "https://localhost"}
OURS = ("web", "worker", "setup")
ENDING = ("setup", "search-user")


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
    assert set(services) == {"proxy", "web", "worker", "reader", "setup", "db", "search", "search-user"}
    networks = set(compose_file.load(COMPLETE)["networks"])
    for name, service in services.items():
        assert ("healthcheck" in service) == (name not in ENDING), name
        assert set(service.get("networks", [])) <= networks
        assert service["networks"] if name != "reader" else service["network_mode"] == "none"
    volumes = set(compose_file.load(COMPLETE)["volumes"])
    mounted = {entry.partition(":")[0] for service in services.values() for entry in service.get("volumes", [])}
    assert {entry for entry in mounted if not entry.startswith("./")} == volumes


@pytest.mark.parametrize("name", ["ALLOWED_HOSTS", "BASE_URL"])
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
        "OIDC_CLIENT_SECRET",
        "DEBUG",
        *COMPLETE,
    }
    fixed |= {
        "SECRET_KEY",
        "SECRET_KEY_FALLBACKS",
        "DATABASE_PASSWORD",
        "SEARCH_PASSWORD",
        "OIDC_CLIENT_SECRET",
        "CLIENT_ADDRESS_HEADER",
    }
    assert {name: given[name] for name in SETTINGS if name not in fixed} == {
        name: setting.default for name, setting in SETTINGS.items() if name not in fixed
    }


def test_the_example_holds_known_names_and_no_secret() -> None:
    example = compose_file.example()
    assert set(example) <= compose_file.variables()
    assert all(example.values())
    compose_file.load(example)
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text().split()
    assert ".env" in (ROOT / ".gitignore").read_text().split()
    assert "deploy/certificates/" in (ROOT / ".gitignore").read_text().split()


def test_no_secret_is_in_an_environment_and_each_reaches_only_those_who_need_it(services: dict[str, Any]) -> None:
    made = set(compose_file.load(COMPLETE)["secrets"])
    readers = {
        name: {service for service, found in services.items() if name in found.get("secrets", [])} for name in made
    }
    assert readers == {
        **{key: set(OURS) for key in ("secret-key", "former-secret-keys", "email-url", "oidc-client-secret")},
        "database-password": {*OURS, "db"},
        "search-password": {*OURS, "search-user"},
        "postgres-password": {"db"},
        "elastic-password": {"search", "search-user"},
    }
    for name, service in services.items():
        for variable, value in service.get("environment", {}).items():
            assert variable.endswith("_FILE") or not re.search(r"PASSWORD|SECRET", variable), (name, variable)
            if "/run/secrets/" in str(value):
                assert value.removeprefix("/run/secrets/") in service["secrets"], (name, variable)
    for variable in ("DATABASE_URL", "SEARCH_URL"):
        assert "//fundus@" in services["web"]["environment"][variable].replace("elasticsearch+http:", "")
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


def test_secrets_are_made_once_for_their_owner_and_differ(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    made = {Path(value["file"]).name for value in compose_file.load(COMPLETE)["secrets"].values()}
    subprocess.run([SECRETS, folder], check=True, capture_output=True)
    first = {path.name: path.read_text().strip() for path in folder.iterdir()}
    assert set(first) == made
    values = [value for value in first.values() if value]
    assert len({*values}) == len(values) == 5
    assert all(re.fullmatch(r"[\w-]{64}", value) for value in values)
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "elastic-password").stat().st_mode & 0o777 == 0o400
    subprocess.run([SECRETS, folder], check=True, capture_output=True)
    assert {path.name: path.read_text().strip() for path in folder.iterdir()} == first


class Asked(http.server.BaseHTTPRequestHandler):
    """Elasticsearch, as far as it is told of users."""

    heard: ClassVar[list[tuple[str, str | None, Any]]] = []

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((self.path, self.headers["Authorization"], json.loads(body)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def test_the_search_gets_a_user_who_may_do_all_to_the_sites_indexes_and_nothing_else(
    services: dict[str, Any], tmp_path: Path
) -> None:
    subprocess.run([SECRETS, tmp_path], check=True, capture_output=True)
    command = services["search-user"]["command"]
    with http.server.HTTPServer(("127.0.0.1", 0), Asked) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        script = command[-1].replace("/run/secrets", str(tmp_path))
        script = script.replace("http://search:9200", f"http://127.0.0.1:{server.server_port}")
        done = subprocess.run([*command[:-1], script], capture_output=True, text=True, check=False)
        server.shutdown()
        thread.join()
    assert done.returncode == 0, done.stderr
    elastic, ours = ((tmp_path / f"{name}-password").read_text().strip() for name in ("elastic", "search"))
    access = "Basic " + base64.b64encode(f"elastic:{elastic}".encode()).decode()
    role = {"cluster": ["monitor"], "indices": [{"names": ["fundus-*"], "privileges": ["all"]}]}
    assert Asked.heard == [
        ("/_security/role/fundus", access, role),
        ("/_security/user/fundus", access, {"password": ours, "roles": ["fundus"]}),
    ]


def test_nobody_can_do_more_than_needed(services: dict[str, Any]) -> None:
    for name, service in services.items():
        # Elasticsearch writes beside its settings.
        assert service.get("read_only", False) is (name != "search"), name
        assert service["cap_drop"] == ["ALL"], name
        assert "cap_add" not in service, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name
        # The images of Elasticsearch and ours name their users themselves.
        if name in ("proxy", "db"):
            assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"]), name
    assert "\nUSER fundus\n" in (ROOT / "Dockerfile").read_text()


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
    networks = compose_file.load(COMPLETE)["networks"]
    assert [name for name, network in networks.items() if not (network or {}).get("internal")] == ["outside"]
    # The worker sends mails; nobody else gets out.
    assert {name for name, service in services.items() if "outside" in service.get("networks", [])} == {
        "proxy",
        "worker",
    }
    assert {name for name, service in services.items() if "front" in service.get("networks", [])} == {"proxy", "web"}
    assert services["db"]["networks"] == services["search"]["networks"] == ["inside"]
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
