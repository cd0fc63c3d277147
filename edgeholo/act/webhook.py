"""Any web address."""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from edgeholo.act import patterns, templates
from edgeholo.act.action import Moment, Options, Order, Request, encoded


class Webhook(Options, frozen=True, kw_only=True):
    """Sends an HTTP request.

    Attributes:
        webhook: the address.
        method: of HTTP.
        payload: text, or a table that goes out as JSON; texts are templates, sweeps follow the control.
        headers: more headers, by name.
        token_file: a file with a bearer token, so that it stands in no rule.
        timeout_s: seconds until it counts as failed.
        retries: how often it is tried again.
    """

    TEMPLATED: ClassVar[frozenset[str]] = frozenset({"payload"})

    webhook: Annotated[str, Meta(pattern=patterns.ADDRESS)]
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    payload: str | dict[str, object] | list[object] = ""
    headers: dict[str, Annotated[str, Meta(pattern=patterns.ONE_LINE)]] = msgspec.field(default_factory=dict)
    token_file: str = ""
    timeout_s: Annotated[float, Meta(ge=0.1, le=60)] = 5.0
    retries: Annotated[int, Meta(ge=0, le=10)] = 2

    def orders(self, moment: Moment) -> tuple[Order, ...]:
        """Return the request; a value that others follow is not tried again."""
        headers = dict(self.headers)
        if isinstance(self.payload, str):
            body = templates.rendered(self.payload, moment.names).encode()
        else:
            body = encoded(templates.filled(self.payload, moment.names, moment.value))
            headers = {"Content-Type": "application/json", **headers}
        retries = 0 if moment.passing else self.retries
        return (Request(self.method, self.webhook, headers, body, self.timeout_s, retries, self.token_file),)
