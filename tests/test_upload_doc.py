"""docs/upload.md: what it shows works, and what it lists is what there is."""

import argparse
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import cv2
import httpx
import pytest

from edgeholo.web.formats import media
from edgeholo.web.upload import LONGEST
from tests.page_bench import broker
from tests.page_server import PageServer
from tests.real_broker import Mosquitto

__all__ = ["broker"]

PAGE = (Path(__file__).parents[1] / "docs" / "upload.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8380"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, demo_clip: Path) -> Path:
    """Return a folder with the files that the examples send."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "clip.mp4").write_bytes(demo_clip.read_bytes())
    found, pixels = cv2.VideoCapture(str(demo_clip)).read()
    assert found
    cv2.imwrite(str(folder / "photo.jpg"), pixels)
    return folder


@pytest.fixture(scope="module")
def page(broker: Mosquitto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """Return a page that has the models."""
    with PageServer(tmp_path_factory.mktemp("page"), broker.url).with_models() as page:
        yield page


def blocks(language: str) -> list[str]:
    """Return the examples in a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def curl(command: list[str], folder: Path) -> bytes:
    """Return what curl would bring; not every machine that tests has it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-binary")
    parser.add_argument("-H", action="append")
    parser.add_argument("-o")
    parser.add_argument("url")
    args = parser.parse_args(command)
    content = (folder / args.data_binary.removeprefix("@")).read_bytes()
    answer = httpx.post(args.url, content=content, headers=[header.split(": ") for header in args.H], timeout=60)
    return answer.raise_for_status().content


def test_every_command_does_what_it_says(page: PageServer, folder: Path) -> None:
    """Typed as it stands there, but for the address."""
    lines = [shlex.split(line.replace(ADDRESS, page.url)) for block in blocks("sh") for line in block.splitlines()]
    assert [line[0] for line in lines] == ["curl"] * 3
    drawn, points, clip = (curl(line[1:], folder) for line in lines)
    assert drawn.startswith(b"\xff\xd8\xff")
    assert points.startswith(b'{"t":0.0')
    assert clip.startswith(b"\x1a\x45\xdf\xa3")


def test_the_program_finds_a_wrist(page: PageServer, folder: Path) -> None:
    """With nothing but the standard library."""
    (program,) = blocks("python")
    command = [sys.executable, "-c", program.replace(ADDRESS, page.url)]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    assert re.match(r"the left wrist is at 0\.\d+ 0\.\d+", said)


def test_every_reason_is_listed() -> None:
    """And no other."""
    table = PAGE[PAGE.index("| reason |") : PAGE.index("Further:")]
    first = [row.split("|")[1] for row in table.splitlines()[2:] if row]
    assert {name for cell in first for name in re.findall(r"`(\w+)`", cell)} == set(get_args(media.Reason))


def test_the_limits_are_those_that_hold() -> None:
    """In the words of the page."""
    for words in (
        f"{LONGEST >> 20} MB (413)",
        f"{media.STILL_PIXELS // 1_000_000} megapixels",
        f"{media.STILL_SIDE:,} pixels a side",
        f"{media.CLIP_S:.0f} seconds or {media.CLIP_FRAMES} frames",
    ):
        assert words in PAGE
