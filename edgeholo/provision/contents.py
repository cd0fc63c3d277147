"""The files of a card, from the answers: the decisive one, cmdline.txt, comes last."""

from collections.abc import Iterable
from pathlib import Path

from edgeholo.provision import cloud_init, cmdline, firstrun, project
from edgeholo.provision.answers import Answers
from edgeholo.provision.bundle import FOLDER
from edgeholo.provision.card import Card
from edgeholo.provision.plan import BACKUP, File
from edgeholo.provision.settings_file import settings_file
from edgeholo.provision.token import FILE as TOKEN_FILE
from edgeholo.provision.token import Token

SETTINGS = "edgeholo/edgeholo.toml"
"""Below the boot partition; the first boot moves it to /etc/edgeholo."""
_SCRIPTS = ("begin.sh", "firstboot.sh", "edgeholo-firstboot.service")
_PENDING = "The next boot sets edgeholo up, and removes this file when it is done.\n"


def contents(card: Card, answers: Answers, token: Token | None, clone: Path, config: str | None) -> list[File]:
    """Return what the card needs beside a bundle, in the order in which it is written.

    Args:
        card: where it goes; what is there is kept.
        answers: who the unit is.
        token: of its page; None: the page stays on the unit itself.
        clone: this version of edgeholo.
        config: more options, as TOML; where None, what the card's own file says is kept.
    """
    present = card.read(SETTINGS) if config is None else config
    settings = settings_file(answers, present, has_token=token is not None)
    files = [
        *_program(clone),
        _text(SETTINGS, settings),
        *_secrets(answers, token),
        *_backups(card, ("user-data", "network-config", "cmdline.txt")),
    ]
    if card.method == "cloud-init":
        start, words = _seed(card, answers, settings)
    else:
        start, words = [_text("firstrun.sh", firstrun.script(answers))], cmdline.FIRSTRUN
    country = answers.wifi.country if answers.wifi else None
    line = cmdline.edited(card.read("cmdline.txt") or "", words, country)
    return [*files, *start, _text("edgeholo/pending", _PENDING), _text("cmdline.txt", line)]


def offline(wheels: Iterable[Path], models: Iterable[Path], debs: Iterable[Path]) -> list[File]:
    """Return the files of a bundle, as install.sh --offline looks for them."""
    folders = {"wheels": wheels, "models": models, "debs": debs}
    return [File(f"{FOLDER}/{folder}/{file.name}", file) for folder, files in folders.items() for file in files]


def _program(clone: Path) -> list[File]:
    scripts = clone / "provisioning" / "first-boot"
    return [
        *(File(f"edgeholo/{name}", (scripts / name).read_bytes()) for name in _SCRIPTS),
        File("edgeholo/report.py", (clone / "edgeholo" / "provision" / "report.py").read_bytes()),
        File("edgeholo/edgeholo.tar.gz", project.archive(clone)),
    ]


def _secrets(answers: Answers, token: Token | None) -> list[File]:
    files = [] if token is None else [File(TOKEN_FILE, f"{token.hashed}\n".encode(), secret=True)]
    if answers.broker_password is not None:
        files.append(File("edgeholo/mqtt_password", f"{answers.broker_password}\n".encode(), secret=True))
    return files


def _seed(card: Card, answers: Answers, settings: str) -> tuple[list[File], tuple[str, ...]]:
    """Return cloud-init's files and the kernel's words that make it read them."""
    user_data = cloud_init.user_data(answers, _base(card, "user-data"))
    network = cloud_init.network_config(answers.wifi) if answers.wifi else None
    instance = cloud_init.instance_id([user_data, network or "", settings])
    files = [_text("user-data", user_data), _text("meta-data", cloud_init.meta_data(instance))]
    if network:
        files.insert(1, _text("network-config", network))
    return files, (f"ds=nocloud;i={instance}",)


def _backups(card: Card, names: Iterable[str]) -> list[File]:
    """Return copies of what somebody else has written, once."""
    return [
        File(name + BACKUP, (card.folder / name).read_bytes())
        for name in names
        if (card.folder / name).is_file() and not (card.folder / (name + BACKUP)).exists() and not _is_ours(card, name)
    ]


def _base(card: Card, name: str) -> str:
    """Return a file as it was before us."""
    return card.read(name + BACKUP) or ("" if _is_ours(card, name) else card.read(name) or "")


def _is_ours(card: Card, name: str) -> bool:
    return cloud_init.MARK in (card.read(name) or "")


def _text(name: str, text: str) -> File:
    """Return a text file; on the card lines end with a line feed, whatever this machine does."""
    return File(name, text.encode())
