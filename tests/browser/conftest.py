"""A running `fetuin serve` and Debian's Chromium: every path through the page fails on a console error or an outside request.

Without the built page, Playwright or Chromium the paths are skipped and say so; FETUIN_BROWSER=required makes that an error.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

import fetuin

STATIC = Path(fetuin.__file__).parent / "service" / "_static"
CHROMIUM = os.environ.get("FETUIN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGUMENTS = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
)  # fmt: skip
LONG = 120_000  # ms; the first simulation and the first fit compile


def missing() -> str:
    """Why the paths cannot be walked, or ""."""
    if not (STATIC / "index.html").is_file():
        return "the workbench is not built: make web"
    if not CHROMIUM:
        return "there is no Chromium: apt-get install chromium"
    try:
        import playwright  # noqa: F401
    except ImportError:
        return "Playwright is not installed: pip install playwright"
    return ""


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the built page."""
    if why := missing():
        if os.environ.get("FETUIN_BROWSER") == "required":
            pytest.fail(why)
        pytest.skip(why)
    return STATIC


@pytest.fixture(scope="session")
def address(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The one-time address of a service started as a person starts it."""
    state = tmp_path_factory.mktemp("state")
    command = [
        sys.executable,
        "-c",
        "from fetuin.cli.main import main; main()",
        "serve",
        "--port",
        "0",
        "--state",
        str(state),
    ]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    with (state / "serve.log").open("w+") as log:
        process = subprocess.Popen(command, stderr=log, stdout=log, env=environment)
        try:
            yield _told(process, state / "serve.log")
        finally:
            process.terminate()
            process.wait(20)


def _told(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        found = re.search(r"http://\S+token=\S+", log.read_text())
        if found and _alive(_origin(found[0])):
            return found[0]
        time.sleep(0.1)
    raise RuntimeError(f"fetuin serve did not start: {log.read_text()[-500:]}")


def _alive(origin: str) -> bool:
    try:
        with urlopen(f"{origin}/health/live", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="session")
def browser(built: Path) -> Iterator[Any]:
    """Chromium without a head."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool:
        chromium = tool.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def known(browser: Any, address: str) -> dict[str, Any]:
    """The state of a browser that has used the one-time address; the first simulation and fit are done."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    for path, body in (("model", '{"arms":[{},{}],"person":{"gfr":8,"dialysis":true}}'),):
        page.request.post(
            f"{_origin(address)}/api/screens/{path}",
            data=body,
            headers={"content-type": "application/json"},
            timeout=LONG,
        )
    page.request.post(
        f"{_origin(address)}/api/screens/plate", multipart={"request": '{"example":"plate-of-96"}'}, timeout=LONG
    )
    state: dict[str, Any] = context.storage_state()
    context.close()
    return state


def _origin(address: str) -> str:
    return address.partition("/?")[0]


@pytest.fixture(scope="session")
def origin(address: str) -> str:
    """http://127.0.0.1:PORT"""
    return _origin(address)


Opened = Callable[..., Any]


@pytest.fixture
def opened(browser: Any, known: dict[str, Any], origin: str) -> Iterator[Opened]:
    """`opened("#/patient", **options)` is a page at that place; what went wrong in it fails the test at its end."""
    contexts, wrong = [], []

    def made(place: str = "", expect_refusals: bool = False, **options: Any) -> Any:
        context = browser.new_context(storage_state=known, permissions=["clipboard-read", "clipboard-write"],
                                      **({"viewport": {"width": 1280, "height": 900}} | options))  # fmt: skip
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda e: wrong.append(f"page error: {e}"))
        page.on("request", lambda r: wrong.append(f"outside request: {r.url}") if _outside(r.url, origin) else None)

        def heard(message: Any) -> None:
            refused = expect_refusals and "Failed to load resource" in message.text
            if message.type == "error" and not refused:
                wrong.append(f"console: {message.text}")

        page.on("console", heard)
        page.goto(f"{origin}/{place}")
        return page

    yield made
    for context in contexts:
        context.close()
    assert not wrong, wrong


def _outside(url: str, origin: str) -> bool:
    return not url.startswith((f"{origin}/", "data:", "blob:"))
