"""The upload as people use it: over HTTP, with the real page, its real worker and real footage."""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest

from edgeholo.types import Pixels
from tests import uploads
from tests.page_bench import broker
from tests.page_server import PageServer
from tests.real_broker import Mosquitto, until

__all__ = ["broker"]

ROOT = Path(__file__).parents[1]
PARTS = {"pose": (33, 4), "left_hand": (21, 3), "right_hand": (21, 3), "face": (468, 3)}
JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def page(broker: Mosquitto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """Return a page that has the models."""
    with PageServer(tmp_path_factory.mktemp("page"), broker.url).with_models() as page:
        yield page


@pytest.fixture(scope="module")
def man(demo_clip: Path) -> Pixels:
    """Return a picture of a man with a raised hand, as large as a telephone's screen."""
    found, pixels = cv2.VideoCapture(str(demo_clip)).read()
    assert found
    return np.asarray(cv2.resize(pixels, (1280, 960), interpolation=cv2.INTER_CUBIC), np.uint8)


def send(page: PageServer, content: bytes, kind: str = "image/jpeg", **headers: str) -> httpx.Response:
    """Return what the page answers to a file."""
    with page.client() as client:
        return client.post("/api/analyse", content=content, headers={"Content-Type": kind, **headers})


def send_parts(page: PageServer, parts: Iterator[bytes]) -> httpx.Response:
    """Return what the page answers to a file of which nobody says how long it is."""
    with page.client() as client:
        return client.post("/api/analyse", content=parts, headers={"Content-Type": "image/jpeg"})


def opened(answer: httpx.Response) -> Pixels:
    """Return the picture in an answer."""
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg"), answer.text
    return np.asarray(cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def workers(page: PageServer) -> list[str]:
    """Return the page's child processes that run."""
    pid = page.process.pid
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()


def shape(frame: dict[str, object], name: str) -> tuple[int, ...] | None:
    """Return the shape of a part in the answer's points."""
    return None if frame[name] is None else np.array(frame[name]).shape


@pytest.mark.parametrize(("ending", "kind"), [(".jpg", "image/jpeg"), (".png", "image/png"), (".webp", "image/webp")])
def test_a_still_comes_back_with_the_skeleton_on_it(page: PageServer, man: Pixels, ending: str, kind: str) -> None:
    """As large as it was; changed where the man is, and nowhere else."""
    drawn = opened(send(page, uploads.encoded(ending, man), kind))
    assert drawn.shape == man.shape
    changed = np.abs(drawn.astype(int) - man).max(axis=2) > 100
    assert changed.mean() > 0.005
    assert changed[:, :100].mean() == 0


def test_a_still_is_answered_with_its_points(page: PageServer, man: Pixels) -> None:
    """Body, hand and face of the man, in the form that the command has."""
    frame = send(page, uploads.encoded(".jpg", man), **JSON).json()
    assert list(frame) == ["t", "seq", "size", *PARTS]
    assert (frame["t"], frame["seq"], frame["size"]) == (0.0, 0, [1280, 960])
    shapes = {name: shape(frame, name) for name in PARTS}
    assert shapes == {**PARTS, "left_hand": PARTS["left_hand"], "right_hand": shapes["right_hand"]}


def test_the_points_are_those_of_the_command(page: PageServer, man: Pixels, tmp_path: Path) -> None:
    """Within three hundredths of the picture where they can be seen, for the command goes on looking at a still for two seconds."""
    file = tmp_path / "man.png"
    file.write_bytes(uploads.encoded(".png", man))
    command = [sys.executable, "-m", "edgeholo.cli", "landmarks", str(file), "--branches", "pose,hands,face"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()
    theirs, ours = json.loads(lines[1]), send(page, file.read_bytes(), "image/png", **JSON).json()
    assert ours.keys() == theirs.keys()
    seen = np.array(theirs["pose"])[:, 3] > 0.5
    for name in ("pose", "left_hand", "face"):
        apart = np.abs(np.array(ours[name]) - np.array(theirs[name]))[:, :2]
        assert apart[seen if name == "pose" else slice(None)].max() < 0.03


def test_a_clip_comes_back_as_a_clip(page: PageServer, demo_clip: Path, tmp_path: Path) -> None:
    """A WebM with as many frames, as long, and the man's skeleton on each; the points are a list of as many."""
    answer = send(page, demo_clip.read_bytes(), "image/gif")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/webm")
    file = tmp_path / "drawn.webm"
    file.write_bytes(answer.content)
    theirs, ours = cv2.VideoCapture(str(demo_clip)), cv2.VideoCapture(str(file))
    frames = 0
    while ours.read()[0]:
        frames += 1
    assert frames == theirs.get(cv2.CAP_PROP_FRAME_COUNT)
    assert ours.get(cv2.CAP_PROP_FPS) == pytest.approx(theirs.get(cv2.CAP_PROP_FPS), rel=0.05)
    points = send(page, demo_clip.read_bytes(), "image/gif", **JSON).json()
    assert len(points) == frames
    assert all(shape(frame, "pose") == PARTS["pose"] for frame in points)
    assert [frame["seq"] for frame in points] == list(range(frames))


def test_a_gif_of_one_frame_is_a_still(page: PageServer, man: Pixels) -> None:
    """It comes back as a picture."""
    memory = cv2.imencode(".gif", cv2.resize(man, (640, 480)))[1].tobytes()
    assert opened(send(page, memory, "image/gif")).shape == (480, 640, 3)


def test_the_picture_is_put_upright_and_says_nothing_else(page: PageServer, man: Pixels) -> None:
    """The orientation is obeyed; the place where it was taken is in no answer."""
    lying = uploads.encoded(".jpg", np.ascontiguousarray(np.rot90(man)))
    photo = uploads.with_segment(lying, 0xE1, uploads.exif(6))
    assert b"48.2082N" in photo
    answer = send(page, photo)
    assert opened(answer).shape == man.shape
    for trace in (b"Exif", b"48.2082N", b"\xff\xe1", b"\xff\xfe"):
        assert trace not in answer.content[:1000]


@pytest.mark.parametrize(
    ("accept", "status", "kind"),
    [
        ("*/*", 200, "image/jpeg"),
        ("image/*", 200, "image/jpeg"),
        ("image/avif,image/webp,*/*;q=0.8", 200, "image/jpeg"),
        ("video/*, image/*", 200, "image/jpeg"),
        ("application/json, image/jpeg;q=0.5", 200, "application/json"),
        ("application/json;q=0, */*", 200, "image/jpeg"),
        ("video/webm", 415, "application/json"),
        ("text/html", 406, "application/json"),
        ("image/png", 406, "application/json"),
        ("nonsense", 406, "application/json"),
    ],
)
def test_the_answer_is_what_was_asked_for(page: PageServer, man: Pixels, accept: str, status: int, kind: str) -> None:
    """Accept decides, and nothing else."""
    answer = send(page, uploads.encoded(".jpg", man), Accept=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)


def test_what_shows_nobody_is_refused_with_the_reason(page: PageServer, man: Pixels) -> None:
    """Too dark, out of focus, covered, over-exposed, or a room."""
    pictures = {
        "dark": (man * 0.07).astype(np.uint8),
        "blurred": cv2.GaussianBlur(man, (0, 0), 40),
        "covered": np.full_like(man, 60),
        "bright": np.clip(man.astype(int) * 6 + 100, 0, 255).astype(np.uint8),
        "nobody": uploads.picture(640, 480),
    }
    answers = {name: send(page, uploads.encoded(".png", pixels), "image/png") for name, pixels in pictures.items()}  # type: ignore[arg-type]
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(pictures, 422)
    assert {name: answer.json()["reason"] for name, answer in answers.items()} == {name: name for name in pictures}
    assert all(answer.json()["error"].endswith(".") for answer in answers.values())


def test_a_clip_is_refused_only_if_nobody_is_in_any_frame(page: PageServer, tmp_path: Path, man: Pixels) -> None:
    """Of a clip that is dark throughout that is the reason."""
    room = cv2.resize(uploads.picture(640, 480), (640, 480))
    small = cv2.resize(man, (640, 480))
    reasons = {}
    for name, frames in {"nobody": [room] * 6, "dark": [small // 20] * 6, "somebody": [room] * 5 + [small] * 3}.items():
        file = tmp_path / f"{name}.mkv"
        writer = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"mp4v"), 10, (640, 480))
        for frame in frames:
            writer.write(frame)
        writer.release()
        answer = send(page, file.read_bytes(), "video/x-matroska", **JSON)
        reasons[name] = answer.json()["reason"] if answer.status_code == 422 else "none"
    assert reasons == {"nobody": "nobody", "dark": "dark", "somebody": "none"}


def test_a_clip_that_does_not_say_how_long_it_is_is_counted(page: PageServer, tmp_path: Path) -> None:
    """Three hundred frames in five seconds are the most, whatever the container says."""
    file = tmp_path / "long.webm"
    writer = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"VP80"), 60, (64, 48))
    for _ in range(330):
        writer.write(uploads.picture())
    writer.release()
    answer = send(page, file.read_bytes(), "video/webm")
    assert (answer.status_code, answer.json()["reason"]) == (422, "too_long")


def test_a_picture_that_breaks_in_the_decoder_is_refused(page: PageServer, man: Pixels) -> None:
    """Its parts fit, and what is in them does not."""
    jpeg = uploads.encoded(".jpg", man)
    for broken in (
        jpeg.replace(b"\xff\xdb\x00\x43\x00", b"\xff\xdb\x00\x43\x0f", 1),
        uploads.png(4000, 4000),
        uploads.riff((b"VP8 ", uploads.encoded(".webp", man)[20:500])),
        uploads.mp4(),
    ):
        answer = send(page, broken)
        assert (answer.status_code, answer.json().get("reason")) == (422, "damaged"), answer.text


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/html"])
def test_a_form_is_shown_how_it_is_done(page: PageServer, man: Pixels, kind: str) -> None:
    """With the line to type."""
    answer = send(page, uploads.encoded(".jpg", man), kind)
    assert answer.status_code == 415
    assert 'curl --data-binary @photo.jpg -H "Content-Type: image/jpeg"' in answer.json()["error"]


def test_the_header_may_lie_about_the_type(page: PageServer, man: Pixels) -> None:
    """The content tells what it is."""
    opened(send(page, uploads.encoded(".png", man), "image/jpeg"))
    opened(send(page, uploads.encoded(".jpg", man), "application/octet-stream"))
    answer = send(page, b"<svg/>", "image/jpeg")
    assert (answer.status_code, answer.json()["reason"]) == (415, "type")


@pytest.mark.parametrize("megabytes", [26, 90])
def test_a_file_that_is_too_long_hears_so(page: PageServer, megabytes: int) -> None:
    """It is counted while it comes, for it does not say how long it is, and forgotten."""
    answer = send_parts(page, (bytes(1 << 20) for _ in range(megabytes)))
    assert (answer.status_code, answer.json()["reason"]) == (413, "too_large")


def test_an_endless_file_is_cut_off(page: PageServer) -> None:
    """Sooner or later nobody listens any more."""
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 1 << 30:
            sent += 1 << 16
            yield bytes(1 << 16)

    with contextlib.suppress(httpx.TransportError):
        assert send_parts(page, endless()).status_code == 413
    assert sent < 128 << 20


def test_too_many_at_once_are_told_to_come_again(page: PageServer, demo_clip: Path, man: Pixels) -> None:
    """One is looked at and two wait; the others hear at once when to try again, and later everything is as before."""
    answers: list[httpx.Response] = []
    clip = demo_clip.read_bytes()
    threads = [threading.Thread(target=lambda: answers.append(send(page, clip, "image/gif", **JSON))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200, 200, 200, 503, 503]
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 503)
    opened(send(page, uploads.encoded(".jpg", man)))


def test_a_file_that_nobody_waits_for_is_given_up(page: PageServer, demo_clip: Path, man: Pixels) -> None:
    """Who closes the tab leaves no work behind."""
    opened(send(page, uploads.encoded(".jpg", man)))
    (worker,) = workers(page)
    with contextlib.suppress(httpx.ReadTimeout), page.client() as client:
        client.post("/api/analyse", content=demo_clip.read_bytes(), headers={"Content-Type": "image/gif"}, timeout=0.3)
    until(lambda: worker not in workers(page))
    opened(send(page, uploads.encoded(".jpg", man)))


def test_the_log_says_nothing_of_pictures(page: PageServer, man: Pixels) -> None:
    """That the worker runs, and no more, whatever came."""
    send(page, uploads.encoded(".jpg", man))
    lines = [line for line in page.log.splitlines() if "upload" in line or "picture" in line]
    assert set(lines) <= {"INFO the upload worker runs", "INFO the upload worker runs, without landlock"}
