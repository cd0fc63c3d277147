"""Run by Home Assistant's Python: what its own library for WLED makes of states, and what it would send.

Standard input is a JSON list of states, standard output an object with ``states`` and ``requests``.
"""

import asyncio
import json
import sys
from typing import Any, ClassVar

from wled import WLED
from wled.models import State


class Recorder(WLED):  # type: ignore[misc]
    """The library's client, without a network."""

    requests: ClassVar[list[Any]] = []

    async def request(self, uri: str = "", method: str = "GET", data: object = None) -> object:
        """Keep what would be sent."""
        self.requests.append(data)
        return None


async def ask(client: WLED) -> None:
    """Have the library say a few things."""
    await client.master(on=True, brightness=200, transition=20)
    await client.master(on=False)
    await client.preset(3)


def main() -> None:
    """Read states, print what they mean."""
    states = [State.from_dict(state) for state in json.load(sys.stdin)]
    seen = [
        {
            "on": state.on,
            "brightness": state.brightness,
            "preset": state.preset_id,
            "color": list(state.segments[0].color.primary),
        }
        for state in states
    ]
    client = Recorder("strip.local")
    asyncio.run(ask(client))
    json.dump({"states": seen, "requests": client.requests}, sys.stdout)


if __name__ == "__main__":
    main()
