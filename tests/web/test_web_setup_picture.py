"""Somebody has a picture looked at in a browser; the real models look, and nothing is kept."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from edgeholo.perceive.models.cache import cache_folder
from tests.page_server import PageServer
from tests.real_broker import Mosquitto, until
from tests.web.looking import Visitor

_LOOK_MS = 90_000
"""The first picture loads the models, on a loaded machine."""


@pytest.fixture
def looker(tmp_path: Path, broker: Mosquitto) -> Iterator[PageServer]:
    """Return a page that has its models."""
    server = PageServer(tmp_path, broker.url)
    server.environment["EDGEHOLO_CACHE"] = str(cache_folder("assets").parent.resolve())
    with server:
        yield server.connected()


@pytest.fixture
def visitor(looker: PageServer, visit: Callable[..., Visitor]) -> Visitor:
    """Return somebody who looks at the view of pictures."""
    visitor = visit(looker.url)
    visitor.page.get_by_role("link", name="Picture").click()
    return visitor


def _choose(page: Page, file: Path) -> None:
    page.get_by_label("Choose a picture or clip").set_input_files(file)


def _save_dark(file: Path) -> None:
    slope = np.linspace(0, 40, 320, dtype=np.uint8)
    Image.fromarray(np.broadcast_to(slope[None, :, None], (240, 320, 3)).copy()).save(file)


def test_a_clip_comes_back_drawn_and_its_landmarks_are_there_to_copy(
    visitor: Visitor, demo_clip: Path, tmp_path: Path
) -> None:
    """The clip plays with its skeleton, can be downloaded, and its points are asked for only when they are wanted."""
    page = visitor.page
    _choose(page, demo_clip)
    drawn = page.locator(".drawn video")
    expect(drawn).to_be_visible(timeout=_LOOK_MS)
    until(lambda: drawn.evaluate("(video) => video.currentTime > 0.3 && video.videoWidth === 320 && !video.error"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.startswith("fingers-lq-skeleton.")
    page.get_by_text("Landmarks as JSON").click()
    expect(page.get_by_label("Landmarks as JSON")).to_contain_text("pose", timeout=_LOOK_MS)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save").click()
    saved.value.save_as(tmp_path / "landmarks.json")
    assert json.loads((tmp_path / "landmarks.json").read_text(encoding="utf-8"))


@pytest.mark.shared
def test_a_still_comes_back_drawn(visitor: Visitor, shared_media: Path) -> None:
    """It is another picture of the same size, shown from memory."""
    page = visitor.page
    still = shared_media / "stills" / "studio" / "thumb_up.jpg"
    _choose(page, still)
    picture = page.get_by_role("img", name="The picture, with the skeletons")
    expect(picture).to_be_visible(timeout=_LOOK_MS)
    assert str(picture.get_attribute("src")).startswith("blob:")
    with Image.open(still) as original:
        assert picture.evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == list(original.size)


def test_what_is_not_looked_at_is_said_in_plain_words(visitor: Visitor, tmp_path: Path) -> None:
    """Too dark, damaged, no picture at all: each has its reason, and the next one may be chosen at once."""
    visitor.expected = ["422", "415"]
    page = visitor.page
    dark, broken, text = tmp_path / "dark.png", tmp_path / "broken.jpg", tmp_path / "notes.txt"
    _save_dark(dark)
    broken.write_bytes(b"\xff\xd8\xff\xe0 this is no picture")
    text.write_text("no picture", encoding="utf-8")
    for file, headline in ((dark, "It is too dark"), (text, "This kind of file is not taken"), (broken, "damaged")):
        _choose(page, file)
        expect(page.get_by_role("alert")).to_contain_text(headline, timeout=_LOOK_MS)


def test_a_picture_is_dropped_onto_the_page(visitor: Visitor, tmp_path: Path) -> None:
    """As from a folder beside the browser."""
    visitor.expected = ["422"]
    page = visitor.page
    file = tmp_path / "dark.png"
    _save_dark(file)
    drop = page.evaluate_handle(
        """(bytes) => {
          const files = new DataTransfer();
          files.items.add(new File([new Uint8Array(bytes)], "dark.png", { type: "image/png" }));
          return files;
        }""",
        list(file.read_bytes()),
    )
    page.dispatch_event(".drop", "drop", {"dataTransfer": drop})
    expect(page.get_by_role("alert")).to_contain_text("It is too dark", timeout=_LOOK_MS)
