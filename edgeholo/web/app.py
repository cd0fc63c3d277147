"""The page, put together: which module answers what, in which order requests are looked at, what starts and stops with it.

``app.state`` is what endpoints share:

- ``house``: ``house.House``, what is known of the units and the way to tell them something
- ``hub``: ``hub.Hub``, the open streams
- ``guard``: ``guard.Guard``, who is signed in
- ``config``: ``config.Config``, the whole configuration of this process
- ``uploads``: ``upload.Uploads``, what looks at files
- ``setting_up``: ``setting_up.SettingUp``, the configuration on disk, and who may write it
"""

import contextlib
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from edgeholo.config import Config
from edgeholo.settings import Settings
from edgeholo.web import broker_page, commands, live, openapi, rules_page, signing_in, upload
from edgeholo.web.answers import Failure, answer, on_problem
from edgeholo.web.guard import Guard, Guarded
from edgeholo.web.headers import SECURITY, Secured
from edgeholo.web.house import House
from edgeholo.web.hub import Hub
from edgeholo.web.setting_up import SettingUp

STATIC = Path(__file__).parent / "static"


async def page(_request: Request) -> Response:
    """Return the page, which holds no secret and asks for the token itself."""
    return FileResponse(STATIC / "index.html")


ROUTES: list[BaseRoute] = [
    Route("/", page, methods=["GET"]),
    Mount("/static", StaticFiles(directory=STATIC)),
    *signing_in.ROUTES,
    *live.ROUTES,
    *commands.ROUTES,
    *upload.ROUTES,
    *rules_page.ROUTES,
    *broker_page.ROUTES,
    *openapi.ROUTES,
]


def build(config: Config, house: House, guard: Guard, read: Callable[[], Settings] | None = None) -> Starlette:
    """Return the page as an ASGI application; its start connects to the broker.

    Args:
        config: of this process.
        house: what it shows.
        guard: who may see it.
        read: returns the configuration as it stands on disk now; None where it stands nowhere.
    """
    app = Starlette(
        routes=ROUTES,
        middleware=[Middleware(Secured), Middleware(Guarded, guard=guard)],
        exception_handlers={HTTPException: on_problem, Exception: _on_crash},
        lifespan=_lifespan,
    )
    app.state.config, app.state.house, app.state.guard, app.state.hub = config, house, guard, Hub(house)
    app.state.uploads = upload.Uploads(config)
    app.state.setting_up = SettingUp(read or (lambda: Settings(config, {}, None)), house, os.environ)
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    app.state.setting_up.start()
    await app.state.house.start()
    app.state.hub.start()
    try:
        yield
    finally:
        app.state.hub.stop()
        await app.state.uploads.worker.close()
        await app.state.house.stop()


async def _on_crash(_request: Request, _error: Exception) -> Response:
    """Answer for a mistake of ours, beyond all middleware; the log has the rest."""
    response = answer(Failure("Something went wrong here; the log of edgeholo web says what."), 500)
    response.headers.update(SECURITY)
    return response
