"""The picture of a recording. The only module that imports matplotlib, and without a display.

Colours are those of Okabe and Ito (2008), which all kinds of colour vision tell apart; sides differ by line style as well.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from edgeholo import colours
from edgeholo.cli.plotting.binned import COLUMNS, binned, stretches
from edgeholo.cli.plotting.calming import PARTS, usual
from edgeholo.cli.plotting.story import Span, Story
from edgeholo.types import Branch, Side

WIDTH, HEIGHT, DPI = 16.0, 14.0, 100
"""Inches, and pixels of one: 1600 pixels wide, and a page of A4 on paper."""
_STYLE: Any = {
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.fontsize": 11,
    "svg.fonttype": "none",  # text stays text: small, and it can be searched and read aloud
    "svg.hashsalt": "edgeholo",
    "path.simplify_threshold": 0.5,
}
_BODY = "#555555"
_SIDE = {side: colours.hexadecimal(colours.SIDE[side]) for side in Side}
_LINE = {Side.LEFT: "-", Side.RIGHT: "--"}
_BRANCH = {
    Branch.POSE: _BODY,
    Branch.LEFT_HAND: _SIDE[Side.LEFT],
    Branch.RIGHT_HAND: _SIDE[Side.RIGHT],
    Branch.FACE: "#009e73",
    "detector": "#cc79a7",
    "palms": "#0072b2",
}
_FACT = "#bbbbbb"
_ROWS = 14
"""Kinds of gestures that have a row; more do not fit."""
_LEAST_ROWS = 3
_NOTES = 40
"""Gestures of which each can have its confidence written beside it."""
_LONG_S = 180.0
"""From here on time is in minutes and seconds."""


def draw(story: Story, heading: str, facts: str) -> Figure:
    """Return the figure.

    Args:
        story: of at least two frames.
        heading: what was recorded.
        facts: how, in one line.
    """
    # matplotlib's search for fonts takes a second the first time, and says so on stderr.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, layout=ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.12))
        FigureCanvasAgg(figure)
        figure.suptitle(f"{heading}\n", fontsize=17, fontweight="bold", ha="left", x=0.012)
        figure.text(0.012, 0.962, facts, fontsize=12, color=_BODY)
        grid = figure.add_gridspec(
            5, 2, height_ratios=(_gesture_height(story), 1.4, 1.4, 2.0, 2.0), width_ratios=(3.0, 1.2)
        )
        gestures = figure.add_subplot(grid[0, 0])
        across, height, shake, cost = (figure.add_subplot(grid[row, 0], sharex=gestures) for row in range(1, 5))
        _gestures(gestures, story)
        _legend(figure.add_subplot(grid[0, 1]))
        _over_time(across, height, story)
        _path(figure.add_subplot(grid[1:3, 1]), story)
        _shake(shake, figure.add_subplot(grid[3, 1]), story)
        beside = figure.add_subplot(grid[4, 1])
        _costs(cost, beside, story) if story.costed else _looks(cost, beside, story)
        _time_axis([gestures, across, height, shake, cost], story)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # laid out once: each file gets the same
        return figure


def save(figure: Figure, path: Path) -> None:
    """Write the figure, as the file's ending says; the same figure is the same file.

    Raises:
        OSError: it cannot be written.
    """
    kind = path.suffix.lower().removeprefix(".")
    metadata = {"Date": None, "Creator": "edgeholo plot"} if kind == "svg" else {"Software": "edgeholo plot"}
    with mpl.rc_context(_STYLE):
        figure.savefig(path, format=kind, dpi=DPI, metadata=metadata)


def _rows(story: Story) -> list[str]:
    """Return the labels of the gestures' rows, the first one first."""
    seen = dict.fromkeys(_label(span, story) for span in (*story.facts, *story.gestures))
    return list(seen)[:_ROWS]


def _gesture_height(story: Story) -> float:
    return 0.6 + 0.24 * max(_LEAST_ROWS, len(_rows(story)))


def _label(span: Span, story: Story) -> str:
    persons = {each.person for each in story.gestures}
    who = f", person {span.person}" if len(persons) > 1 and span.person is not None else ""
    return f"{span.name.replace('_', ' ')}{f', {span.hand}' if span.hand else ''}{who}"


def _gestures(axes: Axes, story: Story) -> None:
    rows = _rows(story)
    understood = "darker is surer, a white line is a hold" if story.gestures else "none"
    axes.set_title(f"Gestures, as edgeholo replay understands them: {understood}")
    least_s = max(story.duration_s / 400, 1e-3)
    for span in (*story.facts, *story.gestures):
        label = _label(span, story)
        if label in rows:
            _bar(axes, span, rows.index(label), least_s, noted=len(story.gestures) <= _NOTES)
    axes.set_yticks(range(len(rows)), rows)
    axes.set_ylim(max(len(rows), _LEAST_ROWS) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")


def _bar(axes: Axes, span: Span, row: int, least_s: float, *, noted: bool) -> None:
    is_fact = span.person is None
    colour = _FACT if is_fact else _SIDE[span.hand] if span.hand else _BODY
    strength = 1.0 if is_fact else 0.35 + 0.65 * span.confidence
    if span.end_s == span.begin_s and not is_fact:
        axes.plot([span.begin_s], [row], "D", color=colour, alpha=strength, markersize=9)
    else:
        width = max(span.end_s - span.begin_s, least_s)
        height = 0.35 if is_fact else 0.7
        axes.barh(row, width, height, span.begin_s, color=colour, alpha=strength, linewidth=0)
    if span.held_s is not None:
        axes.plot([span.held_s] * 2, [row - 0.35, row + 0.35], color="white", linewidth=2)
    if noted and not is_fact:
        _beside(axes, f"{span.confidence:.2f}", span.end_s, row)


def _over_time(across: Axes, height: Axes, story: Story) -> None:
    for axes, title, low, high in (
        (across, "Hands across the picture", "left", "right"),
        (height, "Hands up and down", "top", "bottom"),
    ):
        axes.set_title(title)
        axes.set_ylim(1, 0) if axes is height else axes.set_ylim(0, 1)
        axes.set_yticks([0, 0.5, 1], [low, "middle", high])
    for (person, side), path in story.paths.hands.items():
        times, x, y = path.columns()
        for axes, places in ((across, x), (height, y)):
            axes.plot(times, places, _LINE[side], color=_SIDE[side], linewidth=2, alpha=_alpha(person))
    if not story.paths.hands:
        _say(across, "no hand was seen")


def _path(axes: Axes, story: Story) -> None:
    width, height = story.size
    axes.set_title("Paths of the hands")
    for (person, side), path in story.paths.hands.items():
        _, x, y = path.columns()
        axes.plot(x * width, y * height, _LINE[side], color=_SIDE[side], linewidth=1.2, alpha=_alpha(person))
        for at, marker in ((0, "o"), (-1, "s")):
            axes.plot(x[at] * width, y[at] * height, marker, color=_SIDE[side], markeredgecolor="black", markersize=8)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_aspect("equal")
    axes.set_xlabel("pixels; a circle begins, a square ends")
    axes.spines[["top", "right"]].set_visible(True)
    axes.grid(visible=False)


def _shake(over_time: Axes, both: Axes, story: Story) -> None:
    over_time.set_title("Shake at rest: as the engine saw it (crosses), and after the filter (dots)")
    over_time.set_ylabel("second difference between\nlooks, % of the part's size")
    both.set_title("Shake: median of the moments")
    names = {Branch.LEFT_HAND: "left hand", Branch.RIGHT_HAND: "right hand", Branch.POSE: "head and\nshoulders"}
    shown: list[str] = []
    for part in PARTS:
        if every := story.calming.rests(part):
            rests = every[:: 1 + len(every) // COLUMNS]
            times = [rest.t_s for rest in rests]
            over_time.plot(times, [100 * rest.before for rest in rests], "x", color=_BRANCH[part], alpha=0.5)
            over_time.plot(times, [100 * rest.after for rest in rests], ".", color=_BRANCH[part])
            _before_and_after(both, len(shown), usual(every), _BRANCH[part])
            shown.append(names[part])
    both.set_yticks(range(len(shown)), shown)
    both.set_ylim(max(len(shown), 1) - 0.5, -0.5)
    both.margins(x=0.6)
    both.set_xlabel("% of the part's size")
    both.grid(visible=False, axis="y")
    if not shown:
        _say(over_time, "nothing rested for a third of a second")
        both.set_axis_off()
    else:
        over_time.set_yscale("log")
        over_time.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _before_and_after(axes: Axes, row: int, shares: tuple[float, float], colour: str) -> None:
    for offset, share, strength, word in ((-0.2, shares[0], 0.45, "before"), (0.2, shares[1], 1.0, "after")):
        axes.barh(row + offset, 100 * share, 0.36, color=colour, alpha=strength)
        _beside(axes, f"{100 * share:.2g} % {word}", 100 * share, row + offset)


def _costs(over_time: Axes, beside: Axes, story: Story) -> None:
    names = [name for name in _BRANCH if any(name in cost for cost in story.cost_ms)]
    each = np.array([[cost.get(name, 0.0) for cost in story.cost_ms] for name in names])
    times, means = binned(np.array(story.times), each)
    over_time.stackplot(times, means, colors=[_BRANCH[name] for name in names], step="post", linewidth=0)
    total = each.sum(axis=0)
    mean, most = total.mean(), np.percentile(total, 95)
    over_time.set_title(f"Processor time of the engine: {mean:.1f} ms a frame, {most:.1f} ms at the 95th percentile")
    over_time.set_ylabel("ms a frame")
    over_time.set_ylim(bottom=0)
    beside.set_title("By branch: mean, and when it ran")
    for row, (name, cost) in enumerate(zip(names, each, strict=True)):
        beside.barh(row, cost.mean(), 0.6, color=_BRANCH[name])
        _beside(beside, f"{cost.mean():.1f} ms, in {np.count_nonzero(cost) / len(cost):.0%}", cost.mean(), row)
    _name_branches(beside, names)
    beside.margins(x=0.7)
    beside.set_xlabel("ms a frame; share of the frames")


def _looks(over_time: Axes, beside: Axes, story: Story) -> None:
    """Show which branches looked, or knew without a look that nothing was there, where nobody noted what that cost."""
    names = [branch for branch in Branch if any(branch in ran for ran in story.ran)]
    over_time.set_title("Branches that knew something of the frame; what they cost is not in this recording")
    for row, name in enumerate(names):
        spans = stretches(story.times, [name in ran for ran in story.ran])
        over_time.broken_barh(spans, (row - 0.35, 0.7), color=_BRANCH[name])
    _name_branches(over_time, names)
    beside.set_title("Branches: how often")
    for row, name in enumerate(names):
        share = sum(name in ran for ran in story.ran) / len(story.ran)
        beside.barh(row, share, 0.6, color=_BRANCH[name])
        _beside(beside, f"{share:.0%}", share, row)
    _name_branches(beside, names)
    beside.set_xlim(0, 1.3)
    beside.set_xlabel("share of the frames")
    if not names:
        _say(over_time, "no frame was looked at")


def _name_branches(axes: Axes, names: Sequence[str]) -> None:
    words = {"detector": "finding bodies", "palms": "finding palms"}
    axes.set_yticks(range(len(names)), [words.get(name, name.replace("_", " ")) for name in names])
    axes.set_ylim(max(len(names), 1) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")


def _legend(axes: Axes) -> None:
    """Say once what the colours mean."""
    axes.set_axis_off()
    for side in Side:
        axes.plot([], [], _LINE[side], color=_SIDE[side], linewidth=3, label=f"the person's {side} hand")
    axes.plot([], [], color=_BODY, linewidth=6, label="body")
    axes.legend(loc="center left", handlelength=3)


def _time_axis(all_axes: Sequence[Axes], story: Story) -> None:
    for axes in all_axes:
        axes.set_xlim(0, story.duration_s * 1.03)
        axes.xaxis.set_major_locator(MaxNLocator(10, steps=[1, 2, 3, 5, 6, 10]))
        if story.duration_s > _LONG_S:
            axes.xaxis.set_major_formatter(FuncFormatter(lambda t_s, _: f"{int(t_s) // 60}:{int(t_s) % 60:02d}"))
    all_axes[-1].set_xlabel("minutes:seconds" if story.duration_s > _LONG_S else "seconds")


def _alpha(person: int) -> float:
    """Return how strongly a person is drawn: the first most."""
    return (1.0, 0.6, 0.4)[min(person, 2)]


def _beside(axes: Axes, words: str, x: float, y: float) -> None:
    """Write to the right of a bar's end."""
    axes.annotate(words, (x, y), (5, 0), textcoords="offset points", va="center", fontsize=11)


def _say(axes: Axes, words: str) -> None:
    axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", color=_BODY)
