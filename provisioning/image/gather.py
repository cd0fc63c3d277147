"""Gathers what an image gets beside Debian: this version of edgeholo, wheels for its Python, the same unpacked, and all models.

Usage: python gather.py FOLDER      pip runs here and not under emulation, where it takes an hour.
"""

import shutil
import sys
from pathlib import Path

from edgeholo.perceive.models.fetch import fetch_all
from edgeholo.perceive.models.manifest import ASSETS
from edgeholo.provision import project
from edgeholo.provision.bundle import unpack, wheels


def main(folder: Path) -> None:
    """Fill a folder as ``install.sh --offline`` looks for it; what is there already is not fetched again."""
    clone = project.root()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "edgeholo.tar.gz").write_bytes(project.archive(clone))
    fetched = wheels(clone, folder / "wheels", "trixie", "aarch64")
    shutil.rmtree(folder / "site-packages", ignore_errors=True)
    unpack(fetched, folder / "site-packages", "trixie", "aarch64")
    models = folder / "models"
    models.mkdir(exist_ok=True)
    for model in fetch_all(ASSETS).values():
        shutil.copy2(model, models)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
