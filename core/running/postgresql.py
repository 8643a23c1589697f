"""Dump and load a PostgreSQL database with its own tools, which know more of it than any copy of ours would."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection

from core.running import private_files
from core.running.backup import BackupFailed


def dump(target: Path) -> int:
    """Dump the site's database into a new file of pg_dump's own format; return its size. Raises BackupFailed."""
    private_files.create(target).close()
    _run(_tool("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    # Its list of contents is at the end: a dump that was cut off has none.
    _run(_tool("pg_restore"), "--list", str(target), connect=False)
    return target.stat().st_size


def load(source: Path) -> None:
    """Replace the contents of the site's database by a dump, all or nothing. Raises BackupFailed."""
    name = f"--dbname={connection.settings_dict['NAME']}"
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _run(_tool("pg_restore"), *options, name, str(source))


def _tool(name: str) -> str:
    """Return the path of a tool that is at least as new as the server. Raises BackupFailed, saying what to do."""
    found = shutil.which(name)
    if found is None:
        raise BackupFailed(
            f"{name} is not installed here: install the client of PostgreSQL {_server()}, or run it where the database "
            "is, see docs/operations.md"
        )
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - found on the path
    number = re.search(r"(\d+)", version)
    if number is None or int(number[1]) < _server():
        raise BackupFailed(f"{name} is older than the server, version {_server()}: install its client")
    return found


def _server() -> int:
    connection.ensure_connection()
    version: int = connection.connection.info.server_version // 10_000
    return version


def _run(tool: str, *arguments: str, connect: bool = True) -> None:
    """Run a tool; the password goes to it in its environment, which other users cannot read."""
    environment = {**os.environ, **(_access(connection.settings_dict) if connect else {})}
    done = subprocess.run([tool, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - found on the path
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise BackupFailed(f"{Path(tool).name}: {lines[0]}")


def _access(settings: Mapping[str, Any]) -> dict[str, str]:
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    access = {name: str(settings[key]) for name, key in names.items() if settings.get(key)}
    for name, value in settings.get("OPTIONS", {}).items():
        if name == "sslmode":
            access["PGSSLMODE"] = str(value)
    return access
