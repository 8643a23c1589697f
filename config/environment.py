"""Every setting that the environment may change, declared once with default and meaning.

The settings modules read values through `read`, the documentation test reads `SETTINGS`: so no
setting can exist without a line of help, and a bad value stops the start with one clear sentence.
A secret may lie in a file, which `<NAME>_FILE` names: an environment is seen by every child process.
"""

from __future__ import annotations

import ipaddress
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
    """One environment variable: its name, default (None: required in production), meaning, and whether it is secret."""

    name: str
    default: str | None
    help: str
    is_secret: bool = False


SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting("FUNDUS_DATA_DIR", "var", "Folder for database, media and index; relative to the checkout."),
        Setting("DATABASE_URL", "", "Database address; empty: SQLite in the data folder.", is_secret=True),
        Setting("DATABASE_PASSWORD", "", "Password of the database, when DATABASE_URL has none.", is_secret=True),
        Setting(
            "SEARCH_URL",
            "embedded:",
            "Search engine: `embedded:` or `elasticsearch+http(s)://user:password@host:9200,host2:9200/prefix`.",
            is_secret=True,
        ),
        Setting("SEARCH_PASSWORD", "", "Password for the user in SEARCH_URL, when it has none.", is_secret=True),
        Setting("SEARCH_API_KEY", "", "API key for Elasticsearch, instead of user and password.", is_secret=True),
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
        Setting("EMBEDDINGS_API_KEY", "", "API key for a remote that EMBEDDINGS names.", is_secret=True),
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
        Setting("UPLOAD_QUOTA", "20g", "What one account may store in files and pictures together."),
        Setting("UPLOAD_FILES", "10000", "How many files and pictures one account may store."),
        Setting(
            "READER",
            "own:",
            "Who reads files: `own:` (a confined process of this one), `unix:/path/of/a/socket` (a service), "
            "`unconfined:` (developers only, refused in production).",
        ),
        Setting("SECRET_KEY", None, "Signing key, at least 50 characters; required in production.", is_secret=True),
        Setting(
            "SECRET_KEY_FALLBACKS",
            "",
            "Former signing keys, separated by commas: what they signed stays valid until they are taken out.",
            is_secret=True,
        ),
        Setting("ALLOWED_HOSTS", "", "Host names the site answers to, separated by commas; required in production."),
        Setting("BASE_URL", "http://localhost:8000", "Public address of the site, for mails, feeds and the API."),
        Setting(
            "HSTS",
            "max-age=31536000",
            "What browsers are told about TLS; `; includeSubDomains` and `; preload` may follow; empty: nothing.",
        ),
        Setting(
            "SECURITY_CONTACT", "", "Where to report vulnerabilities (mailto:…, https://…); empty: no security.txt."
        ),
        Setting("CSRF_TRUSTED_ORIGINS", "", "Origins allowed to send forms (https://…), separated by commas."),
        Setting("DEBUG", "false", "`true` shows error details; developers only, refused in production."),
        Setting(
            "VOCABULARY_BASE_URI", "https://example.org/vocab/", "Start of our own concepts' URIs; ends in a slash."
        ),
        Setting("SITE_NAME", "Fundus", "Name of the site as shown in titles and feeds."),
        Setting(
            "EMAIL_URL",
            "",
            "Outgoing mail: `smtp://user:password@host:587` (STARTTLS), `smtps://…:465` (TLS), `smtp+plain://host:25` "
            "(unencrypted, for a relay on the own machine); empty: none. `console:` writes mails to the log, for developers.",
            is_secret=True,
        ),
        Setting("DEFAULT_FROM_EMAIL", "", "Sender of all mails; empty: noreply@ and the host of BASE_URL."),
        Setting("QUERY_COUNT_DAYS", "180", "Days for which counted searches are kept; they name no person."),
        Setting(
            "CONSENT_GRACE_DAYS",
            "30",
            "Days after the end of a consent until everything that shows the person is deleted.",
        ),
        Setting(
            "SECOND_FACTOR_REQUIRED",
            "",
            "Whether accounts need a code of an app besides their password: `true`, `false`; empty: in production.",
        ),
        Setting("SESSION_IDLE_MINUTES", "30", "Minutes without any action after which an account has to log in again."),
        Setting("SESSION_HOURS", "12", "Hours after a login that it lasts at most."),
        Setting("LOGIN_LOG_DAYS", "90", "Days for which the log of logins is kept."),
        Setting(
            "LOGIN_LOG_ADDRESS",
            "false",
            "`true` names the visitor's address in the process log of logins, for fail2ban.",
        ),
        Setting(
            "LOGIN_ALERT",
            "100",
            "Refused logins, codes and accesses within an hour from which on administrators get a mail; 0: never.",
        ),
        Setting(
            "CLIENT_ADDRESS_HEADER",
            "",
            "Header in which the proxy names the visitor's address, such as `X-Real-IP`; empty: the connection's address, none in production.",
        ),
        Setting("ADMIN_HOST", "", "The only host name with admin and logins; empty: every host of the site."),
        Setting(
            "ADMIN_NETWORKS",
            "",
            "Networks that may reach admin and logins, separated by commas: `10.0.0.0/8`; empty: all.",
        ),
        Setting("OIDC_ISSUER", "", "Issuer of a single sign-on by OpenID Connect (https://…); empty: none."),
        Setting("OIDC_CLIENT_ID", "", "The site's name at the issuer."),
        Setting("OIDC_CLIENT_SECRET", "", "The site's secret at the issuer.", is_secret=True),
        Setting(
            "OIDC_CLAIM",
            "email",
            "What names an account at its first single sign-on: `email` (verified) or `preferred_username`.",
        ),
        Setting("OIDC_LABEL", "Zentrale Anmeldung", "What the login calls the single sign-on."),
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
    value = _from_file(name) if setting.is_secret else None
    if value is None:
        value = os.environ.get(name, setting.default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. {setting.help}")
    return value.strip()


def is_set(name: str) -> bool:
    """Return whether a setting has a value of its own, in the environment or in a file."""
    return bool(os.environ.get(name) or (SETTINGS[name].is_secret and os.environ.get(f"{name}_FILE")))


def _from_file(name: str) -> str | None:
    """Return what the file holds that `<name>_FILE` names, if anything. Raises ImproperlyConfigured when it cannot be read."""
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return None
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise ImproperlyConfigured(f"{name}_FILE {path} is no text.") from None
    if value and os.environ.get(name):
        raise ImproperlyConfigured(f"{name} and {name}_FILE exclude each other.")
    # An empty file says nothing: Compose has one for each secret, whether there is one or not.
    return value or None


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


def read_networks(name: str) -> list[str]:
    """Return a comma-separated setting of networks. Raises ImproperlyConfigured when one cannot be read."""
    try:
        return [str(ipaddress.ip_network(part)) for part in read_list(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be networks such as 10.0.0.0/8 or 2001:db8::/32: {error}.") from None


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
