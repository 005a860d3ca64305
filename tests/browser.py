"""A page in a real browser.

Needs Debian's `chromium` and Playwright's Python package (`pip install playwright`, in an
environment of its own; its browsers are not needed). Tests are skipped where either is missing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()


class Opened:
    """A page that is open, what it asked for, and what went wrong in it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.trouble: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", lambda message: self.trouble.append(message.text))
        page.on("dialog", lambda dialog: self.trouble.append("dialog"))


@contextmanager
def opened_page(path: Path) -> Iterator[Opened]:
    """Open a page; at the end it must have fetched nothing and complained of nothing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    browser_path = shutil.which("chromium")
    if browser_path is None:
        pytest.skip("there is no chromium in the path")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path, args=_FLAGS)
        found = Opened(browser.new_page(viewport={"width": 1280, "height": 900}))
        found.page.goto(path.as_uri())
        yield found
        assert found.trouble == []
        assert [url for url in found.requests if not url.startswith(("file:", "data:"))] == []
        assert len([url for url in found.requests if url.startswith("file:")]) == 1
        browser.close()
