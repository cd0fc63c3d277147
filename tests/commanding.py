"""A client that commands a daemon, as the house would do it."""

import json
from typing import Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from tests.real_broker import until


class Phone:
    """A client that commands, in MQTT 5."""

    def __init__(self, port: int) -> None:
        self.answers: list[tuple[bytes, dict[str, object]]] = []
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.on_message = self._heard
        self._client.connect("127.0.0.1", port)
        self._client.subscribe("answers/phone")
        self._client.loop_start()
        until(self._client.is_connected)

    def set(self, option: str, payload: str, *, retain: bool = False, correlation: bytes = b"") -> None:
        """Say a command; with ``correlation`` an answer is wanted."""
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        if correlation:
            properties.ResponseTopic = "answers/phone"
            properties.CorrelationData = correlation
        self._client.publish(f"edgeholo/hall/set/{option}", payload, 1, retain, properties)

    def close(self) -> None:
        """Hang up."""
        self._client.disconnect()
        self._client.loop_stop()

    def _heard(self, _client: object, _data: object, message: mqtt.MQTTMessage) -> None:
        self.answers.append((getattr(message.properties, "CorrelationData", b""), json.loads(message.payload)))


class Speaker:
    """A client that says anything: a device of the house; a context manager."""

    def __init__(self, port: int, user: str = "", password: str = "") -> None:
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        if user:
            self._client.username_pw_set(user, password)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        until(self._client.is_connected)

    def say(self, topic: str, payload: str, *, retain: bool = False) -> None:
        """Publish, and wait until the broker has it."""
        self._client.publish(topic, payload, 1, retain).wait_for_publish(10)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()
