"""Prints the manifest of an image as Raspberry Pi Imager reads it: doc/json-schema of its source has every field.

Usage: python manifest.py IMAGE VERSION ARCHIVE READONLY URL      beside IMAGE lies IMAGE.xz; URL is empty for a manifest that is
used on this machine.
"""

import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

DEVICES = {"debian": ["pi4-64bit", "pi3-64bit"], "raspberrypi": ["pi5-64bit", "pi4-64bit", "pi3-64bit"]}
"""Imager's names of boards by the archive whose kernel is in the image; pi3-64bit has the Zero 2 W in it."""
_CAMERAS = {"debian": "USB and network cameras", "raspberrypi": "all cameras"}
_ROOTS = {True: "a root that is never written", False: "a root that can be written"}


def manifest(image: Path, version: str, archive: str, *, readonly: bool, url: str) -> dict[str, object]:
    """Return the manifest.

    Args:
        image: the image; the packed one lies beside it.
        version: of edgeholo.
        archive: ``debian`` or ``raspberrypi``.
        readonly: whether its root is never written.
        url: where the packed image will lie; empty for where it lies now.
    """
    packed = image.with_name(f"{image.name}.xz")
    with image.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    entry = {
        "name": f"edgeholo {version}",
        "description": f"Sees gestures, tells the house over MQTT: {_CAMERAS[archive]}, {_ROOTS[readonly]}",
        # One that Imager brings along.
        "icon": "icons/cat_home_automation.png",
        "url": url or packed.resolve().as_uri(),
        "extract_size": image.stat().st_size,
        "extract_sha256": digest,
        "image_download_size": packed.stat().st_size,
        "release_date": datetime.fromtimestamp(image.stat().st_mtime, UTC).date().isoformat(),
        # Debian's cloud-init; with "cloudinit-rpi" Imager would write words that only Raspberry Pi's knows.
        "init_format": "cloudinit" if archive == "debian" else "cloudinit-rpi",
        "architecture": "armv8",
        "devices": DEVICES[archive],
    }
    return {"os_list": [entry]}


if __name__ == "__main__":
    _image, _version, _archive, _readonly, _url = sys.argv[1:]
    json.dump(
        manifest(Path(_image), _version, _archive, readonly=bool(_readonly), url=_url),
        sys.stdout,
        indent=2,
    )
    sys.stdout.write("\n")
