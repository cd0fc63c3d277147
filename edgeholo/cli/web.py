"""The page: what the units see and do, live in a browser, on this machine alone unless told otherwise."""

import argparse
import functools
import sys
from collections.abc import Callable

from edgeholo.cli import options
from edgeholo.config import Config, Web
from edgeholo.errors import ConfigError
from edgeholo.page import is_open
from edgeholo.provision.token import Token
from edgeholo.publish.embedded import EMBEDDED
from edgeholo.publish.publisher import NO_BROKER
from edgeholo.settings import Settings
from edgeholo.supervision import Supervisor, set_up_logging
from edgeholo.web import token_file
from edgeholo.web.app import build
from edgeholo.web.callers import own_names
from edgeholo.web.guard import Guard
from edgeholo.web.house import House
from edgeholo.web.server import Server, address_of, listening, serve


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    options.add_config(parser)
    parser.add_argument("--host", metavar="H", help="where to listen (127.0.0.1; 0.0.0.0 for the home, with a token)")
    parser.add_argument("--port", type=int, metavar="P", help="TCP port (8380; 0 for any that is free)")
    parser.add_argument("--broker", metavar="URL", help="mqtt://user@host:1883, mqtts://, ws://, wss://")
    parser.add_argument("--new-token", action="store_true", help="make a token that opens the page, show it, and end")


def run(args: argparse.Namespace) -> int:
    """Serve the page until a signal."""
    more = {
        f"web.{name}": (value, f"--{name}") for name in ("host", "port") if (value := getattr(args, name)) is not None
    }
    read = functools.partial(options.settings, args, more)
    config = read().config
    if args.new_token:
        return _new_token(config)
    if config.broker.url in (NO_BROKER, EMBEDDED):
        raise ConfigError(f"broker.url is `{config.broker.url}`: say with --broker mqtt://host where to listen")
    token = token_file.find(config.web)
    _check_reach(config.web, token)
    set_up_logging(config.log.level)
    _serve(config, token, read)
    return 0


def _serve(config: Config, token: Token | None, read: Callable[[], Settings]) -> None:
    house = House(config.broker, config.publish.base)
    supervisor = Supervisor()
    with listening(config.web) as listener:
        address = address_of(listener, config.web)

        def ready() -> None:
            print(f"the page is at {address}", flush=True)
            supervisor.ready(f"the page is at {address}")

        app = build(config, house, Guard(token, own_names(config.web.names)), read)
        server = Server(app, config.web, ready=ready, alive=supervisor.alive, stopping=supervisor.stopping)
        serve(server, listener)


def _check_reach(options: Web, token: Token | None) -> None:
    """Keep a page without a token from the network.

    Raises:
        ConfigError: that is what it would be.
    """
    if token is None and is_open(options):
        raise ConfigError(
            f"web.host {options.host} is open to the network, and there is no token: make one with edgeholo web --new-token"
        )


def _new_token(config: Config) -> int:
    path = token_file.place(config.web)
    text = token_file.write(path)
    print(text)
    print(
        f"This is the page's token; {path} has only its hash. It counts from the next start of the page.",
        file=sys.stderr,
    )
    return 0
