"""The image's manifest, by the fields that Raspberry Pi Imager asks for (doc/json-schema/os-list-schema.json of its source)."""

import hashlib
import json
import lzma
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
CONTENT = bytes(range(256)) * 4096
REQUIRED = {
    "name": str,
    "description": str,
    "icon": str,
    "url": str,
    "extract_size": int,
    "extract_sha256": str,
    "image_download_size": int,
    "release_date": str,
    "devices": list,
}
INIT_FORMATS = {"", "systemd", "cloudinit", "cloudinit-rpi", "rpi-preseed", "none"}


def _entry(folder: Path, archive: str, url: str = "") -> dict[str, Any]:
    image = folder / f"edgeholo-0.1.0-{archive}.img"
    image.write_bytes(CONTENT)
    (folder / f"{image.name}.xz").write_bytes(lzma.compress(CONTENT))
    script = ROOT / "provisioning/image/manifest.py"
    command = [sys.executable, str(script), str(image), "0.1.0", archive, "", url]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    listed: dict[str, Any] = json.loads(text)
    assert list(listed) == ["os_list"]
    (entry,) = listed["os_list"]
    return dict(entry)


@pytest.mark.parametrize("archive", ["debian", "raspberrypi"])
def test_imager_finds_every_field_it_asks_for(tmp_path: Path, archive: str) -> None:
    """It leaves out an entry that lacks one."""
    entry = _entry(tmp_path, archive)
    assert {name for name, kind in REQUIRED.items() if not isinstance(entry.get(name), kind)} == set()
    assert entry["init_format"] in INIT_FORMATS
    assert all(isinstance(device, str) for device in entry["devices"])


def test_imager_can_check_what_it_writes(tmp_path: Path) -> None:
    """The digest is that of the image unpacked: Imager writes no first megabyte where it differs."""
    entry = _entry(tmp_path, "debian")
    assert entry["extract_sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert entry["extract_size"] == len(CONTENT)
    assert entry["image_download_size"] < len(CONTENT)


def test_the_image_lies_where_one_says_or_where_it_was_built(tmp_path: Path) -> None:
    """A manifest for this machine alone needs no server."""
    assert _entry(tmp_path, "debian")["url"] == (tmp_path / "edgeholo-0.1.0-debian.img.xz").as_uri()
    assert _entry(tmp_path, "debian", "https://example.org/e.img.xz")["url"] == "https://example.org/e.img.xz"


def test_boards_whose_kernel_is_missing_are_not_offered(tmp_path: Path) -> None:
    """Debian's kernel does not start a Raspberry Pi 5."""
    assert "pi5-64bit" not in _entry(tmp_path, "debian")["devices"]
    assert "pi5-64bit" in _entry(tmp_path, "raspberrypi")["devices"]
