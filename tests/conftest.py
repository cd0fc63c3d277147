"""What all tests share: real footage, and an honest word about the tests that are left out without it."""

import os
import signal
from collections import Counter
from pathlib import Path
from typing import Protocol

import hypothesis
import pytest

_SHARED_FIXTURES = {"shared_media", "shared_tools"}
_LEFT_OUT = pytest.StashKey[Counter[str]]()
_TOLD = "left_out"


class _Node(Protocol):
    """One of several processes that share the tests, as pytest-xdist hands it over."""

    config: pytest.Config


hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Under CI ask for real footage; let commands hear Ctrl-C, though a shell in the background may have muted it for us."""
    if os.environ.get("CI") == "true" and not (_shared(config) / "media").is_dir():
        raise pytest.UsageError("../shared/media is missing, and CI=true: put the shared folder beside the clone")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _shared(config: pytest.Config) -> Path:
    return config.rootpath.parent / "shared"


def _needs_shared(item: pytest.Item) -> bool:
    return item.get_closest_marker("shared") is not None or bool(
        _SHARED_FIXTURES.intersection(getattr(item, "fixturenames", ()))
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that need ../shared where it is missing."""
    if (_shared(config) / "media").is_dir():
        return
    left_out = [item for item in items if _needs_shared(item)]
    if left_out:
        items[:] = [item for item in items if not _needs_shared(item)]
        config.hook.pytest_deselected(items=left_out)
        config.stash[_LEFT_OUT] = Counter(item.path.name for item in left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: _Node) -> None:
    """Hear from one of several processes what it left out; all of them leave out the same."""
    node.config.stash[_LEFT_OUT] = Counter(getattr(node, "workeroutput", {}).get(_TOLD, {}))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Call it a success when all that there was to run is left out, as tests/home is without ../shared."""
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        told[_TOLD] = dict(session.config.stash.get(_LEFT_OUT, {}))
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and session.config.stash.get(_LEFT_OUT, None):
        session.exitstatus = pytest.ExitCode.OK


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say in one line which tests were left out."""
    left_out = config.stash.get(_LEFT_OUT, Counter[str]())
    if left_out:
        files = ", ".join(f"{name} ({count})" for name, count in sorted(left_out.items()))
        terminalreporter.write_line(
            f"left out, no ../shared/media beside this clone: {left_out.total()} tests: {files}"
        )


@pytest.fixture(scope="session")
def shared_media(pytestconfig: pytest.Config) -> Path:
    """Return the folder of real footage and reference streams."""
    return _shared(pytestconfig) / "media"


@pytest.fixture(scope="session")
def shared_tools(pytestconfig: pytest.Config) -> Path:
    """Return the folder of scoring scripts and fake devices."""
    return _shared(pytestconfig) / "tools"


@pytest.fixture(scope="session")
def demo_clip() -> Path:
    """Return the clip of a man showing victory, thumb up, victory, thumb up with his left hand."""
    from edgeholo.perceive.models.fetch import fetch
    from edgeholo.perceive.models.manifest import DEMO_CLIP

    return fetch(DEMO_CLIP)
