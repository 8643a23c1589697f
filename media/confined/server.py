"""The program that has files read: `python -m media.confined.server <address>`, without environment and secrets.

It keeps the libraries loaded and never looks into a file itself: for each order it forks a process, which raises its walls and
then reads. So a file costs a fork instead of the start of an interpreter. The address is the number of an inherited
socket, over which its one customer sends connections, or the path of a socket to listen at: a service in a container of its own.
"""

from __future__ import annotations

import codecs
import contextlib
import encodings
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO

from media.confined import walls
from media.confined.limits import Limits
from media.confined.walls import Walls

UNCONFINED = 77
"""The exit code of a process whose walls did not stand."""

MAX_AT_ONCE = 3
"""Orders in work; others wait. Each may take the memory of its limits."""

IDLE_SECONDS = 300
"""Without orders for so long, the program of one customer ends and gives its memory back."""

_ORDER_SECONDS = 5
_ORDER_BYTES = 60_000
_FILES = 3
_PROGRAM_ENVIRONMENT = {"LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done with a file: a function with arguments, or a program (with its arguments) that reads `readable`."""

    limits: Limits
    function: str = ""
    arguments: tuple[str, ...] = ()
    program: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, text: bytes) -> Order:
        """Return the order that a customer sent."""
        row = json.loads(text)
        lists = {name: tuple(row[name]) for name in ("arguments", "program", "readable")}
        return cls(Limits(**row["limits"]), str(row["function"]), **lists)

    def work(self) -> Callable[..., bytes]:
        """Return the function, its module loaded: here, once, so that no process has to."""
        module, _, name = self.function.partition(":")
        found: Callable[..., bytes] = getattr(importlib.import_module(module), name)
        return found


def main(address: str, *options: str) -> None:
    """Serve until the customer is gone, or until told to stop."""
    is_service = not address.isdigit()
    prepared = walls.prepared(in_container=is_service, are_wanted="--unconfined" not in options)
    _load_encodings()
    signal.signal(signal.SIGTERM, _stop)
    if is_service:
        _serve(_listening(Path(address)), prepared, _accepted)
    else:
        control = socket.socket(fileno=int(address))
        control.settimeout(IDLE_SECONDS)
        _serve(control, prepared, _handed_over)


def _load_encodings() -> None:
    """Load what Python loads by the names that files give: another user may not see where it lies."""
    for module in pkgutil.iter_modules(encodings.__path__):
        # Some belong to other systems.
        with contextlib.suppress(ImportError, LookupError):
            importlib.import_module(f"encodings.{module.name}")
            codecs.lookup(module.name)


def _listening(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o117)
    listener.bind(str(path))
    os.umask(before)
    listener.listen()
    return listener


def _accepted(listener: socket.socket) -> socket.socket:
    return listener.accept()[0]


def _handed_over(control: socket.socket) -> socket.socket | None:
    try:
        _message, files, _flags, _address = socket.recv_fds(control, 1, 1)
    except TimeoutError:
        return None
    return socket.socket(fileno=files[0]) if files else None


def _serve(
    source: socket.socket, prepared: Walls, next_customer: Callable[[socket.socket], socket.socket | None]
) -> None:
    """Take orders until there is no customer any more."""
    at_work: set[int] = set()
    while (customer := next_customer(source)) is not None:
        with customer:
            try:
                order, files = _received(customer)
                try:
                    at_work.add(_begun(order, files, customer, prepared))
                finally:
                    for file in files:
                        os.close(file)
            except Exception:  # noqa: BLE001 - whatever it is, the others are served
                # Of a wrong order or one whose sender is gone: the customer hears nothing, the others go on.
                traceback.print_exc()
        while at_work and (ended := os.waitpid(-1, 0 if len(at_work) >= MAX_AT_ONCE else os.WNOHANG)[0]):
            at_work.discard(ended)


def _received(customer: socket.socket) -> tuple[Order, list[int]]:
    customer.settimeout(_ORDER_SECONDS)
    text, files, _flags, _address = socket.recv_fds(customer, _ORDER_BYTES, _FILES)
    if not text:
        raise ConnectionError("no order")
    if len(files) != _FILES:
        raise ValueError("an order has a file, a place for the answer and one for errors")
    return Order.from_json(text), files


def _begun(order: Order, files: Sequence[int], customer: socket.socket, prepared: Walls) -> int:
    """Fork the process that looks after an order; return its number."""
    work = order.work() if order.function else None
    gc.freeze()
    server = os.getpid()
    supervisor = os.fork()
    if supervisor:
        return supervisor
    try:
        walls.die_with_parent(server)
        code = _supervised(order, work, files, customer, prepared)
        customer.sendall(json.dumps({"code": code}).encode() + b"\n")
    finally:
        os._exit(0)


def _supervised(
    order: Order,
    work: Callable[..., bytes] | None,
    files: Sequence[int],
    customer: socket.socket,
    prepared: Walls,
) -> int | None:
    """Fork the process that carries out the order; return its exit code, None if it had to be stopped."""
    told, tell = socket.socketpair()
    for end in (told, tell):
        end.setblocking(False)
    signal.set_wakeup_fd(tell.fileno())
    signal.signal(signal.SIGCHLD, _noticed)
    worker = os.fork()
    if not worker:
        _work(order, work, files, prepared)
    # The customer says nothing more: if there is something to be read, it is gone.
    ready, _, _ = select.select([told, customer], [], [], order.limits.wall)
    if told not in ready:
        os.kill(worker, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
    return code if told in ready else None


def _work(order: Order, work: Callable[..., bytes] | None, files: Sequence[int], prepared: Walls) -> None:
    """Carry out an order within walls, and end."""
    code = UNCONFINED
    try:
        signal.set_wakeup_fd(-1)
        for name in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
            signal.signal(name, signal.SIG_DFL)
        for number, file in enumerate(files):
            os.dup2(file, number)
        if work is None:
            walls.enclose_program(prepared, order.limits, order.program[0], order.readable)
        else:
            walls.enclose(prepared, order.limits)
        os.closerange(_FILES, 1 << 16)
        code = 1
        if work is None:
            os.execve(order.program[0], order.program, _PROGRAM_ENVIRONMENT)  # noqa: S606 - no shell is wanted
        else:
            _answer(work, order.arguments)
        code = 0
    except BaseException:  # noqa: BLE001 - the parent learns by the exit code
        # Whatever it is, it ends here: this process is a copy of the server and must not go on as it.
        with contextlib.suppress(BaseException):
            traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            sys.stderr.flush()
        os._exit(code)


def _answer(work: Callable[..., bytes], arguments: tuple[str, ...]) -> None:
    file: BinaryIO
    with open(0, "rb", closefd=False) as file, open(1, "wb", closefd=False) as output:
        output.write(work(file, *arguments))


def _noticed(number: int, frame: FrameType | None) -> None:
    """Be there, so that the kernel's notice reaches the one who waits."""


def _stop(number: int, frame: FrameType | None) -> Any:
    sys.exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
