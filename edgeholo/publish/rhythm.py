"""How often a control's value goes out: no more than the house can use, but its first and its last value always."""

from collections.abc import Iterable

from edgeholo.types import Side, Value

_Key = tuple[str, Side | None, int]


class Rhythm:
    """Thins out the values of each control and hand; a value that was held back goes out when its time has come."""

    def __init__(self) -> None:
        self._sent_ns: dict[_Key, int] = {}
        self._held_back: dict[_Key, Value] = {}

    def due(self, values: Iterable[Value], now_ns: int, rate_hz: float) -> list[Value]:
        """Return what is to go out now.

        Args:
            values: of this frame, in order.
            now_ns: time of the frame.
            rate_hz: messages a second of one control and hand, at most; begin and end count as none.
        """
        out: list[Value] = []
        for value in values:
            key = (value.name, value.hand, value.person)
            if value.phase == "change":
                self._held_back[key] = value
                continue
            self._held_back.pop(key, None)
            out.append(value)
            self._sent_ns[key] = value.timestamp_ns
            if value.phase == "end":
                del self._sent_ns[key]
        period_ns = 1e9 / rate_hz
        for key in list(self._held_back):
            sent_ns = self._sent_ns.get(key)
            if sent_ns is None or not 0 <= now_ns - sent_ns < period_ns:
                out.append(self._held_back.pop(key))
                self._sent_ns[key] = now_ns
        return out
