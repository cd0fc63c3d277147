"""The model files: fetch what is missing, verify what is there, list them all."""

import argparse

from edgeholo.cli import options
from edgeholo.cli.progress import fetch_progress
from edgeholo.errors import ModelError
from edgeholo.perceive.engine import assets_of
from edgeholo.perceive.models.fetch import fetch_all, state
from edgeholo.perceive.models.manifest import ASSETS


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("action", choices=("fetch", "verify", "list"))
    options.add_config(parser)
    parser.add_argument("--needed", action="store_true", help="only those that the configuration asks for")
    parser.add_argument("names", nargs="*", metavar="NAME", help="of the list; all by default")


def run(args: argparse.Namespace) -> int:
    """Do it to the files named."""
    unknown = [name for name in args.names if name not in ASSETS]
    if unknown:
        raise ModelError(f"no file {unknown[0]} in the manifest; see edgeholo models list")
    needed = assets_of(options.settings(args).config.engine) if args.needed else ASSETS
    names = args.names or list(needed)
    if args.action == "fetch":
        with fetch_progress() as progress:
            fetch_all(names, progress)
    states = {name: state(ASSETS[name]) for name in names}
    for name in names:
        print(_line(name, states[name]))
    bad = [name for name in names if states[name] != "ok"]
    if args.action == "verify" and bad:
        raise ModelError(f"{len(bad)} of {len(names)} files are missing or corrupt; run `edgeholo models fetch`")
    return 0


def _line(name: str, condition: str) -> str:
    asset = ASSETS[name]
    origin = f"{asset.package.client} {asset.package.name} {asset.package.version}"
    return f"{condition:8} {asset.size / 1e6:6.1f} MB  {name:36} {asset.licence:10}  {asset.purpose} ({origin})"
