"""Run the benchmark on a site of its own: `python -m tests.bench --sizes 10000,100000`."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path


def main() -> None:
    """Parse the options, prepare a scratch site, measure, print tables."""
    parser = argparse.ArgumentParser(prog="make bench BENCH_ARGS=…")
    parser.add_argument("--sizes", default="10000,100000", help="numbers of generated documents; empty leaves them out")
    parser.add_argument("--runs", type=int, default=200, help="measured calls per case and way")
    parser.add_argument("--engine", choices=("embedded", "elasticsearch"), default="embedded")
    parser.add_argument("--pages", type=int, default=10_000, help="real pages for Wagtail's search; 0 leaves it out")
    options = parser.parse_args()
    from tests import scratch, states

    folder = Path(tempfile.mkdtemp(prefix="fundus-bench-"))
    stack = ExitStack()
    try:
        site = scratch.sample_site(folder / "site")
        states.enter(site.path)
        os.environ["LOG_LEVEL"] = "ERROR"
        if options.engine == "elasticsearch":
            from tests.elasticsearch import node

            nodes = stack.enter_context(node.running(lasting=True))
            os.environ |= {"SEARCH_URL": f"elasticsearch+http://{nodes[0].address}/bench", "SEARCH_TIMEOUT": "60"}
        # As it is served, with everything loaded beforehand.
        import config.wsgi  # noqa: F401
        from tests.bench import bare_tantivy, pages, pipeline, raw_elasticsearch

        for size in (int(size) for size in options.sizes.split(",") if size):
            if options.engine == "elasticsearch":
                pipeline.measure(raw_elasticsearch.RawElasticsearch(), size, options.runs)
            else:
                pipeline.measure(bare_tantivy.BareTantivy(folder / f"index-{size}"), size, options.runs)
        if options.pages:
            pages.measure(site, folder, options.pages)
    except KeyboardInterrupt:
        sys.exit("interrupted")
    finally:
        stack.close()
        shutil.rmtree(folder, ignore_errors=True)


def timed(
    ways: dict[str, Callable[[], object]], runs: int, seconds: float = float("inf")
) -> dict[str, tuple[float, float]]:
    """Call each way in turn, `runs` times after a warm-up; return median and 95th percentile in ms.

    No more rounds begin after `seconds`, but five are measured in any case.
    """
    taken: dict[str, list[float]] = {name: [] for name in ways}
    begun = time.perf_counter()
    for run in range(runs + 5):
        if run >= 10 and time.perf_counter() - begun > seconds:
            break
        for name, call in ways.items():
            started = time.perf_counter()
            call()
            if run >= 5:
                taken[name].append((time.perf_counter() - started) * 1000)
    return {name: (statistics.median(values), statistics.quantiles(values, n=20)[18]) for name, values in taken.items()}


def table(title: str, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a Markdown table."""
    print(f"\n### {title}\n")
    head = list(header)
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row) + " |")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
