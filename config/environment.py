"""Every setting that the environment may change, declared once with default and meaning.

The settings modules read values through `read`, the documentation test reads `SETTINGS`: so no
setting can exist without a line of help, and a bad value stops the start with one clear sentence.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, default (None: required in production) and meaning."""

    name: str
    default: str | None
    help: str


SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting("FUNDUS_DATA_DIR", "var", "Folder for database, media and index; relative to the checkout."),
        Setting("DATABASE_URL", "", "Database address; empty: SQLite in the data folder."),
        Setting(
            "SEARCH_URL",
            "embedded:",
            "Search engine: `embedded:` or `elasticsearch+http(s)://user:password@host:9200,host2:9200/prefix`.",
        ),
        Setting("SEARCH_API_KEY", "", "API key for Elasticsearch, instead of user and password."),
        Setting("SEARCH_CA_FILE", "", "File with the certificate authority of Elasticsearch; empty: the system's."),
        Setting("SEARCH_TIMEOUT", "3", "Seconds after which a search on Elasticsearch counts as failed."),
        Setting("SEARCH_SHARDS", "1", "Shards of a new Elasticsearch index; takes effect with `search_rebuild`."),
        Setting(
            "SEARCH_REPLICAS", "0-1", "Copies of a new Elasticsearch index: a number, or a range by number of nodes."
        ),
        Setting(
            "EMBEDDINGS",
            "local:",
            "Search by meaning: `local:`, `local:/path/of/a/model`, "
            "`openai+http(s)://host:port/v1?model=…&dimensions=…`; empty: by words only.",
        ),
        Setting("EMBEDDINGS_API_KEY", "", "API key for a remote that EMBEDDINGS names."),
        Setting("EMBEDDINGS_QUESTION_PREFIX", "", "What a remote's model wants before a question, in double quotes."),
        Setting("EMBEDDINGS_PASSAGE_PREFIX", "", "What a remote's model wants before a passage, in double quotes."),
        Setting("EMBEDDINGS_TIMEOUT", "30", "Seconds after which a remote has failed to embed passages."),
        Setting(
            "EMBEDDINGS_BUDGET",
            "",
            "Milliseconds that a search waits for the meaning of its question; empty: 150, or 300 from a remote.",
        ),
        Setting("FUNDUS_MODEL_DIR", "", "Folder of prepared models; empty: `models` in the data folder."),
        Setting(
            "SEARCH_VECTORS",
            "flat",
            "How a new Elasticsearch index searches vectors: `flat` (compares each) or `hnsw` (a graph, approximate).",
        ),
        Setting(
            "OCR_LANGUAGES",
            "",
            "Recognise the words of scanned pages with tesseract, in these languages: `deu`, `deu+eng`; empty: not at all.",
        ),
        Setting("UPLOAD_LIMIT", "100m", "Largest file that editors may upload, as nginx writes sizes: `100m`, `2g`."),
        Setting(
            "READER",
            "own:",
            "Who reads files: `own:` (a confined process of this one), `unix:/path/of/a/socket` (a service), "
            "`unconfined:` (developers only, refused in production).",
        ),
        Setting("SECRET_KEY", None, "Signing key, at least 50 characters; required in production."),
        Setting("ALLOWED_HOSTS", "", "Host names the site answers to, separated by commas; required in production."),
        Setting("BASE_URL", "http://localhost:8000", "Public address of the site, for mails, feeds and the API."),
        Setting("CSRF_TRUSTED_ORIGINS", "", "Origins allowed to send forms (https://…), separated by commas."),
        Setting("DEBUG", "false", "`true` shows error details; developers only, refused in production."),
        Setting(
            "VOCABULARY_BASE_URI", "https://example.org/vocab/", "Start of our own concepts' URIs; ends in a slash."
        ),
        Setting("SITE_NAME", "Fundus", "Name of the site as shown in titles and feeds."),
        Setting(
            "EMAIL_URL",
            "",
            "Outgoing mail: `smtp://user:password@host:25`; empty: none. `console:` writes mails to the log, for developers.",
        ),
        Setting("DEFAULT_FROM_EMAIL", "", "Sender of all mails; empty: noreply@ and the host of BASE_URL."),
        Setting("QUERY_COUNT_DAYS", "365", "Days for which counted searches are kept; they name no person."),
        Setting(
            "ACCEL_REDIRECT",
            "",
            "Internal location below which nginx sends the media folder; empty: the site sends files itself.",
        ),
        Setting("LOG_LEVEL", "INFO", "Log level: DEBUG, INFO, WARNING, ERROR."),
        Setting("LOG_FORMAT", "line", "Form of the log: `line` to read, `json` to collect."),
    )
}

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def read(name: str) -> str:
    """Return the value of the environment variable `name` or its declared default.

    Raises ImproperlyConfigured when the setting is required and missing, KeyError when undeclared.
    """
    setting = SETTINGS[name]
    value = os.environ.get(name, setting.default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. {setting.help}")
    return value.strip()


def read_bool(name: str) -> bool:
    """Return a yes/no setting. Raises ImproperlyConfigured on any other word."""
    value = read(name).lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")


def read_list(name: str) -> list[str]:
    """Return a comma-separated setting as a list without empty entries."""
    return [part.strip() for part in read(name).split(",") if part.strip()]


def read_number(name: str, least: int, most: int) -> int:
    """Return a whole number between `least` and `most`. Raises ImproperlyConfigured otherwise."""
    value = read(name)
    if not (value.isascii() and value.isdecimal() and len(value) < 10 and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def read_size(name: str) -> int:
    """Return a size in bytes, written as nginx does: 500k, 100m, 2g. Raises ImproperlyConfigured otherwise."""
    value = read(name).lower()
    match = re.fullmatch(r"([1-9][0-9]{0,5})([kmg])", value)
    if match is None:
        raise ImproperlyConfigured(f"{name} must be a size such as 100m, not {value!r}.")
    return int(match[1]) * int(1024 ** " kmg".index(match[2]))


def read_choice(name: str, choices: Iterable[str]) -> str:
    """Return the one of `choices` that a setting names, ignoring case. Raises ImproperlyConfigured otherwise."""
    value = read(name)
    known = {choice.lower(): choice for choice in choices}
    if value.lower() not in known:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(known.values())}, not {value!r}.")
    return known[value.lower()]


def read_address(name: str) -> SplitResult:
    """Return a setting that is an address with a scheme. Raises ImproperlyConfigured when it cannot be parsed."""
    value = read(name)
    # The value may hold a password, and so may the parser's message: neither is repeated.
    try:
        address = urlsplit(value)
        _ = address.port
    except ValueError:
        raise ImproperlyConfigured(f"{name} cannot be read: host or port is wrong.") from None
    if not address.scheme:
        raise ImproperlyConfigured(f"{name} does not say what kind of address it is.")
    return address


def data_dir() -> Path:
    """Return the folder that holds everything written at run time; create it if missing."""
    path = Path(read("FUNDUS_DATA_DIR"))
    path = path if path.is_absolute() else BASE_DIR / path
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"FUNDUS_DATA_DIR {path} cannot be created: {error.strerror}.") from error
    return path
