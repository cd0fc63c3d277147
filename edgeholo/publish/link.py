"""Keeps a connection to the broker for ever: a thread that connects, carries the outbox out, and tries again."""

import logging
import os
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field

from edgeholo import config
from edgeholo.backoff import Backoff
from edgeholo.errors import BrokerError, ConfigError
from edgeholo.publish import reasons
from edgeholo.publish.address import Address
from edgeholo.publish.age import now_s
from edgeholo.publish.client import Client, Received, Version, VersionRefusedError, matches
from edgeholo.publish.outbox import Outbox, Parcel
from edgeholo.types import Message

_LOGGER = logging.getLogger(__name__)

GREETING_S = 10.0
"""A broker that takes the connection greets at once; a hung one, or another kind of server, never does."""
STABLE_S = 10.0
"""A connection that lasted so long was a good one: the next pause is short again."""
SILENT_S = 20.0
"""A message that nobody acknowledges for so long went into a dead network; the keep-alive would tell when most events have expired."""
_SUSPICIOUS = 3
"""Connections cut short in a row: two clients of the same id, whom mosquitto 2.0 disconnects in turn without a word."""
_TURN_S = 1.0
"""How often the keep-alive is looked at while nothing happens."""
_GLANCE_S = 0.02
"""How often it is looked whether what is waited for has happened."""
_FIRST_PAUSE_S = 1.0
"""A broker that was restarted is back within a second or two."""
_PACKET_OVERHEAD = 64
"""Bytes of a PUBLISH beside topic and payload, with our properties; generous."""


@dataclass(slots=True)
class Subscription:
    """What is asked for, and what the broker said to it.

    Attributes:
        topic_filter: with ``+`` and ``#``.
        callback: called in the link's thread.
        qos: asked for.
        settled: set while the broker has answered on the present connection.
        refusal: why it refused; empty when it granted.
    """

    topic_filter: str
    callback: Callable[[Received], None]
    qos: int = 1
    settled: threading.Event = field(default_factory=threading.Event)
    refusal: str = ""


class Link:
    """A connection that comes back.

    Args:
        find: returns the address of the broker, anew for every try: a password may change, a certificate be renewed.
        options: protocol, keep-alive, longest pause.
        outbox: what is to be sent.
        client_id: as the broker knows us.
        will: what the broker says when we vanish.
        session_s: seconds for which the broker is to remember what is in flight when the connection breaks; 0 for not at all.
        takes: bytes of the largest packet that the broker is to send, 0 for any.

    Attributes:
        trouble: why there is no connection, one line; empty while there is one, and before the first try has failed.
        version: of MQTT on the last good connection.
        since_s: when that began, in seconds of ``time.monotonic``; 0 before the first.

    Raises:
        ConfigError: there is no address.
    """

    def __init__(
        self,
        find: Callable[[], Address],
        options: config.Broker,
        outbox: Outbox,
        *,
        client_id: str,
        will: Message | None = None,
        session_s: float = 0.0,
        takes: int = 0,
    ) -> None:
        self._find, self._address, self._options, self._outbox = find, find(), options, outbox
        self._client_id, self._will, self._session_s, self._takes = client_id, will, session_s, takes
        self._interrupted: Client | None = None
        self._heard_s = 0.0
        self.trouble = ""
        self.since_s = 0.0
        self.version: Version | None = None
        self._versions: list[Version] = ["5", "3.1.1"] if options.protocol == "auto" else [options.protocol]
        self._backoff = Backoff(_FIRST_PAUSE_S, options.reconnect_max_s)
        self._cut_short = 0
        self._connected, self._stopping = threading.Event(), threading.Event()
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        weakref.finalize(self, os.close, self._wake)
        self._subscriptions: list[Subscription] = []
        self._requests: dict[int, Subscription] = {}
        self._sent: dict[int, Parcel] = {}
        self._thread = threading.Thread(target=self._run, name="mqtt", daemon=True)

    @property
    def connected(self) -> bool:
        """Whether the broker has greeted us and the connection stands."""
        return self._connected.is_set()

    @property
    def hopeful(self) -> bool:
        """Whether a message has a chance to leave soon: connected, or still at the first try."""
        return self._thread.is_alive() and (self.connected or not self.trouble)

    def start(self) -> None:
        """Begin to connect, and return at once."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """Say goodbye and end the thread; a name look-up that hangs is left behind after ``timeout_s``."""
        self._stopping.set()
        self.wake()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def flush(self, timeout_s: float) -> int:
        """Wait for the outbox to empty while there is hope, and return how many messages are left in it."""
        deadline_s = time.monotonic() + timeout_s
        while (left := self._outbox.waiting()) and self.hopeful and time.monotonic() < deadline_s:
            self._stopping.wait(_GLANCE_S)
        return left

    def wake(self) -> None:
        """Tell the thread that there is something to do."""
        os.eventfd_write(self._wake, 1)

    def subscribe(self, topic_filter: str, callback: Callable[[Received], None], qos: int = 1) -> Subscription:
        """Ask for the messages of a filter, now and after every reconnect."""
        subscription = Subscription(topic_filter, callback, qos)
        self._subscriptions.append(subscription)
        self.wake()
        return subscription

    def settle(self, subscription: Subscription, deadline_s: float) -> None:
        """Wait until the broker has answered a subscription.

        Args:
            subscription: of this link.
            deadline_s: of ``time.monotonic``.

        Raises:
            BrokerError: the connection failed, or there is no answer in time.
        """
        while not subscription.settled.wait(_GLANCE_S):
            if self.trouble or time.monotonic() > deadline_s:
                raise BrokerError(self.trouble or "the broker does not answer a subscription")

    def received(self, message: Received) -> None:
        """Hand a message to those who asked for it."""
        for subscription in self._subscriptions:
            if matches(subscription.topic_filter, message.topic):
                subscription.callback(message)

    def acknowledged(self, mid: int, refusal: str) -> None:
        """Cross a message off."""
        if (parcel := self._sent.pop(mid, None)) is None:
            return
        if refusal:
            _LOGGER.warning("MQTT: %s was not taken: %s", parcel.message.topic, refusal)
        self._heard_s = now_s()
        self._outbox.done(parcel.ticket, accepted=not refusal)

    def subscribed(self, mid: int, refusal: str) -> None:
        """Note the broker's answer to a subscription."""
        if (subscription := self._requests.pop(mid, None)) is None:
            return
        if refusal:
            _LOGGER.warning("MQTT: no subscription to %s: %s", subscription.topic_filter, refusal)
        subscription.refusal = refusal
        subscription.settled.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            began_s = time.monotonic()
            try:
                self._serve(self._greeted())
            except BrokerError as error:
                lasted = time.monotonic() - began_s > STABLE_S
                self._cut_short = self._cut_short + 1 if self.connected and not lasted else 0
                if lasted:
                    self._backoff.reset()
                self._note(str(error))
            finally:
                self._down()
            self._stopping.wait(self._backoff.next_s())

    def _greeted(self) -> Client:
        """Return a client that the broker has greeted: the interrupted one, else one in the newest version of MQTT that it takes."""
        self._address = self._found()
        if self._interrupted and self._outbox.holds(now_s()):
            self._interrupted.reopen(self._address, now_s())
            return self._greet(self._interrupted)
        self._interrupted = None
        self._sent.clear()
        refusal: BrokerError = BrokerError("no version of MQTT to try")
        for version in self._versions:
            try:
                client = self._client(version)
                client.open()
                return self._greet(client)
            except VersionRefusedError as error:
                refusal = error
        raise refusal

    def _found(self) -> Address:
        try:
            return self._find()
        except ConfigError as error:
            raise BrokerError(str(error)) from error

    def _client(self, version: Version) -> Client:
        return Client(
            self._address,
            self,
            client_id=self._client_id,
            version=version,
            keepalive_s=self._options.keepalive_s,
            will=self._will,
            session_s=self._session_s,
            takes=self._takes,
        )

    def _greet(self, client: Client) -> Client:
        deadline_s = time.monotonic() + GREETING_S
        while not client.ready:
            self._turn(client)
            if self._stopping.is_set() or time.monotonic() > deadline_s:
                client.drop()
                raise BrokerError(reasons.silent(self._address))
        return client

    def _serve(self, client: Client) -> None:
        self._up(client)
        while not self._stopping.is_set():
            self._ask(client)
            self._pump(client)
            self._turn(client)
            if self._sent and now_s() - self._heard_s > SILENT_S:
                client.drop()
                raise BrokerError(reasons.deaf(self._address, SILENT_S))
        client.close()

    def _turn(self, client: Client) -> None:
        client.turn(_TURN_S, self._wake)
        try:
            os.eventfd_read(self._wake)
        except BlockingIOError:
            return

    def _ask(self, client: Client) -> None:
        pending = set(map(id, self._requests.values()))
        for subscription in list(self._subscriptions):
            if not subscription.settled.is_set() and id(subscription) not in pending:
                self._requests[client.subscribe(subscription.topic_filter, subscription.qos)] = subscription

    def _pump(self, client: Client) -> None:
        while not client.congested and (parcel := self._outbox.take(now_s())):
            message = parcel.message
            size = len(message.payload) + len(message.topic) + len(message.correlation) + _PACKET_OVERHEAD
            if client.largest is not None and size > client.largest:
                _LOGGER.warning("MQTT: %s is too large for the broker: %s bytes", message.topic, size)
                self._outbox.done(parcel.ticket, accepted=False)
                continue
            mid = client.publish(message, now_s(), parcel.expires_s)
            if mid is None:
                self._outbox.done(parcel.ticket)
                continue
            if not self._sent:
                self._heard_s = now_s()
            self._sent[mid] = parcel

    def _up(self, client: Client) -> None:
        self.version = client.version
        self._versions.sort(key=lambda version: version != client.version)
        if not client.resumed:
            self._sent.clear()
        self._heard_s = now_s()
        self._outbox.open(client.window, resumed=client.resumed)
        self._interrupted = client if client.resumable else None
        self.trouble = ""
        self.since_s = time.monotonic()
        self._connected.set()
        _LOGGER.info("MQTT: connected to %s, version %s", self._address, client.version)

    def _down(self) -> None:
        self._connected.clear()
        self._outbox.close(now_s(), resumable=self._interrupted is not None)
        self._requests.clear()
        for subscription in self._subscriptions:
            subscription.settled.clear()

    def _note(self, trouble: str) -> None:
        """Log a trouble once, not at every try."""
        if self._cut_short >= _SUSPICIOUS and "device.id" not in trouble:
            trouble += (
                f" again: does another client use the id {self._client_id}? Give each device a device.id of its own"
            )
        if trouble != self.trouble and not self._stopping.is_set():
            _LOGGER.warning("MQTT: %s; trying again", trouble)
        self.trouble = trouble
