"""The bundle: exactly the lock's wheels for one card, found again, and never another file."""

import hashlib
import shutil
from pathlib import Path

import pytest

from edgeholo.errors import EdgeholoError
from edgeholo.provision import plan
from edgeholo.provision.bundle import tag_of, wheels
from edgeholo.provision.card import CardError, look
from edgeholo.provision.contents import offline
from edgeholo.provision.debs import debs
from edgeholo.provision.plan import File
from edgeholo.provision.project import archive, root
from tests.boot_partition import trixie

NUMPY = "numpy-2.2.6-cp313-cp313-manylinux_2_17_aarch64.manylinux2014_aarch64.whl"
CV2 = "opencv_python_headless-5.0-cp37-abi3-manylinux2014_aarch64.whl"
PAHO = "paho_mqtt-2.2.0-py3-none-any.whl"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a clone whose appliance needs three packages; pip has no index to ask."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (tmp_path / "clone/provisioning").mkdir(parents=True)
    (tmp_path / "clone/provisioning/python-packages.txt").write_text(
        "# NAME CONDITION\nnumpy always\nopencv-python-headless always\npaho-mqtt always\nruff test\n"
    )
    blocks = [
        f"{wheel.split('-')[0].replace('_', '-')}==1 \\\n    --hash=sha256:{_hash(wheel)}\n"
        for wheel in (NUMPY, CV2, PAHO)
    ]
    (tmp_path / "clone/requirements.lock").write_text("".join([*blocks, "ruff==1 \\\n    --hash=sha256:0\n"]))
    return tmp_path / "clone"


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _kept(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(name)
    return folder


def test_what_the_folder_has_is_not_fetched_again(tmp_path: Path, project: Path) -> None:
    """Any Python's, an older ABI's and this Python's own; another machine's lie beside them unused."""
    folder = _kept(
        tmp_path / "wheels", NUMPY, CV2, PAHO, NUMPY.replace("cp313", "cp311"), NUMPY.replace("aarch64", "x86_64")
    )
    assert [wheel.name for wheel in wheels(project, folder, "trixie", "aarch64")] == [NUMPY, CV2, PAHO]


@pytest.mark.parametrize("release", ["bookworm", "trixie"])
def test_a_wheel_that_is_missing_or_another_is_fetched_or_named(tmp_path: Path, project: Path, release: str) -> None:
    """Bookworm's Python needs another numpy; a wheel of the right name and the wrong content is none."""
    folder = _kept(tmp_path / "wheels", NUMPY, CV2, PAHO)
    if release == "trixie":
        (folder / NUMPY).write_text("tampered with")
    with pytest.raises(EdgeholoError, match=r"pip cannot fetch the wheels for the card: .*"):
        wheels(project, folder, release, "aarch64")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tag", "version"), [("cp313", (3, 13)), ("cp37", (3, 7)), ("py3", (3, 0)), ("py2.py3", (2, 0))]
)
def test_a_wheels_python_is_read_from_its_name(tag: str, version: tuple[int, int]) -> None:
    """As a number, for 3.7 is older than 3.13."""
    assert tag_of(tag) == version


def test_debian_packages_that_are_there_are_taken(tmp_path: Path) -> None:
    """Those of the card's processor, whoever put them there."""
    folder = _kept(
        tmp_path / "debs", "python3-systemd_235-1_arm64.deb", "python3-picamera2_0.3_all.deb", "libfoo_1_amd64.deb"
    )
    names = [file.name for file in debs(folder, "trixie", "aarch64")]
    assert names == ["python3-picamera2_0.3_all.deb", "python3-systemd_235-1_arm64.deb"]


def test_without_debians_apt_the_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Mac has none."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        EdgeholoError, match=r"lacks python3-systemd:arm64 of Debian trixie, and this machine has no apt"
    ):
        debs(tmp_path / "debs", "trixie", "aarch64")


def test_a_bundle_that_does_not_fit_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line says how much there is and how much it takes; a card that is really full is tried in tests/pi."""
    card = look(trixie(tmp_path / "bootfs"))
    wheel = _kept(tmp_path / "w", PAHO) / PAHO
    planned = plan.changes(card, [*offline([wheel], [], []), File("user-data", b"new")])
    plan.check_space(card, planned)
    full = shutil.disk_usage(card.folder)._replace(free=wheel.stat().st_size)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(CardError, match=r"MB free and [\d.]+ MB are needed: leave --offline-bundle out"):
        plan.check_space(card, planned)
    with pytest.raises(CardError, match=r"0\.0 MB free and [\d.]+ MB are needed: delete what does not belong there"):
        plan.check_space(card, plan.changes(card, [File("large", bytes(100_000))]))


def test_files_of_a_bundle_are_copied_whole_and_once(tmp_path: Path) -> None:
    """The second time they are the same, by their content."""
    card = look(trixie(tmp_path / "bootfs"))
    files = offline([_kept(tmp_path / "w", PAHO) / PAHO], [], [])
    plan.write(card, plan.changes(card, files))
    assert (card.folder / "edgeholo/offline/wheels" / PAHO).read_text() == PAHO
    assert [change for change, _ in plan.changes(card, files)] == ["same"]
    (card.folder / "edgeholo/offline/wheels" / PAHO).write_text(PAHO.upper())
    assert [change for change, _ in plan.changes(card, files)] == ["changed"]


def test_the_projects_archive_is_the_same_for_the_same_files() -> None:
    """So running the command again changes nothing on the card."""
    assert archive(root()) == archive(root())
