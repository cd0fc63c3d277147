"""The broker: how it is set, a test of another one, and the change of it."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from edgeholo.amend.broker import check, parts, stored_password
from edgeholo.amend.wish import BrokerWish, RestoreWish
from edgeholo.errors import ConfigError
from edgeholo.web.answers import Problem, answer, read_json
from edgeholo.web.asked import carried_out, problem, sentence
from edgeholo.web.broker_view import BrokerSettings, BrokerTest, login, tried
from edgeholo.web.endpoint import Endpoint
from edgeholo.web.house import house_of
from edgeholo.web.setting_up import SettingUp, Site, setting_up_of

_PATHS = ("broker.url", "broker.username", "broker.password_file", "broker.ca_file")


async def read_broker(request: Request) -> Response:
    """Return the broker as it is set, without its password."""
    return answer(_settings(request, setting_up_of(request).site()))


async def test_broker(request: Request) -> Response:
    """Return how it would go with another broker; nothing is saved.

    Raises:
        Problem: it makes no sense (422), or a test was made just now (429).
    """
    wish = await read_json(request, BrokerWish)
    setup = setting_up_of(request)
    site = setup.site()
    try:
        async with await setup.test_slot():
            return answer(await asyncio.to_thread(tried, wish, site.config, setup.environ))
    except ConfigError as error:
        raise problem(error) from error


async def save_broker(request: Request) -> Response:
    """Save another broker; unit and page then connect to it.

    Raises:
        Problem: it makes no sense (422), or cannot be saved from here (403, 504).
    """
    wish = await read_json(request, BrokerWish)
    setup = setting_up_of(request)
    site = _writable(setup)
    try:
        check(wish)
        if parts(wish)[1] and wish.password is None:
            stored_password(wish, site.config.broker, setup.environ)
    except ConfigError as error:
        raise problem(error) from error
    await carried_out(setup, house_of(request), wish, site.places)
    return answer(_settings(request, setup.site()))


async def restore_broker(request: Request) -> Response:
    """Put back the broker of before the last change.

    Raises:
        Problem: there is none (409), or it cannot be saved from here (403, 504).
    """
    setup = setting_up_of(request)
    site = _writable(setup)
    await carried_out(setup, house_of(request), RestoreWish(), site.places)
    return answer(_settings(request, setup.site()))


ROUTES = [
    Endpoint("/api/broker", read_broker, methods=["GET"], gives=BrokerSettings),
    Endpoint(
        "/api/broker", save_broker, methods=["PUT"], takes=BrokerWish, gives=BrokerSettings, errors=[409, 422, 504]
    ),
    Endpoint("/api/broker/test", test_broker, methods=["POST"], takes=BrokerWish, gives=BrokerTest, errors=[422, 429]),
    Endpoint("/api/broker/restore", restore_broker, methods=["POST"], gives=BrokerSettings, errors=[409, 504]),
]


def _settings(request: Request, site: Site) -> BrokerSettings:
    setup, broker = setting_up_of(request), house_of(request).broker()
    url, username, password_set = login(site.config, setup.environ)
    why_not = _why_not(setup, site)
    return BrokerSettings(
        url=url,
        username=username,
        password_set=password_set,
        ca_set=bool(site.config.broker.ca_file),
        ca_file=site.config.broker.ca_file,
        file=str(site.places.settings),
        editable=not why_not,
        why_not=why_not,
        restorable=site.places.older.exists(),
        connected=broker.connected,
        trouble=broker.trouble,
    )


def _writable(setup: SettingUp) -> Site:
    site = setup.site()
    if why_not := _why_not(setup, site):
        raise Problem(403, why_not)
    return site


def _why_not(setup: SettingUp, site: Site) -> str:
    """Return why the broker cannot be set from here; what stands above the file would hide the change."""
    if site.trouble:
        return sentence(site.trouble)
    origins = site.settings.origins
    above = next(
        (origins[path] for path in _PATHS if origins.get(path, str(site.settings.file)) != str(site.settings.file)), ""
    )
    if above:
        return f"The broker is set by {above}, which stands above the file: change it there."
    return setup.writer.why_not(site.places)
