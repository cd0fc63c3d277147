"""Draws docs/skeleton.png from what the engine saw in the demo clip: landmarks on a plain background, no photograph.

.venv/bin/python docs/draw_skeleton.py
"""

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from edgeholo.config import EngineOptions
from edgeholo.draw import PLAIN, draw_on_plain
from edgeholo.perceive.engine import open_engine
from edgeholo.perceive.models.fetch import fetch
from edgeholo.perceive.models.manifest import DEMO_CLIP
from edgeholo.types import Floats, Frame, People, PixelFormat, Pixels

OUT = Path(__file__).with_name("skeleton.png")
SHARPER = 2
"""Everything is drawn so many times larger, then averaged down."""

WIDTH, HEIGHT, MARGIN, CORNER = 1240, 520, 20, 28
CARD_WIDTH, CARD_HEIGHT, CARD_CORNER = (WIDTH - 3 * MARGIN) // 2, HEIGHT - 2 * MARGIN, 16
FADE_FROM, FADE_TO = 330, 395
"""Pixels from a card's top between which the skeleton gives way to the words."""
BACKGROUND, WHITE, GREY = (22, 16, 12), (240, 240, 240), (170, 158, 148)


@dataclass(frozen=True, slots=True)
class Card:
    """A gesture, a frame of the demo clip that shows it, and where it is: left, top and width in fractions of the picture."""

    name: str
    frame: int
    left: float = 0.14
    top: float = 0.24
    width: float = 0.9


CARDS = (Card("victory", 25), Card("thumb_up", 18))


def seen(frames: set[int]) -> dict[int, People]:
    """Return what the engine saw in these frames of the clip."""
    clip = cv2.VideoCapture(str(fetch(DEMO_CLIP)))
    engine = open_engine(EngineOptions(face="on", refine_face=True))
    people = {}
    for number in range(max(frames) + 1):
        pixels = np.asarray(clip.read()[1], np.uint8)
        people[number] = engine.detect(Frame(pixels, PixelFormat.BGR, number * 100_000_000, number))
    engine.close()
    return {number: people[number] for number in frames}


def framed(people: People, card: Card) -> People:
    """Return the people as fractions of a card instead of the picture."""
    height = card.width * CARD_HEIGHT / CARD_WIDTH * people.size[0] / people.size[1]

    def moved(points: Floats) -> Floats:
        return ((points - (card.left, card.top, 0)) / (card.width, height, card.width)).astype(np.float32)

    person = people.persons[0]
    parts = {name: getattr(person, name) for name in ("pose", "left_hand", "right_hand", "face")}
    shifted = {name: replace(part, points=moved(part.points)) for name, part in parts.items() if part is not None}
    return replace(people, persons=(replace(person, **shifted),))


def drawn(people: People, card: Card) -> Pixels:
    """Return one card: the skeleton, the gesture's name, and the message that a subscriber gets."""
    picture = draw_on_plain(framed(people, card), (CARD_WIDTH * SHARPER, CARD_HEIGHT * SHARPER))
    rows = np.arange(len(picture)) / SHARPER
    kept = np.clip((FADE_TO - rows) / (FADE_TO - FADE_FROM), 0, 1)[:, None, None]
    picture = (picture * kept + np.array(PLAIN) * (1 - kept)).astype(np.uint8)
    write(picture, card.name.replace("_", " "), 434, WHITE, 34, 600)
    write(
        picture, f'edgeholo/kitchen/event/gesture  {{"event_type": "{card.name}", "hand": "left"}}', 462, GREY, 14, 400
    )
    return picture


def write(picture: Pixels, text: str, y: int, colour: tuple[int, int, int], size: int, weight: int) -> None:
    """Write a line in OpenCV's own sans serif."""
    place = (26 * SHARPER, y * SHARPER)
    cv2.putText(picture, text, place, colour, cv2.FontFace("sans"), size * SHARPER, weight)


def rounded(width: int, height: int, corner: int) -> Pixels:
    """Return a mask of 255 inside a rectangle with rounded corners."""
    size, radius = (width * SHARPER, height * SHARPER), corner * SHARPER
    mask = np.zeros(size[::-1], np.uint8)
    cv2.rectangle(mask, (radius, radius), (size[0] - radius - 1, size[1] - radius - 1), 255, cv2.FILLED)
    return np.asarray(cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))))


def main() -> None:
    """Draw the picture; its corners are transparent, for bright and dark pages."""
    people = seen({card.frame for card in CARDS})
    picture = np.full((HEIGHT * SHARPER, WIDTH * SHARPER, 4), (*BACKGROUND, 255), np.uint8)
    picture[..., 3] = rounded(WIDTH, HEIGHT, CORNER)
    inside = rounded(CARD_WIDTH, CARD_HEIGHT, CARD_CORNER) > 0
    for number, card in enumerate(CARDS):
        x, y = SHARPER * (MARGIN + number * (CARD_WIDTH + MARGIN)), SHARPER * MARGIN
        part = picture[y : y + len(inside), x : x + inside.shape[1], :3]
        part[inside] = drawn(people[card.frame], card)[inside]
    small = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(OUT), small, [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
