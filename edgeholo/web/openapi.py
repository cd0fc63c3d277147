"""``/api/openapi.json``: what the page's server takes and gives, made from the table of routes and the shapes that it names."""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from edgeholo import __version__
from edgeholo.web.answers import JSON, Failure, answer
from edgeholo.web.endpoint import Endpoint, Files, Query
from edgeholo.web.guard import SIGN_IN, guard_of

Tree = dict[str, Any]

_PLACE = "#/components/schemas/{name}"
_PARAMETER = re.compile(r"{(\w+)}")
_ATTRIBUTE = re.compile(r"^ {8}(\w+): (.+(?:\n {12}.+)*)", re.MULTILINE)
_PATTERNS = {"unit": "^[a-z0-9_-]{1,64}$", "option": "^[a-z0-9_]{1,64}$"}
_OF_ALL, _OF_GUARDED, _OF_BODIES = (403, 500), (401, 429), (400, 408, 413, 415)
"""Statuses that go without saying: of every request, of those that must be signed in, and of those that bring something."""
_TEXTS = {
    400: "The request is not of this shape.",
    401: "The token is missing or wrong: sign in first.",
    403: "The request comes from another page, or calls this one by a name that it does not have.",
    404: "There is no such thing.",
    406: "The answer cannot be what Accept asks for.",
    408: "The body took too long to arrive.",
    409: "It was refused; the sentence says why.",
    413: "The body is too long.",
    415: "The body is of another type.",
    422: "It was understood, and is not done; the sentence says why.",
    429: "There were too many wrong tokens: try again later.",
    500: "A mistake of ours.",
    503: "Too much at once, or something that is needed is away: try again later.",
    504: "There was no answer in time.",
}


def document(routes: Iterable[BaseRoute], *, token_needed: bool) -> Tree:
    """Return the OpenAPI 3.1 document of all endpoints among the routes.

    Args:
        routes: of the application.
        token_needed: whether requests need a session or the token.
    """
    endpoints = [route for route in routes if isinstance(route, Endpoint)]
    schemas, components = _schemas(endpoints)
    paths: dict[str, Tree] = {}
    for endpoint in endpoints:
        item = paths.setdefault(endpoint.path, _path(endpoint.path))
        item[endpoint.method.lower()] = _operation(endpoint, schemas, guarded=token_needed and endpoint.path != SIGN_IN)
    tree: Tree = {
        "openapi": "3.1.0",
        "info": {"title": "edgeholo", "version": __version__, "description": _DESCRIPTION},
        "paths": paths,
        "components": {"schemas": components},
    }
    if token_needed:
        tree["components"]["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": "edgeholo"},
        }
    return tree


async def describe(request: Request) -> Response:
    """Return this document."""
    return answer(document(request.app.routes, token_needed=guard_of(request).token_needed))


def _path(path: str) -> Tree:
    names = _PARAMETER.findall(path)
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": _PATTERNS[name]}}
        for name in names
    ]
    return {"parameters": parameters} if parameters else {}


def _operation(endpoint: Endpoint, schemas: Mapping[int, Tree], *, guarded: bool) -> Tree:
    text = inspect.getdoc(endpoint.call) or ""
    operation: Tree = {
        "operationId": f"{endpoint.method.lower()}_{re.sub(r'[^a-z]+', '_', endpoint.path).strip('_')}",
        "summary": text.partition("\n")[0],
        "responses": _responses(endpoint, schemas, guarded=guarded),
    }
    if endpoint.query:
        operation["parameters"] = [_query(one) for one in endpoint.query]
    if isinstance(endpoint.takes, Files):
        operation["requestBody"] = {
            "required": True,
            "description": endpoint.takes.text,
            "content": {name: {} for name in endpoint.takes.types},
        }
    elif endpoint.takes is not None:
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": schemas[id(endpoint.takes)]}}}
    if guarded:
        operation["security"] = [{"token": []}, {"session": []}]
    return operation


def _query(query: Query) -> Tree:
    return {
        "name": query.name,
        "in": "query",
        "required": False,
        "description": query.text,
        "schema": {"type": "string", "pattern": query.pattern},
    }


def _responses(endpoint: Endpoint, schemas: Mapping[int, Tree], *, guarded: bool) -> Tree:
    if endpoint.gives is None:
        responses: Tree = {"204": {"description": "It is done."}}
    else:
        content = {name: {"schema": schemas[id(shape)]} if shape else {} for name, shape in endpoint.gives.items()}
        responses = {"200": {"description": "What was asked for.", "content": content}}
    statuses = {*_OF_ALL, *endpoint.errors}
    statuses |= {*_OF_GUARDED} if guarded else set()
    statuses |= {*_OF_BODIES} if endpoint.takes is not None else set()
    for status in sorted(statuses):
        schema = schemas[id(endpoint.errors.get(status) or Failure)]
        responses[str(status)] = {"description": _TEXTS[status], "content": {JSON: {"schema": schema}}}
    return responses


def _schemas(endpoints: Iterable[Endpoint]) -> tuple[dict[int, Tree], Tree]:
    """Return the schema of every shape by the shape's id, and those that they refer to by name."""
    shapes = list(_shapes(endpoints))
    schemas, components = msgspec.json.schema_components(shapes, ref_template=_PLACE)
    for component in components.values():
        _describe_fields(component)
    return {id(shape): schema for shape, schema in zip(shapes, schemas, strict=True)}, components


def _describe_fields(component: Tree) -> None:
    """Give each field its own line of the docstring."""
    component["description"], _, attributes = component.get("description", "").partition("\n\n    Attributes:\n")
    for name, text in _ATTRIBUTE.findall(attributes):
        if name in component.get("properties", {}):
            component["properties"][name]["description"] = " ".join(text.split())


def _shapes(endpoints: Iterable[Endpoint]) -> Iterator[Any]:
    yield Failure
    for endpoint in endpoints:
        if endpoint.takes is not None and not isinstance(endpoint.takes, Files):
            yield endpoint.takes
        yield from (shape for shape in (*(endpoint.gives or {}).values(), *endpoint.errors.values()) if shape)


_DESCRIPTION = (
    "The page of edgeholo: what its units see and do, and what they are told. Every error is a JSON object with `error`, one "
    "sentence that says what is wrong and how to mend it."
)
ROUTES = [Endpoint("/api/openapi.json", describe, methods=["GET"], gives=dict[str, Any])]
