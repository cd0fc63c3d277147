"""Make a freshly flashed memory card a unit of this house: writes its boot partition, after showing what it will write."""

import argparse
import sys
from pathlib import Path

from edgeholo.cli.interview import interview
from edgeholo.cli.progress import fetch_progress
from edgeholo.cli.questions import agreed, text_in
from edgeholo.config import Web, slug
from edgeholo.page import address, is_open
from edgeholo.perceive.models.fetch import fetch_all
from edgeholo.perceive.models.manifest import ASSETS
from edgeholo.provision import plan, project
from edgeholo.provision.answers import Answers
from edgeholo.provision.bundle import wheels
from edgeholo.provision.card import Card, CardError, candidates, look
from edgeholo.provision.contents import SETTINGS, contents, offline
from edgeholo.provision.debs import debs
from edgeholo.provision.plan import File
from edgeholo.provision.token import Token
from edgeholo.settings import load


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add = parser.add_argument
    add("boot", type=Path, nargs="?", metavar="BOOT", help="where the card's boot partition is mounted")
    add("--hostname", metavar="NAME", help="the unit's name in the network, as in hall")
    add("--room", metavar="NAME", help="what people call it, as in Hall")
    add("--wifi", metavar="SSID", help="the home's Wi-Fi")
    add("--no-wifi", action="store_true", help="a cable, or what Imager has set already")
    add("--wifi-open", action="store_true", help="the Wi-Fi has no password")
    add("--wifi-hidden", action="store_true", help="the Wi-Fi does not say its name")
    add("--wifi-password-file", type=Path, metavar="FILE", help="instead of typing it")
    add("--country", metavar="XX", help="two letters, for the rules of the radio")
    add("--broker", metavar="URL", help="mqtt://user@host:1883, mqtts://, ws://, wss://")
    add("--broker-password-file", type=Path, metavar="FILE", help="instead of typing it")
    add("--user", metavar="NAME", default="pi", help="the account for ssh (default: pi)")
    add("--ssh-key", type=Path, metavar="FILE", help="a public key that may log in")
    add("--login-password-file", type=Path, metavar="FILE", help="the account's password, beside or instead of a key")
    add("--timezone", metavar="ZONE", help="as in Europe/Berlin (default: this machine's)")
    add("--keyboard", metavar="LAYOUT", help="as in de (default: the image's)")
    add("--config", type=Path, metavar="FILE", help="more options for the unit, as docs/configuration.md has them")
    add(
        "--offline-bundle",
        type=Path,
        metavar="DIR",
        help="put on the card what the first boot would fetch; kept in DIR",
    )
    add("--method", choices=("cloud-init", "firstrun"), help="of the first boot, where the image is not recognised")
    add("--release", choices=("bookworm", "trixie"), help="of Raspberry Pi OS, likewise")
    add("--machine", choices=("aarch64", "x86_64"), default="aarch64", help=argparse.SUPPRESS)
    page = parser.add_mutually_exclusive_group()
    page.add_argument("--new-token", action="store_true", help="another token for the page")
    page.add_argument(
        "--no-page", action="store_true", help="the page stays on the unit itself, out of the house's reach"
    )
    add("--dry-run", action="store_true", help="show, and write nothing")
    add("--yes", action="store_true", help="write without asking")


def run(args: argparse.Namespace) -> int:
    """Ask, show, ask, write."""
    folder = project.root()
    card = look(args.boot or _only_card(), args.method, args.release)
    print(f"{card.folder}: {card.label}{f' ({card.release})' if card.release else ''}, first boot by {card.method}")
    answers = interview(args, card)
    token = None if args.no_page else Token.of(card, fresh=args.new_token)
    config = text_in(args.config, "--config") if args.config else None
    files = contents(card, answers, token, folder, config)
    if args.offline_bundle:
        files = [*_bundle(args, card, folder), *files]
    planned = plan.changes(card, files)
    for line in plan.shown(card, planned):
        print(line)
    plan.check_space(card, planned)
    if args.dry_run:
        print("nothing was written")
        return 0
    if not args.yes and not agreed("Write this?"):
        print("nothing was written")
        return 1
    plan.write(card, planned)
    _farewell(answers, token, _web(card))
    return 0


def _only_card() -> Path:
    found = candidates()
    if len(found) != 1:
        raise CardError(
            f"which card? There are {' and '.join(map(str, found))}"
            if found
            else "no card found: flash one, put it in again, and name the folder where its boot partition is mounted"
        )
    return found[0]


def _bundle(args: argparse.Namespace, card: Card, folder: Path) -> list[File]:
    """Return the files of the bundle, fetched into the user's folder first."""
    if card.release is None:
        raise CardError(
            "this image does not say its release: give --release trixie or bookworm, for the bundle's Python"
        )
    print(f"gathering the bundle in {args.offline_bundle}", file=sys.stderr)
    with fetch_progress() as progress:
        models = fetch_all(ASSETS, progress)
    files = offline(
        wheels(folder, args.offline_bundle / "wheels", card.release, args.machine),
        sorted(models.values()),
        debs(args.offline_bundle / "debs" / card.release, card.release, args.machine),
    )
    print(f"the bundle has {sum(file.size for file in files) / 1e6:.0f} MB", file=sys.stderr)
    return files


def _web(card: Card) -> Web:
    """Return what the unit's own file says of the page."""
    return load(card.folder / SETTINGS, {}, {}).config.web


def _farewell(answers: Answers, token: Token | None, web: Web) -> None:
    print("\nwritten. Eject the card, put it into the unit and switch on: the first boot takes some minutes.")
    print(
        f"It tells how it goes on its screen, on edgeholo/{slug(answers.hostname)}/state/setup and in edgeholo/setup.log on the card."
    )
    if not is_open(web):
        port = web.port
        print(
            f"The page stays on the unit: ssh -L {port}:localhost:{port} {answers.user}@{answers.hostname}.local, then {address(web)}"
        )
        return
    print(f"Then its page is at {address(web, answers.hostname)}")
    if token is not None and token.text:
        print(f"The page asks once for this token, which is written nowhere else: {token.text}")
    else:
        print("The page's token is the one of the first time; --new-token makes another.")
