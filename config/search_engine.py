"""The search engine that SEARCH_URL and its companions name; nothing else reads them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from django.core.exceptions import ImproperlyConfigured

from config.environment import read

FORMS = "embedded: or elasticsearch+http(s)://user:password@host:9200,host2:9200/prefix"
PORT = 9200

_URL = re.compile(r"elasticsearch\+(?P<scheme>https?)://((?P<access>[^@/]*)@)?(?P<hosts>[^@/]+)(/(?P<prefix>[^/]*)/?)?")
_HOST = re.compile(r"(?P<name>[\w.-]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>\d{1,5}))?")
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]*")
_REPLICAS = re.compile(r"\d+(-(\d+|all))?")
_VECTORS = re.compile(r"flat|hnsw")


def search_engine() -> dict[str, Any]:
    """Return name and options of the engine. Raises ImproperlyConfigured for invalid values."""
    url = read("SEARCH_URL")
    if url == "embedded:":
        return {"NAME": "embedded", "OPTIONS": {}}
    match = _URL.fullmatch(url)
    if match is None:
        # The address may hold a password: it is not repeated.
        raise ImproperlyConfigured(f"SEARCH_URL names no engine; use {FORMS}")
    user, colon, password = (match["access"] or "").partition(":")
    if user and not colon and read("SEARCH_PASSWORD"):
        colon, password = ":", quote(read("SEARCH_PASSWORD"), safe="")
    if bool(user) != bool(colon):
        raise ImproperlyConfigured("SEARCH_URL has a user without a password or a password without a user.")
    if user and read("SEARCH_API_KEY"):
        raise ImproperlyConfigured("SEARCH_API_KEY and a user in SEARCH_URL exclude each other.")
    return {
        "NAME": "elasticsearch",
        "OPTIONS": {
            "hosts": tuple(_host(match["scheme"], host) for host in match["hosts"].split(",")),
            "prefix": _matching("SEARCH_URL", match["prefix"] or "fundus", _PREFIX, "a prefix of small letters"),
            "user": unquote(user),
            "password": unquote(password),
            "api_key": read("SEARCH_API_KEY"),
            "ca_file": _ca_file(match["scheme"]),
            "timeout": _number("SEARCH_TIMEOUT", 0.1, 60),
            "shards": int(_number("SEARCH_SHARDS", 1, 1024)),
            "replicas": _matching(
                "SEARCH_REPLICAS", read("SEARCH_REPLICAS"), _REPLICAS, "a number or a range like 0-1"
            ),
            "vectors": _matching("SEARCH_VECTORS", read("SEARCH_VECTORS"), _VECTORS, "flat or hnsw"),
        },
    }


def _host(scheme: str, host: str) -> str:
    match = _HOST.fullmatch(host.strip())
    if match is None or int(match["port"] or PORT) not in range(1, 65536):
        # It may be the user and password of an address that lacks its host.
        raise ImproperlyConfigured(f"SEARCH_URL has a host that cannot be read; use {FORMS}")
    return f"{scheme}://{match['name']}:{match['port'] or PORT}"


def _matching(name: str, value: str, pattern: re.Pattern[str], wanted: str) -> str:
    if not pattern.fullmatch(value):
        raise ImproperlyConfigured(f"{name} must have {wanted}, not {value!r}.")
    return value


def _number(name: str, least: float, most: float) -> float:
    try:
        value = float(read(name))
    except ValueError:
        value = -1
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name} must be a number from {least:g} to {most:g}, not {read(name)!r}.")
    return value


def _ca_file(scheme: str) -> str:
    path = read("SEARCH_CA_FILE")
    if path and scheme != "https":
        raise ImproperlyConfigured("SEARCH_CA_FILE needs an address elasticsearch+https://….")
    if path and not Path(path).is_file():
        raise ImproperlyConfigured(f"SEARCH_CA_FILE {path!r} is no file.")
    return path
