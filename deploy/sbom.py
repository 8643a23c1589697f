#!/usr/bin/env python3
"""Writes a CycloneDX bill of materials of a lock file: every package with version, hashes and, where installed, licence.

A few lines instead of a dependency: a lock file names all that a scanner asks for. Usage: deploy/sbom.py [LOCK] > sbom.json
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
_PACKAGE = re.compile(
    r"^(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)(?P<rest>(?:[^\n]*\\\n)*[^\n]*)", re.M
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(lock: str, name: str, version: str) -> dict[str, Any]:
    """Return the bill of a lock file's text. Its number follows from the text: the same lock has the same bill."""
    components = list(_components(lock))
    root = f"{name}@{version}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, lock)}",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": root, "name": name, "version": version}},
        "components": components,
        "dependencies": [{"ref": root, "dependsOn": [component["bom-ref"] for component in components]}],
    }


def _components(lock: str) -> Iterator[dict[str, Any]]:
    for found in _PACKAGE.finditer(lock):
        name = re.sub(r"[-_.]+", "-", found["name"]).lower()
        purl = f"pkg:pypi/{name}@{found['version']}"
        component: dict[str, Any] = {
            "type": "library",
            "bom-ref": purl,
            "name": found["name"],
            "version": found["version"],
            "purl": purl,
        }
        # A lock has a hash for each file of a package, whatever machine it is for.
        files = [{"alg": "SHA-256", "content": content} for content in _HASH.findall(found["rest"])]
        component["externalReferences"] = [{"type": "distribution", "url": purl, "hashes": files}]
        if licence := _licence(found["name"]):
            component["licenses"] = [{"license": {"name": licence}}]
        yield component


def _licence(name: str) -> str:
    """Return what an installed package says of its licence, in a line; empty when it says nothing."""
    try:
        told = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    classified = [
        value.rpartition(" :: ")[2] for value in told.get_all("Classifier") or [] if value.startswith("License ::")
    ]
    said = told.get("License-Expression") or ", ".join(classified) or told.get("License") or ""
    return said.strip().partition("\n")[0][:100]


def main() -> None:
    """Print the bill of the lock file that is named, or of requirements.txt."""
    lock = Path(sys.argv[1]) if len(sys.argv) > 1 else _ROOT / "requirements.txt"
    project = (_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "([^"]+)"', project, re.M)
    print(json.dumps(bill(lock.read_text(encoding="utf-8"), "fundus", version[1] if version else "0"), indent=2))


if __name__ == "__main__":
    main()
