"""What the image's builder adds to bundle and installer: wheels unpacked here, copied there."""

import os
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from edgeholo.errors import EdgeholoError
from edgeholo.provision.bundle import unpack

ROOT = Path(__file__).parents[1]


def _wheel(folder: Path, tag: str) -> Path:
    """Return a wheel of one module."""
    file = folder / f"knock-1.0-{tag}.whl"
    record = "knock.py,,\nknock-1.0.dist-info/METADATA,,\nknock-1.0.dist-info/WHEEL,,\nknock-1.0.dist-info/RECORD,,\n"
    with zipfile.ZipFile(file, "w") as content:
        content.writestr("knock.py", "WHO = 'there'\n")
        content.writestr("knock-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: knock\nVersion: 1.0\n")
        content.writestr(
            "knock-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: {tag}\n"
        )
        content.writestr("knock-1.0.dist-info/RECORD", record)
    return file


def test_wheels_for_another_machine_are_unpacked_on_this_one(tmp_path: Path) -> None:
    """As pip would on the card, and without its compiled files: they are another Python's."""
    wheel = _wheel(tmp_path, "cp313-cp313-manylinux_2_28_aarch64")
    unpack([wheel], tmp_path / "site-packages", "trixie", "aarch64")
    assert (tmp_path / "site-packages/knock.py").read_text() == "WHO = 'there'\n"
    assert not list((tmp_path / "site-packages").rglob("*.pyc"))


def test_a_wheel_for_no_such_machine_is_named(tmp_path: Path) -> None:
    """Rather than a card that fails at its first boot."""
    wheel = _wheel(tmp_path, "cp313-cp313-manylinux_2_28_x86_64")
    with pytest.raises(EdgeholoError, match=r"pip cannot unpack the wheels for the card: .*knock"):
        unpack([wheel], tmp_path / "site-packages", "trixie", "aarch64")


def test_the_installer_copies_unpacked_packages_and_compiles_them(tmp_path: Path) -> None:
    """Compiled once at the installation, by the Python that runs them: the service cannot write there later."""
    packages = tmp_path / "offline/site-packages"
    packages.mkdir(parents=True)
    (packages / "knock.py").write_text("WHO = 'there'\n")
    folder = tmp_path / "version"
    subprocess.run(["python3", "-m", "venv", "--without-pip", folder / "venv"], check=True)
    settings = f"set -eu; here={ROOT}/provisioning; offline={tmp_path}/offline; folder={folder}"
    subprocess.run(
        ["sh", "-c", f"{settings}; . $here/steps.sh; copy_packages"],
        env={**os.environ, "EDGEHOLO_ROOT": str(tmp_path)},
        check=True,
    )
    said = subprocess.run(
        [folder / "venv/bin/python", "-c", "import knock; print(knock.WHO, knock.__cached__)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert said[0] == "there"
    assert Path(said[1]).exists()


def _number(script: str, name: str) -> int:
    found = re.search(rf"^{name}=(\d+)", (ROOT / "provisioning" / script).read_text(), re.MULTILINE)
    assert found
    return int(found[1])


def test_the_state_partition_has_the_room_that_the_installer_wants() -> None:
    """Its file system takes a tenth, and the first boot writes some; too small a one was refused in the emulated machine."""
    assert _number("image/compose.sh", "state_mb") * 0.9 - 100 > _number("steps.sh", "space_mb")


def test_every_package_of_the_image_has_a_condition_that_the_builder_knows() -> None:
    """Others would be left out without a word."""
    lines = (ROOT / "provisioning/image/packages.txt").read_text().splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    assert {condition for _, condition in rows} == {"always", "debian", "raspberrypi"}


@pytest.mark.parametrize("kind", ["files", "readonly"])
def test_nothing_but_the_root_can_end_a_start_in_an_emergency_shell(kind: str) -> None:
    """A boot partition that comes late, or is broken, was seen to: nobody is there to type."""
    lines = (ROOT / f"provisioning/image/{kind}/etc/fstab").read_text().splitlines()
    mounts = [line.split() for line in lines if not line.startswith("#")]
    assert [fields[1] for fields in mounts if fields[1] != "/" and "nofail" not in fields[3].split(",")] == []
