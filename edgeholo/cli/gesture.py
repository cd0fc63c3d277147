"""Gestures of your own: teach one by showing it, list them, forget one.

A pose is shown by holding it still for a second, the hand up; a movement goes from rest to rest, the hand up. Three shows are asked
for, the hand lowered in between. Only points of the hand are stored, no picture. While the daemon runs, the camera is its own: let it
learn itself over MQTT (set/learn), or give a clip or a recording here.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from edgeholo.capture.feed import frames
from edgeholo.capture.source import is_live
from edgeholo.cli import options
from edgeholo.config import Config
from edgeholo.errors import EdgeholoError
from edgeholo.interpret.taught.lessons import OVER, Lesson, Progress, State
from edgeholo.interpret.taught.recognition import Kind, Taught
from edgeholo.interpret.taught.store import folder, forget, load, save
from edgeholo.nearest import did_you_mean
from edgeholo.perceive.engine import open_engine
from edgeholo.perceive.recording import is_recording, read
from edgeholo.perceive.tracking import Tracker
from edgeholo.pipeline import Eyes
from edgeholo.supervision import set_up_logging
from edgeholo.types import People, Side, Sight

_EITHER = "either"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="learn|list|forget")
    learn = actions.add_parser("learn", help="learn a gesture from a few shows", description=__doc__)
    learn.add_argument("name", metavar="NAME", help="small letters, digits and _")
    learn.add_argument("--source", metavar="SRC", help="a camera, a clip or a recording (default: as configured)")
    learn.add_argument("--shows", type=int, default=3, metavar="N", help="how often it is shown (default: 3)")
    learn.add_argument(
        "--kind", choices=("auto", *Kind), default="auto", help="auto (the default) finds out from the first show"
    )
    learn.add_argument("--hand", choices=tuple(Side), help="only this hand counts (default: either)")
    learn.add_argument("--replace", action="store_true", help="in place of a taught gesture of that name")
    options.add_engine(learn)
    listing = actions.add_parser("list", help="what was taught")
    removal = actions.add_parser("forget", help="forget a gesture")
    removal.add_argument("name", metavar="NAME", help="of the list")
    for action in (learn, listing, removal):
        options.add_config(action)
    for action in (learn, listing):
        action.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Learn, list or forget."""
    set_up_logging("warning")
    if args.action == "learn":
        return _learn(args)
    place = folder(options.settings(args).config.gestures)
    if args.action == "list":
        return _list(load(place), as_json=args.json)
    return _forget(place, args.name)


def _learn(args: argparse.Namespace) -> int:
    recording = Path(args.source) if args.source and is_recording(Path(args.source)) else None
    if recording:
        args.source = None
    config = options.settings(args).config
    place = folder(config.gestures)
    lesson = Lesson(
        args.name,
        load(place),
        shows=args.shows,
        kind=None if args.kind == "auto" else Kind(args.kind),
        hand=Side(args.hand) if args.hand else None,
        replace=args.replace,
        profiles=config.gestures.profiles,
        when=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    )
    try:
        last = _teach(lesson, config, read(recording) if recording else _sights(config), as_json=args.json)
    except KeyboardInterrupt:
        raise EdgeholoError(f"{args.name} is not learned: stopped; nothing is stored") from None
    learned = lesson.result()
    if learned is None:
        raise EdgeholoError(f"{args.name} is not learned: {last.hint}")
    file = save(place, learned)
    if not args.json:
        print(f"stored in {file}; a running edgeholo takes it up when it reloads: systemctl reload edgeholo")
    return 0


def _teach(lesson: Lesson, config: Config, sights: Iterator[Sight], *, as_json: bool) -> Progress:
    """Show the lesson what is seen until it is over, and return how it ended."""
    tracker, t_s = Tracker(config.smoothing), 0.0
    for sight in sights:
        t_s = sight.timestamp_ns / 1e9
        nobody = People((), frozenset(), sight.size, sight.timestamp_ns, sight.seq)
        progress = lesson.update(tracker.update(sight.people or nobody))
        if progress is not None:
            _show(progress, t_s, as_json=as_json)
            if progress.state in OVER:
                return progress
    progress = lesson.finish()
    if progress is None:
        raise EdgeholoError("the source shows nothing")
    _show(progress, t_s, as_json=as_json)
    return progress


def _sights(config: Config) -> Iterator[Sight]:
    """Yield what the engine sees of the configured source."""
    options.prepare_models(config.engine)
    engine = open_engine(config.engine)
    eyes = Eyes(config, engine, live=is_live(config.camera))
    try:
        for frame in frames(config.camera):
            yield eyes.look(frame)
    finally:
        engine.close()


def _show(progress: Progress, t_s: float, *, as_json: bool) -> None:
    """Print a line; how it failed is said as an error."""
    if as_json:
        fields = {"t": round(t_s, 4), "state": progress.state, "shows_done": progress.shows_done}
        print(json.dumps({**fields, "shows_wanted": progress.shows_wanted, "hint": progress.hint}), flush=True)
    elif progress.state not in OVER or progress.state is State.LEARNED:
        print(progress.hint, flush=True)


def _list(taught: tuple[Taught, ...], *, as_json: bool) -> int:
    for gesture in taught:
        shows = len(gesture.shapes or gesture.ways)
        if as_json:
            fields = {"name": gesture.name, "kind": gesture.kind, "hand": gesture.hand, "shows": shows}
            print(json.dumps({**fields, "taught": gesture.taught}))
        else:
            print(
                f"{gesture.name:32}  {gesture.kind:8}  {gesture.hand or _EITHER:6}  {shows:2} shows  {gesture.taught}"
            )
    if not taught and not as_json:
        print("nothing was taught yet; edgeholo gesture learn NAME begins")
    return 0


def _forget(place: Path, name: str) -> int:
    if forget(place, name):
        print(f"{name} is forgotten; a running edgeholo forgets it when it reloads: systemctl reload edgeholo")
        return 0
    names = [path.stem for path in sorted(place.glob("*.json"))]
    rest = did_you_mean(name, names) or (f"there are {', '.join(names)}" if names else "")
    raise EdgeholoError(f"no gesture {name} was taught" + (f"; {rest}" if rest else ""))
