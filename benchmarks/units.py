"""Simulated units: the real announcer, outbox and publisher of the daemon, fed with recorded landmarks; many in one process."""

import heapq
import multiprocessing
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from edgeholo.clock import Clock
from edgeholo.config import Broker, Publish
from edgeholo.perceive import recording
from edgeholo.publish.announcer import Announcer
from edgeholo.publish.publisher import Publisher
from edgeholo.publish.topics import Topics
from edgeholo.types import Gesture, People, Phase, Side

BASE = "fleet"
_GLANCE_S = 0.01
_MATRIX = np.ones((256, 256), np.float32)
"""256 kB: more than the nearest cache holds."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a unit has to say.

    Attributes:
        frame_hz: frames a second.
        landmarks_hz: of them with landmarks, at most; 0 for none.
        event_s: mean seconds between two events of a unit.
        work_s: processor time a frame that stands for the engine; without it the processor sleeps, and wakes up slowly.
    """

    frame_hz: float
    landmarks_hz: float
    event_s: float
    work_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the units of a process did.

    Attributes:
        sent_ns: monotonic time of each decision by unit and number.
        cpu_s: processor time of all that it takes to say something: announcer, outbox, MQTT.
        frames: of all units.
        lost: events that expired, overflowed or were refused.
    """

    sent_ns: dict[tuple[str, int], int]
    cpu_s: float
    frames: int
    lost: int


class Unit:
    """One device at one broker."""

    def __init__(self, name: str, url: str, load: Load, shown: Sequence[People]) -> None:
        options = Publish(base=BASE, landmarks=load.landmarks_hz > 0, landmarks_hz=load.landmarks_hz or 1.0)
        self.name, self._load, self._shown = name, load, shown
        self.sender = Publisher(Broker(url=url), options, Topics(BASE, name))
        self._announcer = Announcer(Topics(BASE, name), self.sender, Clock(live=True), options)
        self._seq = self.frames = 0
        self._said_s = 0.0
        self.sent_ns: dict[tuple[str, int], int] = {}

    def frame(self) -> None:
        """Say what the next frame means."""
        self.frames += 1
        load = self._load
        happens = random.random() < 1 / (load.event_s * load.frame_hz)
        _toil(load.work_s)
        now_ns = time.monotonic_ns()
        people = replace(self._shown[self.frames % len(self._shown)], timestamp_ns=now_ns)
        if happens:
            self._seq += 1
            self.sent_ns[self.name, self._seq] = now_ns
        gesture = Gesture("victory", Phase.START, Side.LEFT, 0.93, 0.0, 0, now_ns)
        then_s = time.thread_time()
        self._announcer.understood(people, [gesture] if happens else [])
        self._said_s += time.thread_time() - then_s

    @property
    def cpu_s(self) -> float:
        """Processor time that talking took so far, in this thread and in the connection's."""
        thread = self.sender._link._thread.ident or 0  # noqa: SLF001 - nobody else knows the thread
        return self._said_s + time.clock_gettime(time.pthread_getcpuclockid(thread))


def run(names: Sequence[str], url: str, load: Load, file: Path, seconds: float, line: Connection) -> None:
    """Run units in this process: say when all are connected, wait for the word, work, and say what came of it."""
    shown = [sight.people for sight in recording.read(file) if sight.people and sight.people.persons]
    units = [Unit(name, url, load, shown) for name in names]
    for unit in units:
        unit.sender.start()
    _until(lambda: all(unit.sender.connected for unit in units))
    line.send("ready")
    line.recv()
    before_s = sum(unit.cpu_s for unit in units)
    _work(units, load.frame_hz, seconds)
    cpu_s = sum(unit.cpu_s for unit in units) - before_s
    _until(lambda: all(unit.sender.counts()["queued"] == 0 for unit in units))
    counts = [unit.sender.counts() for unit in units]
    line.send(
        Outcome(
            {key: at for unit in units for key, at in unit.sent_ns.items()},
            cpu_s,
            sum(unit.frames for unit in units),
            sum(each["expired"] + each["overflowed"] + each["refused"] for each in counts),
        )
    )
    line.recv()
    for unit in units:
        unit.sender.stop(0.5)


def started(target: Callable[..., None], *arguments: object) -> tuple[Any, Connection]:
    """Start a process with a line to it, and return both."""
    context = multiprocessing.get_context("spawn")
    near, far = context.Pipe()
    process = context.Process(target=target, args=(*arguments, far), daemon=True)
    process.start()
    return process, near


def _work(units: Sequence[Unit], frame_hz: float, seconds: float) -> None:
    """Give each unit its frames, at moments of its own."""
    began_s, period_s = time.monotonic(), 1 / frame_hz
    due = [(began_s + random.random() * period_s, number) for number in range(len(units))]
    heapq.heapify(due)
    while due:
        at_s, number = heapq.heappop(due)
        if (pause_s := at_s - time.monotonic()) > 0:
            time.sleep(pause_s)
        units[number].frame()
        if at_s + period_s < began_s + seconds:
            heapq.heappush(due, (at_s + period_s, number))


def _toil(seconds: float) -> None:
    """Keep the processor and its caches as busy as an engine does."""
    began_s = time.thread_time()
    while time.thread_time() - began_s < seconds:
        _MATRIX.dot(_MATRIX)


def _until(done: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 60
    while not done():
        if time.monotonic() > deadline_s:
            raise TimeoutError("the units do not get on")
        time.sleep(_GLANCE_S)
