"""The page's files: how small, nothing inline, nothing from elsewhere, the same bones and the same decoder, and all of them delivered."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from edgeholo import colours, connections
from edgeholo.draw import BODY
from edgeholo.publish import codec
from edgeholo.types import Branch, People, Side
from tests.page_server import PageServer
from tests.test_codec import TIME, people, somebody

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "edgeholo" / "web" / "static"
FILES = sorted(file for file in STATIC.rglob("*") if file.is_file())
SCRIPTS = [file for file in FILES if file.suffix == ".js"]
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
LARGEST = 200_000
"""Bytes of all files together, as they are."""


def _name(file: Path) -> str:
    return str(file.relative_to(STATIC))


def _node(program: str, source: str = "") -> Any:  # noqa: ANN401 - JSON
    """Run a module without imports, then a line, and return what that prints."""
    result = subprocess.run(
        ["node", "--input-type=module"], input=f"{source}\n{program}", capture_output=True, text=True, check=True
    )
    return json.loads(result.stdout)


class _Page(HTMLParser):
    """Collects what a strict policy forbids, and what the page asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.asked: list[str] = []
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at attributes."""
        self._within = tag
        self.inline += [f"{tag} {name}" for name, _ in attrs if name == "style" or name.startswith("on")]
        self.asked += [
            value or "" for name, value in attrs if name in ("src", "href") and not (value or "").startswith("#")
        ]

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self._within = ""

    def handle_data(self, data: str) -> None:
        """Look at what is written inside."""
        if self._within in ("script", "style") and data.strip():
            self.inline.append(self._within)


def test_the_whole_page_is_small() -> None:
    """Less than a photo, on a network of a few kilobytes a second, too."""
    assert sum(file.stat().st_size for file in FILES) < LARGEST


def test_nothing_is_inline_and_what_is_asked_for_is_there() -> None:
    """The policy would refuse scripts and styles within the page, and a missing file is an error in the log."""
    page = _Page()
    page.feed((STATIC / "index.html").read_text(encoding="utf-8"))
    assert page.inline == []
    assert [asked for asked in page.asked if not (STATIC.parent / asked).is_file()] == []
    drawings = [file for file in FILES if file.suffix == ".svg"]
    assert [_name(file) for file in drawings if re.search(r"<style|<script|\sstyle=", file.read_text())] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=_name)
def test_a_script_is_whole_and_imports_what_is_there(script: Path) -> None:
    """No build step would notice a typing error; markup and styles are not made from text."""
    text = script.read_text(encoding="utf-8")
    subprocess.run(["node", "--check", "--input-type=module"], input=text, text=True, check=True)
    imported = re.findall(r"""(?:from|import)\s*\(?\s*["']([^"']+)["']""", text)
    assert [path for path in imported if not (script.parent / path).is_file()] == []
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|cssText", text)


def test_nothing_comes_from_elsewhere() -> None:
    """It works without the internet; the only addresses are names of namespaces, or examples that are typed over."""
    named = {
        address
        for file in FILES
        for address in re.findall(
            r"(?:https?:)?//[\w.-]+\.[a-z]{2,}[\w./-]*",
            re.sub(r"(?m)^\s*//.*|\s// .*$", "", file.read_text(encoding="utf-8")),
        )
    }
    assert {address for address in named if "www.w3.org" not in address and "192.168." not in address} == set()


def test_the_bones_and_colours_are_those_of_the_drawings() -> None:
    """One table in two languages."""
    names = ["TORSO", "HEAD", "LEFT_LIMBS", "RIGHT_LIMBS", "LEFT_PALM", "RIGHT_PALM", "HAND", "FACE", "IRISES"]
    table = _node(
        f"console.log(JSON.stringify({{ {', '.join(names)}, COLOURS }}))",
        (STATIC / "bones.js").read_text(encoding="utf-8"),
    )
    assert {name: table[name] for name in names} == {
        name: [list(chain) for chain in getattr(connections, name)] for name in names
    }
    assert table["COLOURS"]["left"] == colours.hexadecimal(colours.SIDE[Side.LEFT])
    assert table["COLOURS"]["right"] == colours.hexadecimal(colours.SIDE[Side.RIGHT])
    assert table["COLOURS"]["body"] == colours.hexadecimal(BODY)


@pytest.mark.parametrize(
    "frame", [people(somebody(478, 3), somebody(0, 2**40), seq=2**33), people(seq=70_000, size=(4056, 3040))]
)
def test_the_decoder_reads_what_the_codec_writes(frame: People) -> None:
    """Every point, also of a second person, of a face with irises, and of nobody."""
    payload = codec.encode(frame, TIME)
    program = f"""
    const frame = decode(Uint8Array.from({list(payload)}));
    for (const person of frame.people) for (const part of Object.keys(person)) if (person[part]?.length) person[part] = [...person[part]];
    console.log(JSON.stringify(frame));
    """
    read = _node(program, (STATIC / "landmarks.js").read_text(encoding="utf-8"))
    wanted = codec.decode(payload)
    assert [read[name] for name in ("time", "seq", "width", "height")] == [wanted["t"], wanted["seq"], *wanted["size"]]
    assert [name for name, ran in read["ran"].items() if ran] == [branch.value for branch in Branch]
    persons = [wanted, *wanted["others"]] if frame.persons else []
    assert [each["id"] for each in read["people"]] == [each["person"] for each in persons]
    for each, other in zip(read["people"], persons, strict=True):
        for part in ("pose", "left_hand", "right_hand", "face"):
            if other[part] is None:
                assert each[part] is None
                continue
            points = np.array(each[part]).reshape(-1, 4)
            expected = np.array(other[part])
            np.testing.assert_allclose(points[:, : expected.shape[1]], expected, atol=1e-5)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """Return a page whose broker is away."""
    with PageServer(tmp_path_factory.mktemp("page"), "mqtt://127.0.0.1:1") as server:
        yield server


def test_every_file_is_served_as_what_it_is(server: PageServer) -> None:
    """A browser that is told not to guess runs no module of another type."""
    with httpx.Client(base_url=server.url) as client:
        for file in FILES:
            response = client.get(f"/static/{_name(file)}")
            assert response.status_code == 200
            assert response.headers["content-type"].partition(";")[0] == TYPES[file.suffix], file
            assert response.content == file.read_bytes()
            assert response.headers["cache-control"]


def test_every_file_is_in_the_wheel(tmp_path: Path) -> None:
    """What install.sh installs has the page."""
    program = "import sys; from flit_core.buildapi import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name.partition("static/")[2] for name in archive.namelist() if "web/static/" in name}
    assert held == {_name(file) for file in FILES}
