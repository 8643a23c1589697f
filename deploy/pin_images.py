#!/usr/bin/env python3
"""Pins the images of docker-compose.yml and Dockerfile by digest: what runs is what was looked at, until this runs again.

Asks the registries what the tags mean today and writes `compose.pins.yml`, which `docker compose --file docker-compose.yml
--file compose.pins.yml` lays over the first file. Needs Python alone. Usage: deploy/pin_images.py [--registry NAME=URL] [FILE]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
DEFAULT = "docker.io"
_ADDRESSES = {DEFAULT: "https://registry-1.docker.io"}
_KINDS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
SECONDS = 30


class NotPinned(Exception):
    """Raised when a registry does not say what a tag means."""


@dataclass(frozen=True)
class Image:
    """An image by its tag."""

    registry: str
    name: str
    tag: str
    written: str

    @classmethod
    def read(cls, text: str) -> Image:
        """Return the image that a text names, as Docker reads it."""
        name, _, tag = text.rpartition(":")
        if not name or "/" in tag:
            name, tag = text, "latest"
        first, slash, rest = name.partition("/")
        if slash and ("." in first or ":" in first or first == "localhost"):
            return cls(first, rest, tag, text)
        return cls(DEFAULT, name if slash else f"library/{name}", tag, text)


def digest(image: Image, addresses: dict[str, str]) -> str:
    """Return what a registry says the tag means now. Raises NotPinned."""
    address = addresses.get(image.registry, f"https://{image.registry}")
    url = f"{address}/v2/{image.name}/manifests/{image.tag}"
    try:
        found = _ask(url)
    except (OSError, ValueError) as error:
        raise NotPinned(f"{image.written}: {error}") from error
    if not _DIGEST.fullmatch(found):
        raise NotPinned(f"{image.written}: the registry names no digest")
    return found


def _ask(url: str, token: str = "") -> str:
    headers = {"Accept": ", ".join(_KINDS)}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, method="HEAD", headers=headers)  # noqa: S310 - of a registry, by TLS
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310 - as above
            return str(response.headers.get("Docker-Content-Digest", ""))
    except urllib.error.HTTPError as error:
        with error:
            challenge = error.headers.get("WWW-Authenticate", "")
        if error.code != 401 or token or not challenge.startswith("Bearer "):
            raise
    return _ask(url, _token(challenge))


def _token(challenge: str) -> str:
    """Return the token that a registry gives to everybody who asks where it says."""
    said = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
    query = urllib.parse.urlencode({name: said[name] for name in ("service", "scope") if name in said})
    with urllib.request.urlopen(f"{said['realm']}?{query}", timeout=SECONDS) as response:  # noqa: S310 - as above
        given = json.load(response)
    return str(given.get("token") or given["access_token"])


def images(compose: str, dockerfile: str) -> tuple[dict[str, str], str, list[str]]:
    """Return the images that services pull, the one that ours is built from, and the services that are ours."""
    services = re.split(
        r"^  (?=[a-z][\w-]*:$)", compose.partition("\nservices:\n")[2].partition("\nnetworks:\n")[0], flags=re.M
    )
    pulled: dict[str, str] = {}
    ours: list[str] = []
    for service in services[1:]:
        name = service.partition(":")[0]
        if "<<: *fundus" in service or "\n    build:\n" in service:
            ours.append(name)
        elif found := re.search(r"^    image: (\S+)$", service, re.M):
            pulled[name] = found[1]
    base = re.search(r"^ARG PYTHON_IMAGE=(\S+)$", dockerfile, re.M)
    if base is None:
        raise NotPinned("the Dockerfile names no PYTHON_IMAGE")
    return pulled, base[1], ours


def pins(compose: str, dockerfile: str, addresses: dict[str, str]) -> str:
    """Return the file that pins all images. Raises NotPinned when one cannot be, so that none is left out unseen."""
    pulled, base, ours = images(compose, dockerfile)
    meant = {
        written: f"{written}@{digest(Image.read(written), addresses)}" for written in sorted({*pulled.values(), base})
    }
    lines = ["# Made by deploy/pin_images.py; look at what changes before you use it.", "services:"]
    for name in ours:
        lines += [f"  {name}:", "    build:", "      args:", f"        PYTHON_IMAGE: {meant[base]}"]
    for name, written in pulled.items():
        lines += [f"  {name}:", f"    image: {meant[written]}"]
    return "\n".join([*lines, ""])


def main() -> None:
    """Write the file, by a new name first. Exits with a sentence when a registry cannot be asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=_ROOT / "compose.pins.yml")
    parser.add_argument(
        "--registry", action="append", default=[], metavar="NAME=URL", help="Ask there instead: a mirror."
    )
    options = parser.parse_args()
    addresses = _ADDRESSES | dict(pair.split("=", 1) for pair in options.registry)
    compose, dockerfile = ((_ROOT / name).read_text(encoding="utf-8") for name in ("docker-compose.yml", "Dockerfile"))
    try:
        text = pins(compose, dockerfile, addresses)
    except NotPinned as error:
        sys.exit(f"nothing was written: {error}")
    new = options.file.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(options.file)
    print(f"{options.file}: {text.count('@sha256:')} places pinned")


if __name__ == "__main__":
    main()
