"""The waiting room for messages: what is kept, what is repeated and what is dropped while the broker is away.

Events wait in order until they expire; of a state only the newest of a topic counts, and it is said again after every
reconnect; a stream is worth something only now. A message with qos 1 or 2 stays until the broker has acknowledged it.
All methods may be called from any thread; none of them waits, and time is passed in.
"""

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from edgeholo.types import Message, MessageKind

IN_FLIGHT = 16
"""Messages sent but not acknowledged: under mosquitto's default of 20, and few to repeat after a broken connection."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way.

    Attributes:
        ticket: to be given to ``done``.
        message: what goes out.
        put_s: when it was put in, in the caller's seconds.
        expires_s: seconds it is still worth something, None for ever.
    """

    ticket: int
    message: Message
    put_s: float
    expires_s: float | None = None


class Outbox:
    """A bounded queue of events, the newest state of each topic, the newest of each stream.

    Args:
        size: events that wait; the oldest make room for new ones.
        expire_s: seconds after which an event is dropped.
    """

    def __init__(self, size: int, expire_s: float) -> None:
        self._size, self._expire_s = size, expire_s
        self._lock = threading.Lock()
        self._events: deque[Parcel] = deque()
        self._states: OrderedDict[str, Parcel] = OrderedDict()
        self._unsaid: OrderedDict[str, None] = OrderedDict()
        self._streams: OrderedDict[str, Parcel] = OrderedDict()
        self._in_flight: OrderedDict[int, Parcel] = OrderedDict()
        self._window = 0
        self._tickets = 0
        self._counts: Counter[str] = Counter(sent=0, expired=0, overflowed=0, dropped=0, refused=0)

    def put(self, message: Message, now_s: float) -> None:
        """Take a message in; it never fails, and never waits."""
        with self._lock:
            parcel = self._parcel(message, now_s)
            if message.kind is MessageKind.EVENT:
                # The last value of a dimmer: what still waits of the values before it must not leave after it.
                self._counts["dropped"] += self._streams.pop(message.key or message.topic, None) is not None
                self._events.append(parcel)
                self._trim(now_s)
            elif message.kind is MessageKind.STATE:
                self._states[message.topic] = parcel
                self._unsaid[message.topic] = None
            elif self._window:
                # The newest goes to the end: what another key has to say in between keeps its place.
                self._counts["dropped"] += self._streams.pop(message.key or message.topic, None) is not None
                self._streams[message.key or message.topic] = parcel
            else:
                self._counts["dropped"] += 1

    def restore(self, events: Iterable[tuple[Message, float | None]]) -> list[Parcel]:
        """Take in the events of an earlier run, before all others, and return them.

        Args:
            events: each with the time of its ``put``; None where nobody knows, which counts as too old.
        """
        with self._lock:
            known = [(message, put_s) for message, put_s in events]
            parcels = [self._parcel(message, put_s) for message, put_s in known if put_s is not None]
            self._events.extendleft(reversed(parcels))
            self._counts["expired"] += len(known) - len(parcels)
            return parcels

    def open(self, window: int = IN_FLIGHT, *, resumed: bool = False) -> None:
        """The broker is there and takes ``window`` unacknowledged messages: all states are to be said again.

        Args:
            window: how many it takes.
            resumed: it remembers us, and what is in flight is sent again by whoever remembers it on our side.
        """
        with self._lock:
            if not resumed:
                self._give_back()
            self._window = max(1, min(window, IN_FLIGHT))
            self._unsaid = OrderedDict.fromkeys(self._states)

    def close(self, now_s: float, *, resumable: bool = False) -> None:
        """The broker is gone: what it did not acknowledge goes back to the head of the queue, in order.

        Args:
            now_s: the present.
            resumable: the broker may remember us: what is in flight stays so until ``open``, or until some of it expires.
        """
        with self._lock:
            self._window = 0
            self._counts["dropped"] += len(self._streams)
            self._streams.clear()
            if not resumable:
                self._give_back()
            self._trim(now_s)

    def holds(self, now_s: float) -> bool:
        """Return whether something is still in flight since a connection that can be resumed."""
        with self._lock:
            self._trim(now_s)
            return bool(self._in_flight)

    def take(self, now_s: float) -> Parcel | None:
        """Return what is to be sent next: states, then events, then streams; None when there is nothing to do now."""
        with self._lock:
            self._trim(now_s)
            if not self._window:
                return None
            if len(self._in_flight) < self._window and (parcel := self._next_lasting(now_s)):
                self._in_flight[parcel.ticket] = parcel
                return parcel
            return self._next_stream()

    def done(self, ticket: int, *, accepted: bool = True) -> None:
        """Forget a message that the broker has acknowledged (qos 0: that left), or has refused for good."""
        with self._lock:
            self._in_flight.pop(ticket, None)
            self._counts["sent" if accepted else "refused"] += 1

    def waiting(self) -> int:
        """Return how many messages a stop would lose: events and states that were not acknowledged."""
        with self._lock:
            return len(self._events) + len(self._unsaid) + len(self._in_flight)

    def events(self, now_s: float) -> list[Parcel]:
        """Return the events that were not acknowledged, in order."""
        with self._lock:
            self._trim(now_s)
            return [*self._flying(), *self._events]

    def counts(self, now_s: float) -> dict[str, int]:
        """Return ``queued`` (events waiting now) and, since the start, sent, expired, overflowed, dropped, refused."""
        with self._lock:
            self._trim(now_s)
            return {"queued": len(self._events) + len(self._flying()), **self._counts}

    def _parcel(self, message: Message, put_s: float) -> Parcel:
        self._tickets += 1
        return Parcel(self._tickets, message, put_s)

    def _flying(self) -> list[Parcel]:
        return [parcel for parcel in self._in_flight.values() if parcel.message.kind is MessageKind.EVENT]

    def _give_back(self) -> None:
        """Put the events in flight back to the head of the queue."""
        self._events.extendleft(reversed(self._flying()))
        self._in_flight.clear()

    def _next_lasting(self, now_s: float) -> Parcel | None:
        if self._unsaid:
            return self._states[self._unsaid.popitem(last=False)[0]]
        if not self._events:
            return None
        event = self._events.popleft()
        return Parcel(event.ticket, event.message, event.put_s, event.put_s + self._expire_s - now_s)

    def _next_stream(self) -> Parcel | None:
        """Return the first that overtakes no event of its own topic: a new value the last one of the hand before."""
        held_up = {parcel.message.topic for parcel in self._events} if self._streams else ()
        key = next((key for key, parcel in self._streams.items() if parcel.message.topic not in held_up), None)
        return None if key is None else self._streams.pop(key)

    def _trim(self, now_s: float) -> None:
        """Drop the events that are too old, then the oldest of those that are too many."""
        if not self._window and any(now_s - parcel.put_s >= self._expire_s for parcel in self._flying()):
            # A connection that is resumed would deliver them all, whatever their age.
            self._give_back()
        while self._events and now_s - self._events[0].put_s >= self._expire_s:
            self._events.popleft()
            self._counts["expired"] += 1
        while len(self._events) > self._size:
            self._events.popleft()
            self._counts["overflowed"] += 1
