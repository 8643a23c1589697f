"""A start with bad settings ends at once, and its last line says which setting and why."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.embeddings import embeddings, embeddings_budget, models_dir
from config.environment import SETTINGS, is_set, read
from config.search_engine import search_engine

pytestmark = pytest.mark.services  # each starts the site in a process of its own

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "a-signing-key-for-tests-" + "0123456789" * 4
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "fundus.example.org",
    "BASE_URL": "https://fundus.example.org",
}


def check(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py check` with these settings and no others."""
    clean = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "FUNDUS_DATA_DIR": str(folder), **environment}
    return subprocess.run(
        [sys.executable, "manage.py", "check", *arguments],
        cwd=ROOT,
        env={**clean, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return what the operator reads last, without the name of the exception."""
    lines = done.stderr.strip().splitlines()
    return lines[-1].partition("ImproperlyConfigured: ")[2] if lines else ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("VOCABULARY_BASE_URI", "https://fundus.example.org/vocab"),
        ("EMAIL_URL", "ftp://mail.example.org"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "unknown://host/name"),
        ("DATABASE_URL", "postgres://user:password@host:port/name"),
        ("SEARCH_URL", "unknown:"),
        ("SEARCH_URL", "elasticsearch://host"),
        ("SEARCH_URL", "elasticsearch+http://user@host"),
        ("SEARCH_URL", "elasticsearch+http://host:port"),
        ("SEARCH_URL", "elasticsearch+http://host/Prefix"),
        ("EMBEDDINGS", "unknown:"),
        ("LOG_LEVEL", "LOUD"),
        ("QUERY_COUNT_DAYS", "0"),
        ("QUERY_COUNT_DAYS", "ein Jahr"),
        ("BASE_URL", "fundus"),
        ("ACCEL_REDIRECT", "protected"),
        ("ACCEL_REDIRECT", "/"),
        ("EMAIL_URL", "smtp://mail.example.org:post"),
        ("DEFAULT_FROM_EMAIL", "noreply"),
        ("SECRET_KEY_FILE", "nowhere"),
        ("SECURITY_CONTACT", "sicherheit@example.org"),
    ],
)
def test_a_bad_value_stops_the_start_with_one_sentence(tmp_path: Path, name: str, value: str) -> None:
    done = check(tmp_path, **{name: value})
    assert done.returncode != 0
    assert name in last_line(done)
    assert len(last_line(done)) > len(name) + 10


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMAIL_URL", "smtp://user:geheim@host:x"),
        ("EMAIL_URL", "user:geheim"),
        ("EMAIL_URL", "ftp://user:geheim@host"),
        ("EMAIL_URL", "smtp://user:geheim/x@host"),
        ("DATABASE_URL", "postgres://user:geheim@host:x/name"),
        ("DATABASE_URL", "postgres://user:geheim/x@host/name"),
        ("DATABASE_URL", "geheim"),
        ("SEARCH_URL", "elasticsearch+http://user:geheim"),
        ("SEARCH_URL", "elasticsearch+http://user:geheim/x@host"),
        ("SEARCH_URL", "elasticsearch+http://user:geheim@ho st"),
        ("BASE_URL", "https://user:geheim@host:x"),
    ],
)
def test_an_address_that_cannot_be_read_is_not_repeated_with_its_password(
    tmp_path: Path, name: str, value: str
) -> None:
    done = check(tmp_path, **{name: value})
    assert done.returncode != 0
    assert last_line(done).startswith(name)
    assert "geheim" not in done.stderr + done.stdout


ELASTICSEARCH = {"SEARCH_URL": "elasticsearch+https://host"}


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("SEARCH_TIMEOUT", {**ELASTICSEARCH, "SEARCH_TIMEOUT": "soon"}),
        ("SEARCH_SHARDS", {**ELASTICSEARCH, "SEARCH_SHARDS": "0"}),
        ("SEARCH_REPLICAS", {**ELASTICSEARCH, "SEARCH_REPLICAS": "many"}),
        ("SEARCH_VECTORS", {**ELASTICSEARCH, "SEARCH_VECTORS": "quick"}),
        ("SEARCH_CA_FILE", {**ELASTICSEARCH, "SEARCH_CA_FILE": "nowhere.crt"}),
        ("SEARCH_CA_FILE", {"SEARCH_URL": "elasticsearch+http://host", "SEARCH_CA_FILE": "nowhere.crt"}),
        ("SEARCH_API_KEY", {"SEARCH_URL": "elasticsearch+https://user:secret@host", "SEARCH_API_KEY": "key"}),
    ],
)
def test_bad_values_for_elasticsearch_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, environment: dict[str, str]
) -> None:
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{name} ") as raised:
        search_engine()
    assert "secret" not in str(raised.value)


REMOTE = "openai+https://one.example.org/v1?model=m&dimensions=4"


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("EMBEDDINGS", {"EMBEDDINGS": "local"}),
        ("EMBEDDINGS", {"EMBEDDINGS": "local:models/mine"}),
        ("EMBEDDINGS", {"EMBEDDINGS": "https://one.example.org/v1?model=m&dimensions=4"}),
        ("EMBEDDINGS", {"EMBEDDINGS": "openai+https://one.example.org/v1"}),
        ("EMBEDDINGS", {"EMBEDDINGS": "openai+https://one.example.org/v1?model=m"}),
        ("EMBEDDINGS", {"EMBEDDINGS": "openai+https://?model=m&dimensions=4"}),
        ("EMBEDDINGS", {"EMBEDDINGS": "openai+https://one:port/v1?model=m&dimensions=4"}),
        ("EMBEDDINGS", {"EMBEDDINGS": "openai+https://one/v1?model=m&dimensions=many"}),
        ("EMBEDDINGS", {"EMBEDDINGS": "openai+https://one/v1?model=m&dimensions=5000"}),
        ("EMBEDDINGS", {"EMBEDDINGS": "openai+https://user:secret@one/v1?model=m&dimensions=4"}),
        ("EMBEDDINGS_TIMEOUT", {"EMBEDDINGS": REMOTE, "EMBEDDINGS_TIMEOUT": "soon"}),
        ("EMBEDDINGS_BUDGET", {"EMBEDDINGS_BUDGET": "0"}),
        ("FUNDUS_MODEL_DIR", {"FUNDUS_MODEL_DIR": "models"}),
    ],
)
def test_bad_values_for_embeddings_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, environment: dict[str, str]
) -> None:
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{name} ") as raised:
        _ = embeddings(), embeddings_budget(), models_dir()
    assert "secret" not in str(raised.value)


def test_embeddings_are_read_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EMBEDDINGS", "openai+https://one.example.org:8443/a/v1/?model=org/m%2B1&dimensions=1024")
    monkeypatch.setenv("EMBEDDINGS_QUESTION_PREFIX", '"query: "')
    monkeypatch.setenv("EMBEDDINGS_PASSAGE_PREFIX", "")
    read = embeddings()
    assert (read["NAME"], embeddings_budget()) == ("openai", 0.3)
    assert read["OPTIONS"] == {
        "url": "https://one.example.org:8443/a/v1", "model": "org/m+1", "dimensions": 1024, "api_key": "",
        "question_prefix": "query: ", "passage_prefix": "", "question_timeout": 0.3, "passage_timeout": 30.0,
    }  # fmt: skip
    monkeypatch.setenv("EMBEDDINGS_BUDGET", "500")
    assert (embeddings()["OPTIONS"]["question_timeout"], embeddings_budget()) == (0.5, 0.5)
    monkeypatch.delenv("EMBEDDINGS_BUDGET")
    monkeypatch.setenv("EMBEDDINGS", f"local:{tmp_path}")
    assert (embeddings(), embeddings_budget()) == ({"NAME": "local", "OPTIONS": {"path": str(tmp_path)}}, 0.15)
    monkeypatch.setenv("EMBEDDINGS", "")
    assert embeddings() == {"NAME": "", "OPTIONS": {}}


def test_the_address_of_elasticsearch_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "SEARCH_URL", "elasticsearch+https://us%40er:p%2Fw@one,[::1]:9201,three.example.org:9300/site-2/"
    )
    options = search_engine()["OPTIONS"]
    assert options["hosts"] == ("https://one:9200", "https://[::1]:9201", "https://three.example.org:9300")
    assert (options["user"], options["password"], options["prefix"]) == ("us@er", "p/w", "site-2")


def test_a_stopped_elasticsearch_does_not_stop_the_start(tmp_path: Path) -> None:
    done = check(tmp_path, SEARCH_URL="elasticsearch+http://127.0.0.1:9/fundus")
    assert done.returncode == 0, done.stderr


def test_a_data_folder_that_cannot_be_made_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = check(tmp_path / "file" / "below")
    assert done.returncode != 0
    assert last_line(done).startswith("FUNDUS_DATA_DIR ")
    assert "cannot be created" in last_line(done)


def test_the_data_folder_is_made_when_missing(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    done = check(folder)
    assert done.returncode == 0, done.stderr
    assert folder.is_dir()


def test_the_developers_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    assert check(tmp_path).returncode == 0
    key = (tmp_path / "secret-key").read_text()
    assert len(key) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
    assert check(tmp_path).returncode == 0
    assert (tmp_path / "secret-key").read_text() == key


def test_production_starts_with_what_it_needs(tmp_path: Path) -> None:
    done = check(tmp_path, **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "secret-key").exists()


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without(tmp_path: Path, name: str) -> None:
    done = check(tmp_path, **{key: value for key, value in PRODUCTION.items() if key != name})
    assert done.returncode != 0
    assert last_line(done).startswith(f"{name} is not set")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "x" * 60),
        ("ALLOWED_HOSTS", " , "),
        ("ALLOWED_HOSTS", "fundus.example.org,*"),
        ("HSTS", "a year"),
        ("DEBUG", "true"),
        ("EMAIL_URL", "console:"),
    ],
)
def test_production_refuses(tmp_path: Path, name: str, value: str) -> None:
    done = check(tmp_path, **PRODUCTION | {name: value})
    assert done.returncode != 0
    assert last_line(done).startswith(name)


def test_every_setting_has_a_sentence_of_help() -> None:
    for setting in SETTINGS.values():
        assert setting.name.isupper()
        assert setting.help.endswith(".")
        assert len(setting.help) > 20


def test_production_lacks_nothing_that_django_asks_for_but_what_was_decided(tmp_path: Path) -> None:
    done = check(tmp_path, "--deploy", **PRODUCTION)
    # Subdomains and preloading are the operator's decision; the site frames its own previews.
    assert set(re.findall(r"security\.W\d+", done.stderr)) == {"security.W005", "security.W019", "security.W021"}


SECRETS = sorted(name for name, setting in SETTINGS.items() if setting.is_secret)


def test_whatever_may_hold_a_password_or_key_may_lie_in_a_file() -> None:
    telling = re.compile(r"KEY|PASSWORD|_SECRET|_URL$")
    assert {*SECRETS} == {name for name in SETTINGS if telling.search(name) and name != "BASE_URL"}


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_read_from_the_file_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv(name, raising=False)
    file = tmp_path / "secret"
    monkeypatch.setenv(f"{name}_FILE", str(file))
    with pytest.raises(ImproperlyConfigured, match=f"^{name}_FILE .* cannot be read: No such file"):
        read(name)
    file.write_text("geheim\n")
    assert (read(name), is_set(name)) == ("geheim", True)
    monkeypatch.setenv(name, "anderes")
    with pytest.raises(ImproperlyConfigured, match=f"^{name} and {name}_FILE exclude each other") as raised:
        read(name)
    assert "geheim" not in str(raised.value)
    # An empty file is none.
    file.write_text("\n")
    assert read(name) == "anderes"


def test_what_is_no_secret_is_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "name").write_text("Aus der Datei")
    monkeypatch.setenv("SITE_NAME_FILE", str(tmp_path / "name"))
    assert read("SITE_NAME") == "Fundus"


def test_production_takes_its_secrets_from_files(tmp_path: Path) -> None:
    for name, value in {"key": KEY, "former": f"{KEY}1,{KEY}2", "password": "p@ss/wort"}.items():
        (tmp_path / name).write_text(f"{value}\n")
    files = {"SECRET_KEY": "key", "SECRET_KEY_FALLBACKS": "former", "DATABASE_PASSWORD": "password"}
    files["SEARCH_PASSWORD"] = "password"
    environment = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"} | {
        **{f"{name}_FILE": str(tmp_path / file) for name, file in files.items()},
        "DATABASE_URL": "postgres://fundus@db:5432/fundus",
        "SEARCH_URL": "elasticsearch+http://fundus@search:9200/fundus",
        "PATH": os.environ["PATH"],
    }
    code = (
        "from django.conf import settings as s; from django.core.signing import Signer;"
        "print(s.SECRET_KEY, len(s.SECRET_KEY_FALLBACKS), s.DATABASES['default']['PASSWORD'],"
        " s.SEARCH_ENGINE['OPTIONS']['password'], Signer().unsign(Signer(key=s.SECRET_KEY_FALLBACKS[1]).sign('alt')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout.split() == [KEY, "2", "p@ss/wort", "p@ss/wort", "alt"], done.stderr
