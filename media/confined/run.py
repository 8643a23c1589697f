"""Have a file read by a process that sees and reaches nothing else: the one door to what decodes files of strangers.

`run("package.module:function", file, *arguments, limits=…)` calls `function(file, *arguments)` there and returns the bytes that it
returns; `file` is open for reading, at its beginning. The function may use the standard library and what its module loads when it
is imported, no Django, no threads and no other file. It never raises for what the file does: a `Failure` says what happened.

Who reads is a program of its own (`server`), started by this process when it is first needed and kept warm, or the service that
the setting READER names. Only open files pass between them.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from media.confined.limits import Limits
from media.confined.server import UNCONFINED

__all__ = ["Failure", "Limits", "UnavailableError", "end", "run", "run_program"]

logger = logging.getLogger(__name__)

LOGGED = 500
"""Characters of a process's last words that go to the log."""

PATIENCE_SECONDS = 60
"""Seconds that an order may wait for others before it begins."""

_ROOT = Path(__file__).resolve().parent.parent.parent


class Failure(StrEnum):
    """Why a confined process gave no answer; the last: it could not be confined, so it read nothing."""

    TOO_SLOW = "too_slow"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    UNCONFINED = "unconfined"


class UnavailableError(Exception):
    """Raised if nobody is there who reads; it says nothing about the file, which may be read later."""


def run(function: str, file: IO[bytes], *arguments: str, limits: Limits | None = None) -> bytes | Failure:
    """Return what a function ("package.module:function") makes of a file on disk, or why there is nothing.

    Raises UnavailableError.
    """
    return _asked({"function": function, "arguments": arguments, "program": (), "readable": ()}, file, limits)


def run_program(
    command: Iterable[str], file: IO[bytes], readable: Iterable[str], limits: Limits | None = None
) -> bytes | Failure:
    """Return what a program with the file as its standard input writes, or why there is nothing.

    It sees itself, the system's libraries and the files and folders `readable`. Raises UnavailableError.
    """
    order = {"function": "", "arguments": (), "program": tuple(command), "readable": tuple(readable)}
    return _asked(order, file, limits)


def _asked(order: dict[str, Any], file: IO[bytes], limits: Limits | None) -> bytes | Failure:
    limits = limits or Limits()
    message = json.dumps({**order, "limits": asdict(limits)}).encode()
    with _for_reading(file) as input, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        code = _ordered(message, [input, output.fileno(), errors.fileno()], limits.wall + PATIENCE_SECONDS)
        if code is None:
            return Failure.TOO_SLOW
        output.seek(0)
        if code == 0:
            return output.read(limits.written)
        errors.seek(max(0, errors.seek(0, os.SEEK_END) - LOGGED * 4))
        return _failure(code, errors.read().decode("utf-8", "replace")[-LOGGED:].strip())


def _failure(code: int, last_words: str) -> Failure:
    logger.warning("reading a file ended with code %s: %s", code, last_words)
    if code == UNCONFINED:
        return Failure.UNCONFINED
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return Failure.TOO_SLOW
    return Failure.OUT_OF_MEMORY if "MemoryError" in last_words else Failure.CRASHED


@contextmanager
def _for_reading(file: IO[bytes]) -> Iterator[int]:
    """Open a file anew, to read and at its beginning: whoever gets it shares neither position nor rights with us."""
    file.flush()
    try:
        descriptor = os.open(f"/dev/fd/{file.fileno()}", os.O_RDONLY)
    except OSError:
        descriptor = os.dup(file.fileno())
        os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _ordered(message: bytes, files: list[int], seconds: float) -> int | None:
    """Return the exit code of the process that carried out an order; None if it was stopped. Raises UnavailableError."""
    for _attempt in range(2):
        try:
            with _connected() as connection:
                connection.settimeout(seconds)
                socket.send_fds(connection, [message], files)
                answer = connection.makefile("rb").readline(1000)
        except TimeoutError:
            break
        except OSError as error:
            logger.warning("the reader of files does not answer: %s", error)
            continue
        if answer:
            code: int | None = json.loads(answer)["code"]
            return code
    raise UnavailableError("nobody is there to read files")


def _connected() -> socket.socket:
    """Return a connection to whoever reads. Raises OSError."""
    kind, _, path = settings.READER.partition(":")
    if kind == "unix":
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(path)
        except OSError:
            connection.close()
            raise
        return connection
    return _OWN.connected("--unconfined" if kind == "unconfined" else "")


class _Own:
    """The server of this process: started when needed, again if it has ended, not shared with forked processes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0
        self._option = ""

    def connected(self, option: str) -> socket.socket:
        """Return a connection to the server."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            control = self._control
            is_alive = self._owner == os.getpid() and self._process is not None and self._process.poll() is None
            if control is None or not is_alive or self._option != option:
                control = self._start(option)
            try:
                socket.send_fds(control, [b"."], [theirs.fileno()])
            except OSError:
                # It has ended since, killed or after a long rest.
                socket.send_fds(self._start(option), [b"."], [theirs.fileno()])
        return ours

    def _start(self, option: str) -> socket.socket:
        self.end()
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-E", "-s", "-B", "-m", "media.confined.server", str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*command, option] if option else command,
                cwd=_ROOT,
                env={"LANG": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._control, self._owner, self._option = ours, os.getpid(), option
        return ours

    def end(self) -> None:
        """End the server, if it is ours: it goes when its socket closes."""
        process, control = self._process, self._control
        self._process = self._control = None
        if control is not None:
            control.close()
        if process is not None:
            if self._owner == os.getpid():
                process.kill()
                process.wait()
            else:
                # Our parent's, who waits for it; nobody is to be warned here.
                process.returncode = 0


_OWN = _Own()


def end() -> None:
    """End the server that this process has started, if it has; the next file starts another."""
    _OWN.end()


atexit.register(end)
