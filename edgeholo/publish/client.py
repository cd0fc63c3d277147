"""One MQTT connection, from CONNECT to its end. The only module that imports paho.

paho keeps no queue, no thread and no reconnect here: those are ``outbox`` and ``link``, so a new connection starts with a
new client and nothing of the old one; but for a session, which is what makes qos 2 deliver once.
"""

import os
import select
import socket
from dataclasses import dataclass
from typing import Literal, Protocol

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edgeholo.errors import BrokerError
from edgeholo.publish import reasons
from edgeholo.publish.address import Address
from edgeholo.types import Message

Version = Literal["5", "3.1.1"]

_PROTOCOLS = {"5": MQTTProtocolVersion.MQTTv5, "3.1.1": MQTTProtocolVersion.MQTTv311}
_UNSUPPORTED_VERSION = 0x84
_NOBODY_LISTENS = 0x10
"""MQTT 5, table 2-6: no matching subscribers."""
_UNKNOWN_ID = 0x92
_NETWORK_TIMEOUT_S = 5.0
"""For TCP, TLS and the WebSocket together: a home's network answers in milliseconds or not at all."""
_UNSENT = 8192
"""Bytes that the system keeps for a slow network: by default megabytes, and an event would wait behind a minute of landmarks."""


class VersionRefusedError(BrokerError):
    """The broker does not want this version of MQTT, or hung up on its greeting, which is how older ones say it."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message that arrived.

    Attributes:
        topic: in full.
        payload: bytes as they came.
        retained: said before we asked for it.
        answer_to: the topic on which an answer is wanted, empty for none; an MQTT 5 property.
        correlation: what the answer is to bring along.
    """

    topic: str
    payload: bytes
    retained: bool
    answer_to: str = ""
    correlation: bytes = b""


class Owner(Protocol):
    """Who is told what arrives; called from within ``turn``."""

    def received(self, message: Received) -> None:
        """Take a message of a subscription."""

    def acknowledged(self, mid: int, refusal: str) -> None:
        """Learn that the broker has message ``mid``, or why it did not want it."""

    def subscribed(self, mid: int, refusal: str) -> None:
        """Learn that the broker grants the subscription ``mid``, or why not."""


def matches(topic_filter: str, topic: str) -> bool:
    """Return whether a filter with ``+`` and ``#`` covers a topic; ``$share/GROUP/`` in front of it counts for nothing."""
    _share, _group, shared = (*topic_filter.split("/", 2), "", "")[:3]
    return mqtt.topic_matches_sub(shared if _share == "$share" else topic_filter, topic)


class _Packed:
    """Properties that are the same for every message of a kind: paho takes a tenth of a millisecond to make and pack them."""

    def __init__(self, properties: Properties) -> None:
        self._bytes: bytes = properties.pack()  # type: ignore[no-untyped-call]

    def pack(self) -> bytes:
        """Return what goes over the wire, which is all that paho asks for."""
        return self._bytes


class Client:
    """A connection; used by one thread only.

    Args:
        address: of the broker.
        owner: who is told what arrives.
        client_id: as the broker knows us.
        version: of MQTT.
        keepalive_s: seconds after which silence is asked about.
        will: what the broker says when we vanish.
        session_s: seconds for which the broker is to remember what is in flight when the connection breaks; 0 for not at all.
            Before MQTT 5 there is no such thing that begins empty.
        takes: bytes of the largest packet that the broker is to send, 0 for any; before MQTT 5 it cannot be told.

    Attributes:
        ready: the broker has greeted us.
        resumed: it remembered what was in flight; the client then goes on with it by itself.
        window: messages that it takes unacknowledged.
        largest: bytes of the largest packet it takes, None for no limit.
        finest: highest qos that it takes.
        unheard: messages to which nobody subscribed, as far as the broker tells.
    """

    def __init__(
        self,
        address: Address,
        owner: Owner,
        *,
        client_id: str,
        version: Version,
        keepalive_s: int,
        will: Message | None,
        session_s: float = 0.0,
        takes: int = 0,
    ) -> None:
        self._takes = takes
        self._address, self._owner, self.version, self._keepalive_s = address, owner, version, keepalive_s
        self._session_s = round(session_s + 0.5) if session_s and version == "5" else 0
        self.ready = self.resumed = False
        self.window, self.finest = 0xFFFF, 2
        self.largest: int | None = None
        self.unheard = 0
        self._packed: dict[str, _Packed] = {}
        self._expiring: dict[int, tuple[Properties, float]] = {}
        self._repeated: set[int] = set()
        self._goodbye = ""
        self._refused_version = False
        self._paho = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=_PROTOCOLS[version],
            transport=address.transport,
            reconnect_on_failure=False,
        )
        self._configure(will)

    def open(self) -> None:
        """Open the network connection and greet the broker; ``turn`` until ``ready``.

        Raises:
            BrokerError: there is no network, no TLS, no WebSocket.
        """
        properties = None
        if self.version == "5" and (self._session_s or self._takes):
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            if self._session_s:
                properties.SessionExpiryInterval = self._session_s
            if self._takes:
                properties.MaximumPacketSize = self._takes
        try:
            self._paho.connect(self._address.host, self._address.port, self._keepalive_s, properties=properties)
        except OSError as error:
            raise BrokerError(reasons.failed(error, self._address)) from error

    def reopen(self, address: Address, now_s: float) -> None:
        """Do as ``open``, and ask the broker to go on where the connection broke.

        Args:
            address: as before, with the password of today.
            now_s: the present, in the seconds of ``publish``.

        Raises:
            BrokerError: there is no network, no TLS, no WebSocket.
        """
        self.ready = self.resumed = False
        self._goodbye = ""
        if address.username:
            self._paho.username_pw_set(address.username, address.password)
        for properties, expires_s in self._expiring.values():
            properties.MessageExpiryInterval = max(1, round(expires_s - now_s))
        try:
            self._paho.reconnect()
        except OSError as error:
            raise BrokerError(reasons.failed(error, self._address)) from error

    @property
    def resumable(self) -> bool:
        """Whether the broker was asked to remember what is in flight."""
        return self._session_s > 0

    def turn(self, timeout_s: float, wake: int) -> None:
        """Wait for the network or for the file descriptor ``wake``, and do what there is to do.

        Raises:
            VersionRefusedError: the broker may accept an older version.
            BrokerError: the connection is over.
        """
        network = self._paho.socket()
        if network is None:
            raise self._end()
        buffered = network.pending() if hasattr(network, "pending") else 0
        readable, writable = self._wait(network.fileno(), wake, 0 if buffered else timeout_s)
        codes = [
            self._paho.loop_read() if readable or buffered else MQTTErrorCode.MQTT_ERR_SUCCESS,
            self._paho.loop_write() if writable else MQTTErrorCode.MQTT_ERR_SUCCESS,
            self._paho.loop_misc(),
        ]
        if any(codes) or self._goodbye:
            raise self._end()

    @property
    def congested(self) -> bool:
        """Whether the network has not taken the last message yet, or is gone."""
        return self._paho.want_write() or self._paho.socket() is None

    def publish(self, message: Message, now_s: float, expires_s: float | None = None) -> int | None:
        """Send a message and return its id, which ``Owner.acknowledged`` tells; None for qos 0, which nobody acknowledges."""
        properties = self._properties(message, expires_s) if self.version == "5" else None
        qos = min(message.qos, self.finest)
        mid = self._paho.publish(message.topic, message.payload, qos, message.retain, properties).mid  # type: ignore[arg-type]
        if isinstance(properties, Properties) and qos and expires_s is not None and self._session_s:
            self._expiring[mid] = properties, now_s + expires_s
        return mid if qos else None

    def _properties(self, message: Message, expires_s: float | None) -> Properties | _Packed:
        alike = not (message.correlation or message.answer_to) and expires_s is None
        if alike and message.content_type in self._packed:
            return self._packed[message.content_type]
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.ContentType = message.content_type
        if alike:
            return self._packed.setdefault(message.content_type, _Packed(properties))
        if message.correlation:
            properties.CorrelationData = message.correlation
        if message.answer_to:
            properties.ResponseTopic = message.answer_to
        if expires_s is not None:
            properties.MessageExpiryInterval = max(1, round(expires_s))
        return properties

    def subscribe(self, topic_filter: str, qos: int) -> int:
        """Ask for the messages of a filter, and return the id of the request."""
        return self._paho.subscribe(topic_filter, qos)[1] or 0

    def close(self) -> None:
        """Say goodbye, so that the broker keeps the last will to itself, and forgets us."""
        properties = None
        if self._session_s:
            properties = Properties(PacketTypes.DISCONNECT)  # type: ignore[no-untyped-call]
            properties.SessionExpiryInterval = 0
        self._paho.on_disconnect = None
        self._paho.disconnect(properties=properties)
        self.drop()

    def drop(self) -> None:
        """End the connection without a word."""
        if network := self._paho.socket():
            network.close()

    def _configure(self, will: Message | None) -> None:
        client, address = self._paho, self._address
        client.connect_timeout = _NETWORK_TIMEOUT_S
        if address.username:
            client.username_pw_set(address.username, address.password)
        if address.tls:
            client.tls_set_context(address.tls)
        if address.transport == "websockets":
            client.ws_set_options(address.path)
        if will:
            client.will_set(will.topic, will.payload, will.qos, will.retain)
        client.on_socket_open = self._on_socket_open
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe

    def _wait(self, network: int, wake: int, timeout_s: float) -> tuple[bool, bool]:
        poll = select.poll()
        poll.register(network, select.POLLIN | (select.POLLOUT if self.congested else 0))
        poll.register(wake, select.POLLIN)
        events = dict(poll.poll(timeout_s * 1000)).get(network, 0)
        return bool(events & ~select.POLLOUT), bool(events & select.POLLOUT)

    def _end(self) -> BrokerError:
        """Return why it is over."""
        if self._refused_version:
            return VersionRefusedError(self._goodbye)
        if self._goodbye:
            return BrokerError(self._goodbye)
        if not self.ready:
            return VersionRefusedError(reasons.hung_up(self._address))
        return BrokerError(f"the connection to {self._address.host}:{self._address.port} broke off")

    def _on_socket_open(self, _client: mqtt.Client, _data: object, network: "mqtt.SocketLike") -> None:
        with socket.socket(fileno=os.dup(network.fileno())) as same:
            same.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            same.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT)

    def _on_connect(
        self,
        _client: mqtt.Client,
        _data: object,
        flags: mqtt.ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._goodbye = reasons.said(reason.value, reason.getName())
            self._refused_version = reason.value == _UNSUPPORTED_VERSION
            return
        self.ready, self.resumed = True, flags.session_present
        if not self.resumed:
            # paho would send these again as well: the outbox does.
            self._paho.drop_out_messages()
            self._expiring.clear()
        self._repeated = set(self._expiring)
        self.window = getattr(properties, "ReceiveMaximum", 0xFFFF)
        self.largest = getattr(properties, "MaximumPacketSize", None)
        self.finest = getattr(properties, "MaximumQoS", 2)

    def _on_disconnect(
        self, _client: mqtt.Client, _data: object, flags: mqtt.DisconnectFlags, reason: ReasonCode, _properties: object
    ) -> None:
        if flags.is_disconnect_packet_from_server:
            self._goodbye = reasons.said(reason.value, reason.getName())

    def _on_message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        answer_to: str = getattr(message.properties, "ResponseTopic", "")
        correlation: bytes = getattr(message.properties, "CorrelationData", b"")
        self._owner.received(Received(message.topic, bytes(message.payload), message.retain, answer_to, correlation))

    def _on_publish(
        self, _client: mqtt.Client, _data: object, mid: int, reason: ReasonCode, _properties: object
    ) -> None:
        self._expiring.pop(mid, None)
        self.unheard += reason.value == _NOBODY_LISTENS
        # Of what is said again after a break the broker may have forgotten that it was done with it.
        refused = reason.is_failure and not (reason.value == _UNKNOWN_ID and mid in self._repeated)
        self._owner.acknowledged(mid, reasons.said(reason.value, reason.getName()) if refused else "")

    def _on_subscribe(
        self, _client: mqtt.Client, _data: object, mid: int, codes: list[ReasonCode], _properties: object
    ) -> None:
        for reason in codes:
            self._owner.subscribed(mid, reasons.said(reason.value, reason.getName()) if reason.is_failure else "")
