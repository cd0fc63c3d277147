"""What `make test-web` needs: a real broker, the real daemon, the real page, and Debian's chromium that looks at it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.page_server import PageServer
from tests.real_broker import Mosquitto
from tests.test_daemon import Process, patterned
from tests.web.looking import Visitor

_PICTURES: list[Path] = []


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return the browser."""
    program = shutil.which("chromium")
    if program is None:
        raise pytest.UsageError("make test-web needs: sudo apt-get install chromium")
    # Its sandbox does not start as root, as which CI runs.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory, demo_clip: Path) -> Path:
    """Return a recording of the demo clip, for daemons that show it again and again."""
    file = tmp_path_factory.mktemp("recording") / "demo.holo"
    subprocess.run([sys.executable, "-m", "edgeholo.cli", "record", str(demo_clip), str(file)], check=True)
    return file


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a running mosquitto."""
    folder = tmp_path / "broker"
    folder.mkdir()
    with Mosquitto(folder) as mosquitto:
        yield mosquitto


@pytest.fixture
def server(tmp_path: Path, broker: Mosquitto) -> Iterator[PageServer]:
    """Return `edgeholo web`, connected, without a token."""
    folder = tmp_path / "page"
    folder.mkdir()
    with PageServer(folder, broker.url) as server:
        yield server.connected()


@pytest.fixture
def start(tmp_path: Path, broker: Mosquitto) -> Iterator[Callable[[str], Process]]:
    """Return what starts a daemon, the unit `hall`, with a configuration."""
    started: list[Process] = []

    def start(text: str) -> Process:
        folder = tmp_path / f"daemon{len(started)}"
        folder.mkdir()
        started.append(Process(folder, broker.url, text))
        return started[-1]

    yield start
    for process in started:
        if process.process.poll() is None:
            process.end()


@pytest.fixture
def daemon(start: Callable[[str], Process], recording: Path) -> Process:
    """Return a daemon that sees the demo clip's man in a test picture, again and again."""
    return start(patterned(recording))


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Return what opens a browser with nothing remembered; at the end its complaints fail the test.

    Ask for it after the server: a server that goes first is something to complain of.
    """
    visitors: list[Visitor] = []

    def visit(url: str, **context: object) -> Visitor:
        visitors.append(Visitor(chromium, url, **context))
        return visitors[-1]

    yield visit
    for visitor in visitors:
        visitor.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.fixture
def page(server: PageServer, visit: Callable[..., Visitor]) -> Page:
    """Return the page at the size of a phone, as somebody sees it who opens it."""
    return visit(server.url).page


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """Return a folder for pictures that somebody should look at; the summary names it."""
    folder = tmp_path / "screenshots"
    folder.mkdir()
    _PICTURES.append(folder)
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where the pictures are."""
    for folder in _PICTURES:
        terminalreporter.write_line(f"pictures to look at: {folder}")
