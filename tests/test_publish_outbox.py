"""What the outbox keeps, repeats and drops; time is passed in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeholo.publish.outbox import IN_FLIGHT, Outbox, Parcel
from edgeholo.types import Message, MessageKind


def event(name: object) -> Message:
    """Return an event that carries ``name``."""
    return Message("home/event", str(name).encode(), MessageKind.EVENT, qos=1, retain=False)


def state(topic: str, name: object) -> Message:
    """Return a state that carries ``name``."""
    return Message(topic, str(name).encode(), MessageKind.STATE, qos=1, retain=True)


def stream(topic: str, name: object) -> Message:
    """Return a stream message that carries ``name``."""
    return Message(topic, str(name).encode(), MessageKind.STREAM, qos=0, retain=False)


def taken(outbox: Outbox, now_s: float = 0.0) -> list[Parcel]:
    """Return everything that may leave now."""
    parcels: list[Parcel] = []
    while parcel := outbox.take(now_s):
        parcels.append(parcel)
    return parcels


def names(parcels: list[Parcel]) -> list[str]:
    """Return what the parcels carry."""
    return [parcel.message.payload.decode() for parcel in parcels]


def opened(size: int = 100, expire_s: float = 10.0) -> Outbox:
    """Return an outbox whose broker is there."""
    outbox = Outbox(size, expire_s)
    outbox.open()
    return outbox


def test_nothing_leaves_while_the_broker_is_away() -> None:
    """Events and states wait, a stream is dropped and counted."""
    outbox = Outbox(10, 10.0)
    for message in (event(1), state("a", 1), stream("s", 1)):
        outbox.put(message, 0.0)
    assert taken(outbox) == []
    assert outbox.waiting() == 2
    assert outbox.counts(0.0) == {"queued": 1, "sent": 0, "expired": 0, "overflowed": 0, "dropped": 1, "refused": 0}


def test_states_leave_before_events_and_events_before_streams() -> None:
    """How things are, then what happened, then what is worth something only now."""
    outbox = opened()
    for message in (stream("s", "stream"), event("event"), state("a", "state")):
        outbox.put(message, 0.0)
    assert names(taken(outbox)) == ["state", "event", "stream"]


def test_only_the_newest_state_of_a_topic_is_said_and_again_after_every_reconnect() -> None:
    """Topics keep the order in which they first came."""
    outbox = Outbox(10, 10.0)
    for message in (state("a", 1), state("b", 1), state("a", 2)):
        outbox.put(message, 0.0)
    for _ in range(2):
        outbox.open()
        assert names(taken(outbox)) == ["2", "1"]
        outbox.close(0.0)


def test_a_newer_stream_message_replaces_one_that_still_waits() -> None:
    """A slow network gets the newest landmarks, not a queue of old ones."""
    outbox = opened()
    for name in range(5):
        outbox.put(stream("s", name), 0.0)
    assert names(taken(outbox)) == ["4"]
    assert outbox.counts(0.0)["dropped"] == 4


def test_streams_of_another_key_are_not_replaced_and_keep_their_order() -> None:
    """Two hands share a topic, and the end of a control is no change of it."""
    outbox = opened()
    told = [("change", "left 1"), ("right", "right 1"), ("change", "left 2"), ("end", "left 3")]
    for key, name in told:
        outbox.put(replace(stream("pinch", name), key=key), 0.0)
    assert names(taken(outbox)) == ["right 1", "left 2", "left 3"]
    assert outbox.counts(0.0)["dropped"] == 1


def test_a_value_that_still_waits_does_not_leave_after_the_last_one() -> None:
    """A lamp that was dimmed ends where the hand was let go; what other topics have waiting stays."""
    outbox = opened()
    outbox.put(stream("home/event", "passing"), 0.0)
    outbox.put(stream("other", "kept"), 0.0)
    outbox.put(event("last"), 0.0)
    assert names(taken(outbox)) == ["last", "kept"]
    assert outbox.counts(0.0)["dropped"] == 1


def test_a_new_value_does_not_overtake_the_last_one_of_before() -> None:
    """While the window is full the last one has to wait, and all that follows it with it."""
    outbox = Outbox(100, 10.0)
    outbox.open(window=1)
    for message in (event(1), event("last"), stream("home/event", "new"), stream("other", "free")):
        outbox.put(message, 0.0)
    first, other = taken(outbox)
    assert names([first, other]) == ["1", "free"]
    outbox.done(first.ticket)
    assert names(taken(outbox)) == ["last", "new"]


def test_the_oldest_events_make_room_for_new_ones() -> None:
    """A bounded queue, and a count of what it cost."""
    outbox = Outbox(3, 10.0)
    for name in range(5):
        outbox.put(event(name), 0.0)
    outbox.open()
    assert names(taken(outbox)) == ["2", "3", "4"]
    assert outbox.counts(0.0)["overflowed"] == 2


def test_an_event_expires_at_its_own_age() -> None:
    """What is left of its life goes out with it."""
    outbox = Outbox(10, 10.0)
    outbox.put(event("old"), 0.0)
    outbox.put(event("young"), 6.0)
    outbox.open()
    (parcel,) = taken(outbox, 12.0)
    assert names([parcel]) == ["young"]
    assert parcel.expires_s == 4.0
    assert outbox.counts(12.0)["expired"] == 1


def test_an_expired_event_is_counted_without_a_broker_too() -> None:
    """Health tells of the loss when it happens, not when the broker is back."""
    outbox = Outbox(10, 10.0)
    outbox.put(event(1), 0.0)
    assert outbox.counts(9.9)["queued"] == 1
    assert (outbox.counts(10.0)["queued"], outbox.counts(10.0)["expired"]) == (0, 1)


def test_no_more_than_the_window_is_in_flight() -> None:
    """The broker may allow less than we would dare, never more."""
    for window, expected in ((2, 2), (0, 1), (65_535, IN_FLIGHT)):
        outbox = Outbox(100, 10.0)
        outbox.open(window)
        for name in range(50):
            outbox.put(event(name), 0.0)
        parcels = taken(outbox)
        assert len(parcels) == expected
        outbox.done(parcels[0].ticket)
        assert names(taken(outbox)) == [str(expected)]


def test_a_full_window_does_not_hold_up_streams() -> None:
    """They are not acknowledged, so they need no place."""
    outbox = opened()
    for name in range(IN_FLIGHT):
        outbox.put(event(name), 0.0)
    taken(outbox)
    outbox.put(stream("s", "now"), 0.0)
    assert names(taken(outbox)) == ["now"]


def test_what_was_not_acknowledged_is_sent_again_in_order_before_the_rest() -> None:
    """The broker may have had it: at least once, never less."""
    outbox = opened()
    outbox.open(3)
    for name in range(6):
        outbox.put(event(name), 0.0)
    first = taken(outbox)
    outbox.done(first[1].ticket)
    outbox.close(1.0)
    outbox.open(16)
    assert names(taken(outbox, 1.0)) == ["0", "2", "3", "4", "5"]


def test_a_refused_message_is_counted_and_not_sent_again() -> None:
    """Repeating what the broker does not want would block those behind it."""
    outbox = opened()
    outbox.put(event(1), 0.0)
    (parcel,) = taken(outbox)
    outbox.done(parcel.ticket, accepted=False)
    outbox.close(0.0)
    outbox.open()
    assert taken(outbox) == []
    assert outbox.counts(0.0)["refused"] == 1


@pytest.mark.parametrize("window", [1, 4, 16])
@given(st.lists(st.sampled_from(["put", "take", "done", "break"]), max_size=200))
def test_every_event_is_acknowledged_once_whatever_happens(window: int, steps: list[str]) -> None:
    """Any mix of sending, acknowledging and broken connections: nothing lost, nothing out of order at first sight."""
    outbox, put, flying, first_seen, done = Outbox(1000, 1e9), 0, list[Parcel](), list[int](), list[int]()

    def take() -> bool:
        if parcel := outbox.take(0.0):
            flying.append(parcel)
            number = int(parcel.message.payload)
            if number not in first_seen:
                first_seen.append(number)
        return parcel is not None

    outbox.open(window)
    for step in steps:
        if step == "put":
            outbox.put(event(put), 0.0)
            put += 1
        elif step == "take":
            take()
        elif step == "break":
            outbox.close(0.0)
            outbox.open(window)
            flying.clear()
        elif flying:
            parcel = flying.pop(0)
            outbox.done(parcel.ticket)
            done.append(int(parcel.message.payload))
    while flying or take():
        parcel = flying.pop(0)
        outbox.done(parcel.ticket)
        done.append(int(parcel.message.payload))
    assert sorted(done) == list(range(put))
    assert first_seen == list(range(put))
    assert outbox.waiting() == 0
