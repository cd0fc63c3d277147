"""Home Assistant's actions over its REST API (developers.home-assistant.io/docs/api/rest): ``POST /api/services/DOMAIN/ACTION``.

Its automations can listen to the gestures themselves; this is for those who want to write the rule here.
"""

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from edgeholo.act import patterns, templates
from edgeholo.act.action import Moment, Options, Order, Request, encoded
from edgeholo.errors import ActionError

Entity = Annotated[str, Meta(pattern=patterns.ENTITY)]


class HomeAssistant(Options, frozen=True, kw_only=True):
    """Calls an action.

    Attributes:
        homeassistant: its name, ``light.turn_on``; ``light.toggle`` is Home Assistant's own.
        entity: one entity or several.
        data: what the action takes besides, ``{ brightness_pct = 40 }``; texts are templates, sweeps follow the control.
        timeout_s: seconds until it counts as failed.
    """

    TEMPLATED: ClassVar[frozenset[str]] = frozenset({"data"})

    homeassistant: Entity
    entity: Entity | tuple[Entity, ...] = ()
    data: dict[str, object] = msgspec.field(default_factory=dict)
    timeout_s: Annotated[float, Meta(ge=0.1, le=60)] = 5.0

    def orders(self, moment: Moment) -> tuple[Order, ...]:
        """Return the request."""
        if moment.server is None:
            raise ActionError("the rules have no [homeassistant] with url and token_file")
        domain, _, action = self.homeassistant.partition(".")
        body = templates.filled_table(self.data, moment.names, moment.value)
        if self.entity:
            body = {"entity_id": self.entity, **body}
        url = f"{moment.server.url.rstrip('/')}/api/services/{domain}/{action}"
        headers = {"Content-Type": "application/json"}
        # Never again: a lamp that was toggled and answered late would be toggled back.
        token = moment.server.token_file
        return (Request("POST", url, headers, encoded(body), self.timeout_s, 0, token),)
