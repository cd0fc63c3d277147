"""A Shelly of the second generation or later: a switch, a dimmer and a cover behind JSON-RPC.

By https://shelly-api-docs.shelly.cloud/gen2/General/RPCProtocol (frames, errors), .../gen2/General/RPCChannels (MQTT: requests on
``PREFIX/rpc``, answers on ``SRC/rpc``), .../gen2/ComponentsAndServices/Mqtt (``status_ntf``: ``PREFIX/status/COMPONENT``) and the
pages of Switch, Light and Cover.
"""

from collections.abc import Sequence
from typing import Any

from tests.fake_devices.device import FakeDevice, table

NO_HANDLER, INVALID = 404, -103


class RpcError(Exception):
    """An answer that is none.

    Args:
        code: of the protocol.
        message: in words.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Components:
    """What the device is made of, without a network.

    Attributes:
        status: of every component, by its key.
    """

    def __init__(self) -> None:
        self.status: dict[str, dict[str, Any]] = {
            "switch:0": {"id": 0, "source": "init", "output": False, "temperature": {"tC": 41.0, "tF": 105.8}},
            "light:0": {"id": 0, "source": "init", "output": False, "brightness": 50},
            "cover:0": {"id": 0, "source": "init", "state": "closed", "current_pos": 0, "pos_control": True},
        }

    def call(self, method: str, parameters: dict[str, Any]) -> tuple[object, str]:
        """Return the result of a method, and the key of the component that changed.

        Raises:
            RpcError: there is no such method, or not with these parameters.
        """
        kind, _, verb = method.partition(".")
        key = f"{kind.lower()}:{parameters.get('id')}"
        handler = getattr(self, f"_{kind}_{verb}".lower(), None)
        if handler is None:
            raise RpcError(NO_HANDLER, f"No handler for {method}")
        if key not in self.status:
            raise RpcError(INVALID, f"Invalid argument 'id', value {parameters.get('id')} not found!")
        options = {name: value for name, value in parameters.items() if name != "id"}
        try:
            return handler(self.status[key], **options), key
        except TypeError as error:
            raise RpcError(INVALID, f"Missing or bad argument: {error}") from None

    @staticmethod
    def _switch_set(status: dict[str, Any], on: bool) -> object:
        was, status["output"] = status["output"], _truth("on", on)
        return {"was_on": was}

    @staticmethod
    def _switch_toggle(status: dict[str, Any]) -> object:
        was, status["output"] = status["output"], not status["output"]
        return {"was_on": was}

    @staticmethod
    def _light_set(
        status: dict[str, Any],
        on: bool | None = None,
        brightness: float | None = None,
        transition_duration: float | None = None,
    ) -> object:
        if on is None and brightness is None:
            raise RpcError(INVALID, "Missing or bad argument 'on' or 'brightness'!")
        if brightness is not None:
            if not 0 <= brightness <= 100:
                raise RpcError(INVALID, "Invalid argument 'brightness'!")
            status["brightness"] = brightness
        if on is not None:
            status["output"] = _truth("on", on)
        if transition_duration is not None:
            if transition_duration < 0.5:
                raise RpcError(INVALID, "Invalid argument 'transition_duration'!")
            status["transition"] = {"duration": transition_duration}
        return None

    @staticmethod
    def _light_toggle(status: dict[str, Any]) -> object:
        status["output"] = not status["output"]
        return None

    @staticmethod
    def _cover_open(status: dict[str, Any]) -> object:
        status.update(state="open", current_pos=100)
        return None

    @staticmethod
    def _cover_close(status: dict[str, Any]) -> object:
        status.update(state="closed", current_pos=0)
        return None

    @staticmethod
    def _cover_stop(status: dict[str, Any]) -> object:
        status.update(state="stopped")
        return None

    @staticmethod
    def _cover_gotoposition(status: dict[str, Any], pos: int) -> object:
        status.update(state="stopped", current_pos=pos)
        return None


class Shelly(FakeDevice):
    """The device on a broker.

    Args:
        port: of the broker.
        prefix: of its topics.
        status_ntf: whether it says its status generically, which is off as it comes from the shop.

    Attributes:
        components: what it is made of.
        refused: errors that it answered with.
    """

    def __init__(self, port: int, prefix: str, *, status_ntf: bool = True) -> None:
        self.prefix = prefix
        self.components = Components()
        self.refused: list[str] = []
        self._status_ntf = status_ntf
        self.will = (f"{prefix}/online", "false")
        super().__init__(port)

    def topics(self) -> Sequence[str]:
        """Return where it takes requests."""
        return [f"{self.prefix}/rpc"]

    def begin(self) -> None:
        """Say that it is there, and how."""
        self.say(f"{self.prefix}/online", "true", retain=True)
        for key in self.components.status:
            self._say_status(key)

    def press(self) -> None:
        """Switch it by its own button."""
        self.components.call("Switch.Toggle", {"id": 0})
        self._say_status("switch:0")

    def handle(self, topic: str, payload: str) -> None:
        """Answer a request."""
        frame = table(payload)
        answer = {"id": frame["id"], "src": self.prefix, "dst": frame["src"]}
        try:
            result, key = self.components.call(frame["method"], frame.get("params", {}))
        except RpcError as error:
            self.refused.append(str(error))
            self.say(f"{frame['src']}/rpc", {**answer, "error": {"code": error.code, "message": str(error)}})
            return
        self.say(f"{frame['src']}/rpc", {**answer, "result": result})
        self._say_status(key)

    def _say_status(self, key: str) -> None:
        if self._status_ntf:
            self.say(f"{self.prefix}/status/{key}", self.components.status[key])


def _truth(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise RpcError(INVALID, f"Invalid argument '{name}', value {value!r} is no boolean!")
    return value
