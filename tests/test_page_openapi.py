"""The OpenAPI document: of every address there is, and of nothing else."""

import re

import msgspec
import pytest
import schemathesis
from starlette.routing import Route

from edgeholo.web.answers import _decoded
from edgeholo.web.app import ROUTES
from edgeholo.web.endpoint import Endpoint
from edgeholo.web.openapi import document
from edgeholo.web.upload import LONGEST

DOCUMENT = document(ROUTES, token_needed=True)
METHODS = ("get", "post", "put", "delete", "patch")


def operations() -> dict[tuple[str, str], dict[str, object]]:
    """Return every operation of the document."""
    return {
        (method, path): item[method] for path, item in DOCUMENT["paths"].items() for method in METHODS if method in item
    }


def test_every_address_of_the_api_is_described() -> None:
    """And no other: the page and its files are no interface."""
    routes = [route for route in ROUTES if isinstance(route, Route) and route.path.startswith("/api/")]
    assert [route.path for route in routes if not isinstance(route, Endpoint)] == []
    real = {(method.lower(), route.path) for route in routes for method in route.methods or () if method != "HEAD"}
    assert operations().keys() == real


def test_the_document_is_valid() -> None:
    """By the specification, as schemathesis checks it; every reference leads somewhere."""
    schemathesis.openapi.from_dict(DOCUMENT).validate()
    names = set(re.findall(r"#/components/schemas/(\w+)", repr(DOCUMENT)))
    assert names == DOCUMENT["components"]["schemas"].keys()


@pytest.mark.parametrize("operation", operations().values(), ids=[f"{method} {path}" for method, path in operations()])
def test_every_operation_says_what_it_is_and_how_it_fails(operation: dict[str, object]) -> None:
    """In one sentence, with every error as a sentence."""
    responses = operation["responses"]
    assert isinstance(responses, dict)
    assert re.fullmatch(r"[A-Z].+\.", str(operation["summary"]))
    assert {"403", "500"} <= responses.keys()
    assert all(response["description"] for response in responses.values())
    assert ("requestBody" in operation) == ("413" in responses)


class Numbers(msgspec.Struct):
    """A shape with a whole number."""

    count: int


@pytest.mark.parametrize(
    ("text", "count"),
    [("3", 3), ("3.0", 3), ("30e-1", 3), ("3.5", None), ("1e400", None), ("1e300", None), ('"3"', None)],
)
def test_a_whole_number_may_have_a_point(text: str, count: int | None) -> None:
    """JSON Schema, which the document speaks, says so; nothing else is taken for one."""
    body = f'{{"count": {text}}}'.encode()
    if count is None:
        with pytest.raises(msgspec.ValidationError):
            _decoded(body, Numbers)
    else:
        assert _decoded(body, Numbers).count == count


def test_only_the_sign_in_is_open() -> None:
    """Everything else names the two ways in, where there is a token at all."""
    free = {path for (_, path), operation in operations().items() if "security" not in operation}
    assert free == {"/api/session"}
    open_page = document(ROUTES, token_needed=False)
    assert "security" not in repr(open_page["paths"])
    assert "securitySchemes" not in open_page["components"]


def test_the_upload_takes_files_and_gives_files_or_points() -> None:
    """No form anywhere."""
    upload = DOCUMENT["paths"]["/api/analyse"]["post"]
    assert {"image/jpeg", "image/png", "video/mp4"} <= upload["requestBody"]["content"].keys()
    assert upload["responses"]["200"]["content"].keys() == {"image/jpeg", "video/webm", "application/json"}
    assert upload["responses"]["422"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Refused"
    }
    assert "multipart/form-data" not in repr(DOCUMENT)
    assert f"{LONGEST >> 20} MB" in upload["requestBody"]["description"]
