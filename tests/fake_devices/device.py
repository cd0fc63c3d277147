"""What every fake device has in common: a connection of its own to a real broker, and messages one after the other."""

import json
import threading
from collections.abc import Sequence
from typing import Any, Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion


class FakeDevice:
    """A device on a broker; a context manager.

    Args:
        port: of the broker.
        user: at the broker; empty where it asks for none.
        password: likewise.

    Attributes:
        heard: topic and payload of every message to it, in order.
    """

    will: tuple[str, str] | None = None
    """Topic and payload of what the broker says when it vanishes; retained."""

    def __init__(self, port: int, user: str = "", password: str = "") -> None:
        self.heard: list[tuple[str, str]] = []
        self._port = port
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self._ready = False
        self._busy = threading.Lock()
        if user:
            self._client.username_pw_set(user, password)
        if self.will:
            self._client.will_set(*self.will, qos=1, retain=True)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message

    def topics(self) -> Sequence[str]:
        """Return what it listens to."""
        raise NotImplementedError

    def handle(self, topic: str, payload: str) -> None:
        """Obey a message."""
        raise NotImplementedError

    def begin(self) -> None:
        """Say what it says when it has connected."""

    def say(self, topic: str, payload: object, *, retain: bool = False) -> None:
        """Publish; what is no text goes out as JSON."""
        text = payload if isinstance(payload, str) else json.dumps(payload, separators=(",", ":"))
        self._client.publish(topic, text, 1, retain)

    def mark(self, topic: str, payload: str) -> None:
        """Say something after all that belongs to the message before."""
        with self._busy:
            self.say(topic, payload)

    def __enter__(self) -> Self:
        self._client.connect("127.0.0.1", self._port)
        while not self._ready:
            assert self._client.loop(1) == mqtt.MQTT_ERR_SUCCESS, "the broker does not want the device"
        self.begin()
        self._client.loop_start()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, *_: object) -> None:
        self._client.subscribe([(topic, 1) for topic in self.topics()])

    def _on_subscribe(self, *_: object) -> None:
        self._ready = True

    def _on_message(self, _client: object, _data: object, message: mqtt.MQTTMessage) -> None:
        payload = message.payload.decode()
        with self._busy:
            self.heard.append((message.topic, payload))
            self.handle(message.topic, payload)


def table(payload: str) -> dict[str, Any]:
    """Return a payload that is a JSON object."""
    found: dict[str, Any] = json.loads(payload)
    assert isinstance(found, dict), payload
    return found
