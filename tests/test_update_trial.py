"""The trial of a new version: what it must show, what is no fault of its own, and the way back from every interruption."""

import contextlib
import fcntl
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from edgeholo.cli import update
from edgeholo.errors import EdgeholoError
from edgeholo.update import releases
from edgeholo.update.service import Condition
from edgeholo.update.updater import RefusedError, Updater
from edgeholo.update.versions import Versions
from tests.fake_service import Behaviour, Clock, FakeService, healthy, running
from tests.real_broker import until

OLD, NEW = "0.1.0-aaaaaaaa", "0.2.0-bbbbbbbb"
BROKEN: dict[str, Behaviour] = {
    "no frames flow": lambda _s, now: running(now, frames=0, broker=True),
    "frames end after a while": lambda s, now: running(now, frames=min(int(s), 2), broker=True),
    "the broker is not reached": lambda s, now: running(now, frames=int(s), broker=False),
    "it hangs": lambda _s, now: running(now - 40, frames=9, broker=True),
    "it never starts": lambda _s, _now: Condition("activating", 0, None),
    "it fails at once": lambda _s, _now: Condition("failed", 0, None),
    "it ends and is started again": lambda s, now: Condition("active", int(s > 30), healthy(s, now).pulse),
    "it ends for good": lambda s, now: healthy(s, now) if s < 30 else Condition("inactive", 0, None),
    "it loses its pulse": lambda s, now: healthy(s, now) if s < 30 else Condition("active", 0, None),
}


def make_version(home: Path, name: str) -> None:
    """Put a complete version into a folder of versions."""
    (home / "versions" / name).mkdir(parents=True, exist_ok=True)
    (home / "versions" / name / "complete").touch()


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    """Return a machine with one version, trusted and running."""
    make_version(tmp_path, OLD)
    versions = Versions(tmp_path)
    versions.run(OLD)
    versions.trust(OLD)
    return versions


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Return a source that offers 0.2.0."""
    import hashlib
    import io
    import tarfile

    folder = tmp_path / "source"
    folder.mkdir()
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        script = tarfile.TarInfo("edgeholo-0.2.0/provisioning/install.sh")
        archive.addfile(script, io.BytesIO())
    (folder / "edgeholo-0.2.0.tar.gz").write_bytes(content.getvalue())
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    (folder / releases.INDEX).write_text(
        f'{{"releases": [{{"version": "0.2.0", "file": "edgeholo-0.2.0.tar.gz", "sha256": "{digest}"}}]}}'
    )
    return folder


def updater(versions: Versions, service: FakeService, clock: Clock, source: Path) -> Updater:
    """Return an updater whose installer takes no time."""

    def build(project: Path, _wheels: Path | None) -> str:
        assert (project / "provisioning" / "install.sh").exists()
        make_version(versions.home, NEW)
        return NEW

    return Updater(versions, service, clock.time(), build, lambda: str(source))


def test_a_good_version_is_kept_and_the_old_one_goes(versions: Versions, release: Path) -> None:
    """After its minute it is trusted; one version back is enough until then, and none is needed after."""
    clock = Clock()
    service = FakeService(versions, clock, {})
    assert updater(versions, service, clock, release).to_release("") == NEW
    assert (versions.current, versions.trusted, versions.trial()) == (NEW, NEW, None)
    assert [folder.name for folder in (versions.home / "versions").iterdir()] == [NEW]
    assert versions.report().latest == "0.2.0"
    assert not versions.report().in_progress


@pytest.mark.parametrize("behave", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_version_is_taken_back_by_itself(versions: Versions, release: Path, behave: Behaviour) -> None:
    """Whatever is wrong with it, the old one runs again, and the house is told why."""
    clock = Clock()
    service = FakeService(versions, clock, {NEW: behave})
    with pytest.raises(RefusedError, match="taken back"):
        updater(versions, service, clock, release).to_release("")
    assert (versions.current, versions.trusted, versions.trial()) == (OLD, OLD, None)
    assert service.ran[-2:] == [NEW, OLD]
    assert versions.report().refused == "0.2.0"
    assert versions.report().reason
    assert [folder.name for folder in (versions.home / "versions").iterdir()] == [OLD]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (lambda _s, now: running(now, frames=0, broker=True), lambda _s, now: running(now, frames=0, broker=True)),
        (
            lambda s, now: running(now, frames=int(s), broker=False),
            lambda s, now: running(now, frames=int(s), broker=False),
        ),
        (lambda _s, now: running(now, frames=9, broker=True, closed=True),) * 2,
    ],
    ids=["a camera that was away", "a broker that was away", "a camera that is closed"],
)
def test_what_was_out_of_order_before_is_no_fault_of_a_version(
    versions: Versions, release: Path, before: Behaviour, after: Behaviour
) -> None:
    """A box without a camera can be updated, and so can one whose broker is being moved."""
    clock = Clock()
    service = FakeService(versions, clock, {OLD: before, NEW: after})
    assert updater(versions, service, clock, release).to_release("") == NEW


def test_units_that_are_new_come_with_the_version_that_brings_them(versions: Versions, release: Path) -> None:
    """Not before it has passed: until then the trusted version's are all that is known."""
    broken, good = (FakeService(versions, Clock(), behave) for behave in ({NEW: BROKEN["it hangs"]}, {}))
    _units(versions, OLD, "edgeholo.service")
    _units(versions, NEW, "edgeholo.service", "edgeholo-web.service", "edgeholo-watchdog.conf")
    with pytest.raises(RefusedError):
        updater(versions, broken, broken.clock, release).to_release("")
    assert broken.enabled == []
    _units(versions, NEW, "edgeholo.service", "edgeholo-web.service", "edgeholo-watchdog.conf")
    updater(versions, good, good.clock, release).to_release("")
    assert good.enabled == ["edgeholo-web.service"]


def _units(versions: Versions, name: str, *units: str) -> None:
    folder = versions.home / "versions" / name / "systemd"
    folder.mkdir(parents=True, exist_ok=True)
    for unit in units:
        (folder / unit).touch()


def test_a_page_that_does_not_come_up_is_said_and_takes_no_good_daemon_back(versions: Versions, release: Path) -> None:
    """Gestures matter more than looking at them."""
    service = FakeService(versions, Clock(), {})
    service.page = "edgeholo-web.service is failed"
    assert updater(versions, service, service.clock, release).to_release("") == NEW
    assert (versions.current, versions.trusted) == (NEW, NEW)
    assert versions.report().error == "0.2.0 runs, but its page does not come up: edgeholo-web.service is failed"
    assert not versions.report().refused


@pytest.mark.parametrize("what", ["0.2", "latest.tar.gz", "/nowhere/edgeholo-0.2.0.tar.gz"])
def test_what_is_neither_a_version_nor_a_file_is_one_line(versions: Versions, release: Path, what: str) -> None:
    """A number that lacks a part is not taken for a file in this folder."""
    service = FakeService(versions, Clock(), {})
    with pytest.raises(EdgeholoError, match=f"{what} is neither a version, as in 0.2.0, nor a file that is there"):
        update._go(updater(versions, service, service.clock, release), what)
    assert service.ran == [OLD]


class PowerCutError(BaseException):
    """From here on nothing happens any more, and nobody cleans up."""


class Power:
    """Goes at a certain step, a change on the disk or a start of the service, and stays away until it is switched on.

    Args:
        step: before which it goes, counted from 1.
    """

    def __init__(self, step: int) -> None:
        self._left = step
        self.on = True

    def draw(self) -> None:
        """Take a step, if there is power."""
        if self.on:
            self._left -= 1
            if self._left <= 0:
                raise PowerCutError

    def needed_by(self, act: Callable[..., object]) -> Callable[..., object]:
        """Return the same act, which now needs power."""

        def powered(*arguments: object, **named: object) -> object:
            self.draw()
            return act(*arguments, **named)

        return powered


@pytest.mark.parametrize("good", [True, False], ids=["good", "broken"])
@pytest.mark.parametrize("step", range(1, 31))
def test_a_power_cut_at_any_moment_leaves_a_version_that_works(
    versions: Versions, release: Path, monkeypatch: pytest.MonkeyPatch, step: int, *, good: bool
) -> None:
    """Before every single change on the disk: what is current is whole, and the next start ends the trial, either way."""
    clock = Clock()
    behaviours = {} if good else {NEW: BROKEN["no frames flow"]}
    service = FakeService(versions, clock, behaviours)
    power = Power(step)
    for name in ("replace", "unlink", "symlink_to", "chmod"):
        monkeypatch.setattr(Path, name, power.needed_by(getattr(Path, name)))
    monkeypatch.setattr(shutil, "rmtree", power.needed_by(shutil.rmtree))
    monkeypatch.setattr(service, "restart", power.needed_by(service.restart))
    with contextlib.suppress(PowerCutError, RefusedError):
        updater(versions, service, clock, release).to_release("")
    power.on = False
    assert versions.is_complete(versions.current)
    assert versions.is_complete(versions.trusted)
    after = FakeService(versions, clock, behaviours)
    after.restart()
    with contextlib.suppress(RefusedError):
        updater(versions, after, clock, release).finish()
    assert versions.current == versions.trusted == after.ran[-1]
    assert versions.trial() is None
    assert versions.current == OLD or good


@pytest.mark.parametrize("look", [1, 2, 16, 31])
def test_a_power_cut_during_the_minute_begins_it_anew(versions: Versions, release: Path, look: int) -> None:
    """A good version gets its whole minute after the next start, and is kept."""
    clock = Clock()
    service = FakeService(versions, clock, {})
    power = Power(look)
    clock.on_wait = power.draw
    with pytest.MonkeyPatch.context() as dead:
        dead.setattr(Updater, "_return", lambda _self: None)
        with pytest.raises(PowerCutError):
            updater(versions, service, clock, release).to_release("")
    power.on = False
    assert (versions.current, versions.trusted) == (NEW, OLD)
    updater(versions, FakeService(versions, clock, {}), clock, release).finish()
    assert (versions.current, versions.trusted, versions.trial()) == (NEW, NEW, None)


def test_somebody_who_breaks_a_trial_off_has_the_old_version_at_once(versions: Versions, release: Path) -> None:
    """Ctrl-C is no power cut: there is time to go back."""
    clock = Clock()
    service = FakeService(versions, clock, {})

    def interrupt() -> None:
        raise KeyboardInterrupt

    clock.on_wait = interrupt
    with pytest.raises(KeyboardInterrupt):
        updater(versions, service, clock, release).to_release("")
    assert (versions.current, versions.trial(), service.ran[-1]) == (OLD, None, OLD)
    assert not versions.report().in_progress


def test_a_trial_that_nobody_can_read_is_judged_strictly(versions: Versions) -> None:
    """A file that a dying card has spoilt is no reason to trust what it was about."""
    make_version(versions.home, NEW)
    versions.run(NEW)
    versions.trial_file.write_bytes(b"\0\0\0")
    clock = Clock()
    service = FakeService(versions, clock, {NEW: BROKEN["the broker is not reached"]})
    with pytest.raises(RefusedError):
        updater(versions, service, clock, versions.home).finish()
    assert versions.current == OLD


def test_an_installer_that_fails_changes_nothing(versions: Versions, release: Path) -> None:
    """The old version is not even stopped."""
    clock = Clock()
    service = FakeService(versions, clock, {})

    def build(_project: Path, _wheels: Path | None) -> str:
        raise EdgeholoError("the release's installer: no space")

    with pytest.raises(EdgeholoError, match="no space"):
        Updater(versions, service, clock.time(), build, lambda: str(release)).to_release("")
    assert (versions.current, service.ran) == (OLD, [OLD])
    assert versions.report().error == "the release's installer: no space"


def test_the_newest_version_is_not_installed_again(versions: Versions, release: Path) -> None:
    """Who asks every night has nothing to fear."""
    make_version(versions.home, NEW)
    versions.run(NEW)
    versions.trust(NEW)
    clock = Clock()
    service = FakeService(versions, clock, {})
    assert updater(versions, service, clock, release).to_release("") == NEW
    assert service.ran == [NEW]


def test_an_update_behind_an_install_says_that_it_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever looks at a terminal in which nothing happens would end it."""
    monkeypatch.setattr(update, "HOME", tmp_path)
    caplog.set_level("INFO")
    turns: list[str] = []

    def wait_for_a_turn() -> None:
        with update._alone():
            turns.append("update")

    with (tmp_path / ".lock").open("w") as install:
        fcntl.flock(install, fcntl.LOCK_EX)
        waiting = threading.Thread(target=wait_for_a_turn)
        waiting.start()
        until(lambda: "install.sh or another update is at work; waiting until it is done" in caplog.text)
        turns.append("install.sh")
    waiting.join()
    assert turns == ["install.sh", "update"]
