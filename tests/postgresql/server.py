"""A real PostgreSQL server for tests: Debian's own, in a temporary folder, run by an unprivileged user."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

INSTALLED = Path("/usr/lib/postgresql")

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # The data is thrown away: no waiting for the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "50",
}


def programs() -> Path | None:
    """Return the folder of the newest installed server, or None when there is none."""
    found = [path.parent for path in INSTALLED.glob("*/bin/initdb")]
    return max(found, key=lambda path: float(path.parent.name), default=None)


def _user() -> pwd.struct_passwd | None:
    """Return whom to become: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("there is no unprivileged user to run PostgreSQL")


@contextlib.contextmanager
def running(superuser: str = "fundus") -> Iterator[str]:
    """Run a server on a free port; yields the address of an empty database, for its superuser."""
    bin_folder = programs()
    if bin_folder is None:
        raise RuntimeError("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="fundus-postgres-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    user = _user()
    options: dict[str, Any] = {"cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}}
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
        options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    data = folder / "data"
    try:
        run([bin_folder / "initdb", "-D", data, "-U", superuser, "-A", "trust", "-E", "UTF8", "--no-sync"], options)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                [bin_folder / "postgres", "-D", data, "-p", str(port), *settings],
                stdout=log,
                stderr=subprocess.STDOUT,
                **options,
            )
        try:
            _wait(bin_folder, port, server, folder / "log")
            run([bin_folder / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", superuser, "fundus"], options)
            yield f"postgres://{superuser}@127.0.0.1:{port}/fundus"
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copy(address: str, name: str) -> None:
    """Make a database `name` beside that of an address, with all it holds; nobody may be connected to it."""
    with psycopg.connect(address.rpartition("/")[0] + "/postgres", autocommit=True) as connection:
        source = address.rpartition("/")[2]
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
        )


def run(command: list[Any], options: dict[str, Any]) -> None:
    """Run a program to its end. Raises RuntimeError with what it printed when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stdout}\n{done.stderr}")


def _wait(bin_folder: Path, port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended with code {server.returncode}:\n{log.read_text()}")
        ready = subprocess.run(
            [bin_folder / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], check=False, capture_output=True
        )
        if ready.returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL did not answer within 60 s")
