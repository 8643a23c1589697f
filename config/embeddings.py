"""What turns texts into vectors for the search by meaning, as EMBEDDINGS and its companions name it; nothing else reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

from config.environment import data_dir, read, read_number

FORMS = "local:, local:/path/of/a/model or openai+http(s)://host:port/v1?model=…&dimensions=…"

LOCAL_BUDGET, REMOTE_BUDGET = 150, 300
"""Milliseconds for which a search waits for its question's vector."""

MOST_DIMENSIONS = 4096
"""What Elasticsearch stores."""


def embeddings() -> dict[str, Any]:
    """Return name and options; an empty name means words only. Raises ImproperlyConfigured for invalid values."""
    value = read("EMBEDDINGS")
    if not value:
        return {"NAME": "", "OPTIONS": {}}
    if value.startswith("local:"):
        path = value.removeprefix("local:")
        if path and not Path(path).is_absolute():
            raise ImproperlyConfigured(f"EMBEDDINGS must name the whole path of a model's folder, not {path!r}.")
        return {"NAME": "local", "OPTIONS": {"path": path}}
    if value.startswith(("openai+http://", "openai+https://")):
        return {"NAME": "openai", "OPTIONS": _remote(value.removeprefix("openai+"))}
    raise ImproperlyConfigured(f"EMBEDDINGS must be empty or one of {FORMS}.")


def embeddings_budget() -> float:
    """Return the seconds for which a search waits for the vector of its question."""
    if read("EMBEDDINGS_BUDGET"):
        return read_number("EMBEDDINGS_BUDGET", 1, 5000) / 1000
    return (REMOTE_BUDGET if read("EMBEDDINGS").startswith("openai+") else LOCAL_BUDGET) / 1000


def models_dir() -> Path:
    """Return the folder of prepared models."""
    named = read("FUNDUS_MODEL_DIR")
    if named and not Path(named).is_absolute():
        raise ImproperlyConfigured(f"FUNDUS_MODEL_DIR must be a whole path, not {named!r}.")
    return Path(named) if named else data_dir() / "models"


def _remote(url: str) -> dict[str, Any]:
    wrong = ImproperlyConfigured(f"EMBEDDINGS cannot be read; use {FORMS}.")
    try:
        address = urlsplit(url)
        named = dict(parse_qsl(address.query, strict_parsing=True))
        _ = address.port
    except ValueError:
        raise wrong from None
    dimensions = named.get("dimensions", "")
    if not address.hostname or address.fragment or named.keys() != {"model", "dimensions"}:
        raise wrong
    if address.username or address.password:
        raise ImproperlyConfigured("EMBEDDINGS takes no user and password; use EMBEDDINGS_API_KEY.")
    if not (dimensions.isascii() and dimensions.isdecimal() and 1 <= int(dimensions[:6]) <= MOST_DIMENSIONS):
        raise ImproperlyConfigured(f"EMBEDDINGS must have dimensions from 1 to {MOST_DIMENSIONS}.")
    return {
        "url": urlunsplit((address.scheme, address.netloc, address.path.rstrip("/"), "", "")),
        "model": named["model"],
        "dimensions": int(dimensions),
        "api_key": read("EMBEDDINGS_API_KEY"),
        # `read` strips, and a prefix such as "query: " ends in a blank: it is put in quotes.
        "question_prefix": read("EMBEDDINGS_QUESTION_PREFIX").strip('"'),
        "passage_prefix": read("EMBEDDINGS_PASSAGE_PREFIX").strip('"'),
        "question_timeout": embeddings_budget(),
        "passage_timeout": float(read_number("EMBEDDINGS_TIMEOUT", 1, 600)),
    }
