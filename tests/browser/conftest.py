"""A real Chromium on a site of its own, served as `make serve` does.

Skipped with the reason where Chromium is missing; in CI that is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests import scratch

HERE = Path(__file__).parent
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TIMEOUT_MILLISECONDS = 20_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


# Not for the whole session: while Playwright runs, Django refuses database access in this thread.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A running Chromium."""
    path = shutil.which("chromium")
    if path is None:
        reason = "Chromium is not installed (tests/prepare installs it where it can)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> scratch.ScratchSite:
    """A sample site that these tests may change."""
    return scratch.sample_site(tmp_path_factory.mktemp("browser-site"))


@pytest.fixture(scope="package")
def address(chromium: Browser, site: scratch.ScratchSite) -> Iterator[str]:
    """The address of the served site."""
    with site.serve() as served:
        yield served


class Visit:
    """A browser window that notes where it asks for things and what it complains about."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(TIMEOUT_MILLISECONDS)
        context.on("request", self._note)
        context.on("console", lambda message: self._complain(message.type, message.text))
        context.on("weberror", lambda error: self._complain("error", str(error.error)))

    def _note(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != urlsplit(self.address).netloc:
            self.elsewhere.append(request.url)

    def _complain(self, kind: str, text: str) -> None:
        # A 404 page that a test asks for is no complaint about the site.
        if kind in {"error", "warning"} and "Failed to load resource" not in text:
            self.complaints.append(text)

    def go(self, path: str) -> Page:
        """Open a path of the site."""
        self.page.goto(self.address + path)
        return self.page


@pytest.fixture
def visits(chromium: Browser, address: str) -> Iterator[Any]:
    """Open windows with options of their own; all are closed after the test."""
    contexts: list[BrowserContext] = []

    def visit(**options: Any) -> Visit:
        context = chromium.new_context(**{"locale": "de-DE", **options})
        contexts.append(context)
        return Visit(context, address)

    yield visit
    for context in contexts:
        for page in context.pages:
            # A request still held up would fail with the window, in the middle of the next test.
            page.unroute_all(behavior="ignoreErrors")
        context.close()


@pytest.fixture
def visit(visits: Any) -> Visit:
    """A plain window of a visitor."""
    found: Visit = visits()
    return found
