"""The one table of routes: an address, what answers there, and what goes in and out, which the OpenAPI document is made of."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Shape = Any
"""A msgspec Struct, or any type that msgspec writes as JSON."""


@dataclass(frozen=True, slots=True)
class Files:
    """A body that is no JSON.

    Attributes:
        types: the media types that it may have.
        text: what is taken.
    """

    types: Sequence[str]
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """A parameter behind the question mark, which may be left out.

    Attributes:
        name: of it.
        pattern: that its value fits.
        text: what it is for.
    """

    name: str
    pattern: str
    text: str


class Endpoint(Route):
    """A route that says what it takes and gives.

    Args:
        path: with names of parameters in braces.
        call: what answers; its docstring is the description.
        methods: that it answers; one.
        takes: the shape of the JSON body, or which files; None for no body.
        gives: the shape of the JSON answer, or a shape by media type, None for one that is no JSON; None alone is 204, no answer.
        errors: further status codes, by the shape of the answer, None for a mere sentence. Those of the guard, of every body
            and of every mistake of ours go without saying.
        query: parameters.
    """

    def __init__(
        self,
        path: str,
        call: Callable[[Request], Awaitable[Response]],
        *,
        methods: list[str],
        takes: Shape | Files | None = None,
        gives: Shape | Mapping[str, Shape | None] | None = None,
        errors: Sequence[int] | Mapping[int, Shape | None] = (),
        query: Sequence[Query] = (),
    ) -> None:
        super().__init__(path, call, methods=methods)
        self.method = methods[0]
        self.call, self.takes, self.query = call, takes, query
        self.gives: Mapping[str, Shape | None] | None = (
            gives if isinstance(gives, Mapping) or gives is None else {"application/json": gives}
        )
        self.errors: Mapping[int, Shape | None] = errors if isinstance(errors, Mapping) else dict.fromkeys(errors)
