"""Rules tried on what happened: what would have been sent, line by line."""

import argparse
import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from edgeholo.act.action import Command, Order, Request
from edgeholo.act.responder import Firing, Responder
from edgeholo.act.rules import Rules
from edgeholo.capture.feed import frames
from edgeholo.capture.source import is_live
from edgeholo.cli import lines, options
from edgeholo.config import Config
from edgeholo.perceive.engine import open_engine
from edgeholo.perceive.recording import is_recording, read
from edgeholo.pipeline import Mind, Pipeline, Understanding


@dataclass(frozen=True, slots=True)
class _Wall:
    """The time of day of a recording: it begins at ``begin``, whenever it was made."""

    begin: datetime
    first_ns: int

    def at(self, timestamp_ns: int) -> datetime:
        return self.begin + timedelta(microseconds=(timestamp_ns - self.first_ns) / 1000)


def rehearse(rules: Rules, config: Config, args: argparse.Namespace) -> None:
    """Print what the rules would have done.

    Args:
        rules: to be tried.
        config: the configuration.
        args: ``file``, ``at``, ``topic``, ``json``.
    """
    responder, number, t_ns = None, 0, 0
    fired: set[str] = set()
    for understanding in _understandings(config, args.file):
        number += t_ns != understanding.people.timestamp_ns or not number
        t_ns = understanding.people.timestamp_ns
        if responder is None:
            responder = _responder(rules, config, args, t_ns)
        for firing in _respond(responder, understanding):
            fired.add(firing.rule.name)
            _show(firing, t_ns, as_json=args.json)
    never = [rule.name for rule in rules.rules if rule.name not in fired]
    _show_rest(never, responder, number, t_ns, as_json=args.json)


def _responder(rules: Rules, config: Config, args: argparse.Namespace, first_ns: int) -> Responder:
    wall = _Wall(args.at or datetime.now().astimezone(), first_ns)
    responder = Responder(rules, wall.at, armed=not config.gestures.arming.enabled, profile=config.gestures.profile)
    for topic, payload in args.topic:
        responder.receive(topic, payload)
    return responder


def _understandings(config: Config, file: str) -> Iterator[Understanding]:
    """Yield what every frame meant, of a recording or of pictures; what ends with the last one is its own understanding."""
    if is_recording(Path(file)):
        mind = Mind(config)
        yield from _to_the_end(mind, (mind.think(sight) for sight in read(Path(file))))
        return
    options.prepare_models(config.engine)
    source = frames(config.camera)
    with closing(open_engine(config.engine)) as engine:
        pipeline = Pipeline(config, engine, live=is_live(config.camera))
        yield from _to_the_end(pipeline.mind, (pipeline.process(frame)[1] for frame in source))


def _to_the_end(mind: Mind, understandings: Iterable[Understanding]) -> Iterator[Understanding]:
    last = None
    for last in understandings:
        yield last
    if last is not None and (ends := mind.finish()):
        yield Understanding(last.people, ends)


def _respond(responder: Responder, understanding: Understanding) -> Iterator[Firing]:
    for observation in understanding.observations:
        yield from responder.observe(observation, understanding.people)
    yield from responder.tick(understanding.people.timestamp_ns, understanding.people)


def _show(firing: Firing, t_ns: int, *, as_json: bool) -> None:
    t, event = round(t_ns / 1e9, 4), lines.as_dict(firing.trigger)
    if as_json:
        orders = [_as_dict(order) for order in firing.orders]
        fields = {"t": t, "event": "rule", "rule": firing.rule.name, "trigger": event, "orders": orders}
        print(json.dumps({**fields, "failures": list(firing.failures)}), flush=True)
        return
    said = [str(event[key]) for key in ("name", "phase", "hand", "value") if event.get(key) is not None]
    print(f"{t:>8.2f} s  {firing.rule.name}  ({' '.join(said or [str(event['event'])])})")
    for order in firing.orders:
        print(f"{'':12}{_line(order)}")
    for failure in firing.failures:
        print(f"{'':12}failed: {failure}")


def _show_rest(never: list[str], responder: Responder | None, number: int, t_ns: int, *, as_json: bool) -> None:
    """Print which rules never fired, and what kept them from it."""
    reasons = {rule: responder.kept_from(rule) if responder else {} for rule in never}
    if as_json:
        print(json.dumps({"t": round(t_ns / 1e9, 4), "event": "end", "frames": number, "never": reasons}), flush=True)
        return
    for rule, why in reasons.items():
        kept = ", ".join(f"{reason} ({count} times)" if count > 1 else reason for reason, count in why.items())
        print(f"never fired: {rule}" + (f"; not met: {kept}" if kept else "; nothing set it off"))
    print(f"{t_ns / 1e9:>8.2f} s  end  frames {number}; nothing was sent")


def _as_dict(order: Order) -> dict[str, object]:
    if isinstance(order, Request):
        return {"method": order.method, "url": order.url, "body": order.body.decode(errors="replace")}
    if isinstance(order, Command):
        return {"command": list(order.arguments)}
    payload = order.payload.decode(errors="replace")
    return {"topic": order.topic, "payload": payload, "qos": order.qos, "retain": order.retain}


def _line(order: Order) -> str:
    if isinstance(order, Request):
        return f"{order.method} {order.url}  {order.body.decode(errors='replace')}".rstrip()
    if isinstance(order, Command):
        return f"command {json.dumps(list(order.arguments))}"
    return f"{order.topic}  {order.payload.decode(errors='replace')}".rstrip()
