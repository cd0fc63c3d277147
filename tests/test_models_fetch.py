"""Fetching: verified every time, by the package's client, else by https, else one line that says what to do."""

import hashlib
import http.server
import logging
import os
import subprocess
import sys
import tarfile
import textwrap
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edgeholo.errors import ModelError
from edgeholo.perceive.models import cache
from edgeholo.perceive.models.fetch import fetch, fetch_all, fetch_npm, state
from edgeholo.perceive.models.manifest import ASSETS, DEMO_CLIP, Asset, Package
from edgeholo.perceive.seal import seal_this_thread

ROOT = Path(__file__).parents[1]
CONTENT = bytes(range(256)) * 400
PACKAGE = Package("npm", "edgeholo-test", "1.2.3", 1)


class Server(http.server.ThreadingHTTPServer):
    """A web server on loopback that gives one answer, and counts who asks."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.body, self.length, self.status = CONTENT, len(CONTENT), 200
        self.asked = 0
        self.gate = threading.Event()
        self.gate.set()

    @property
    def url(self) -> str:
        """Address of the file."""
        return f"http://127.0.0.1:{self.server_port}/thing.bin"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers once the gate is open."""

    server: Server

    def do_GET(self) -> None:
        """Send what the server was told to, of the length that it was told to claim."""
        self.server.asked += 1
        self.server.gate.wait(30)
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(self.server.length))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
        """Keep standard error clean."""


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a running web server."""
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the assets' folder of an empty cache, on a machine without any client."""
    monkeypatch.setenv("EDGEHOLO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    return cache.cache_folder("assets")


@pytest.fixture
def thing(monkeypatch: pytest.MonkeyPatch, server: Server) -> Asset:
    """Return an asset of our own, by npm or from the server."""
    digest = hashlib.sha256(CONTENT).hexdigest()
    asset = Asset("thing.bin", digest, len(CONTENT), "MIT", "a test", PACKAGE, "package/dist/thing.bin", server.url)
    monkeypatch.setitem(ASSETS, asset.name, asset)
    return asset


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Callable[[str], None]:
    """Return a function that puts a hand-written npm on the PATH: Python that is given NAME@VERSION and a folder."""

    def install(body: str) -> None:
        program = tmp_path / "bin" / "npm"
        program.parent.mkdir()
        head = f"#!{sys.executable}\nimport sys, pathlib, shutil\nfolder, name = pathlib.Path(sys.argv[-2]), sys.argv[-1]\n"
        program.write_text(head + textwrap.dedent(body))
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent))

    return install


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return a package as npm packs it, holding the thing."""
    (tmp_path / "thing.bin").write_bytes(CONTENT)
    with tarfile.open(tmp_path / "edgeholo-test-1.2.3.tgz", "w:gz") as tarball:
        tarball.add(tmp_path / "thing.bin", "package/dist/thing.bin")
    return tmp_path / "edgeholo-test-1.2.3.tgz"


def _one_line(error: pytest.ExceptionInfo[ModelError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    return text


def test_a_missing_client_gives_way_to_https(folder: Path, thing: Asset, server: Server) -> None:
    """Without npm the file comes from the URL, and a second call asks nobody."""
    assert fetch(thing.name).read_bytes() == CONTENT
    assert fetch(thing.name) == folder / thing.name
    assert server.asked == 1


def test_progress_runs_from_nothing_to_everything(folder: Path, thing: Asset) -> None:
    """Each report names what is fetched, and never goes back."""
    reports: list[tuple[str, int, int]] = []
    fetch(thing.name, lambda *report: reports.append(report))
    of_file = [report for report in reports if report[0] == thing.name]
    assert of_file == sorted(of_file)
    assert of_file[-1] == (thing.name, len(CONTENT), len(CONTENT))


@pytest.mark.parametrize(
    ("body", "length", "status", "reason"),
    [
        (CONTENT[:-1] + b"!", len(CONTENT), 200, "another sha256"),
        (CONTENT + b"more" * 100_000, len(CONTENT) + 400_000, 200, f"bytes instead of {len(CONTENT)}"),
        (CONTENT[:1000], len(CONTENT), 200, "1000 bytes instead of"),
        (b"", 0, 200, "0 bytes instead of"),
        (b"gone", 4, 404, "404"),
    ],
    ids=["wrong", "too long", "truncated", "empty", "not found"],
)
def test_a_wrong_answer_never_reaches_the_cache(
    folder: Path, thing: Asset, server: Server, body: bytes, length: int, status: int, reason: str
) -> None:
    """The error is one line that names the file, both ways that were tried, and a way out."""
    server.body, server.length, server.status = body, length, status
    with pytest.raises(ModelError) as error:
        fetch(thing.name)
    text = _one_line(error)
    assert reason in text
    assert all(word in text for word in ("thing.bin", "npm is not installed", server.url, str(folder)))
    assert sorted(path.name for path in folder.iterdir()) == [".lock"]


def test_without_client_and_network_the_error_says_what_to_do(
    folder: Path, thing: Asset, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens there: the line ends with the folder to copy the file to."""
    monkeypatch.setitem(ASSETS, thing.name, replace(thing, url="http://127.0.0.1:1/thing.bin"))
    with pytest.raises(ModelError) as error:
        fetch(thing.name)
    assert _one_line(error).endswith(f"Connect to the internet once, or copy the file to {folder}")


def test_a_corrupt_file_is_named_and_fetched_again(
    folder: Path, thing: Asset, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """One flipped byte is enough, and one warning."""
    path = fetch(thing.name)
    path.write_bytes(b"?" + CONTENT[1:])
    assert state(thing) == "corrupt"
    with caplog.at_level(logging.WARNING):
        assert fetch(thing.name).read_bytes() == CONTENT
    assert [record.getMessage() for record in caplog.records] == [f"{path} is corrupt: fetching it again"]
    assert state(thing) == "ok"
    assert server.asked == 2


def test_the_client_is_asked_first(npm: Callable[[str], None], thing: Asset, server: Server, archive: Path) -> None:
    """Mirrors and proxies that are set up for it are honoured, and the server is left alone."""
    npm(f"assert name == 'edgeholo-test@1.2.3'; shutil.copy({str(archive)!r}, folder)")
    assert fetch(thing.name).read_bytes() == CONTENT
    assert server.asked == 0


def test_all_that_a_package_holds_is_kept(
    npm: Callable[[str], None], folder: Path, thing: Asset, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its other assets need no second download."""
    monkeypatch.setitem(ASSETS, "other.bin", replace(thing, name="other.bin"))
    npm(f"shutil.copy({str(archive)!r}, folder)")
    fetch(thing.name)
    assert (folder / "other.bin").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            "sys.exit('npm error code E404\\nnpm error 404 Not Found\\nnpm error A complete log is elsewhere')",
            "Not Found",
        ),
        ("sys.exit(3)", "exit code 3"),
        ("pass", "left no archive"),
        ("(folder / 'a.tgz').write_bytes(b'no archive')", "no readable package/dist/thing.bin"),
        ("(folder / 'a.tgz').write_bytes(open({archive!r}, 'rb').read()[:-40])", "no readable package/dist/thing.bin"),
    ],
    ids=["refused", "failed", "nothing", "no archive", "truncated"],
)
def test_a_client_that_fails_gives_way_to_https(
    npm: Callable[[str], None],
    thing: Asset,
    archive: Path,
    caplog: pytest.LogCaptureFixture,
    body: str,
    reason: str,
) -> None:
    """Its own words are in the log."""
    npm(body.replace("{archive!r}", repr(str(archive))))
    with caplog.at_level(logging.INFO):
        assert fetch(thing.name).read_bytes() == CONTENT
    assert reason in caplog.text
    assert "trying https" in caplog.text


def test_a_package_with_another_file_gives_way_to_https(
    npm: Callable[[str], None], thing: Asset, archive: Path, server: Server
) -> None:
    """A mirror that serves something else is not believed."""
    with tarfile.open(archive, "w:gz") as tarball:
        tarball.add(__file__, "package/dist/thing.bin")
    npm(f"shutil.copy({str(archive)!r}, folder)")
    assert fetch(thing.name).read_bytes() == CONTENT
    assert server.asked == 1


FETCHER = """
import resource, sys
from dataclasses import replace
from edgeholo.errors import ModelError
from edgeholo.perceive.models.fetch import fetch
from edgeholo.perceive.models.manifest import ASSETS
url, digest, size, limit = sys.argv[1:]
ASSETS["thing.bin"] = replace(ASSETS["fingers-lq.gif"], name="thing.bin", sha256=digest, size=int(size), url=url)
if int(limit):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
print("ready", flush=True)
try:
    fetch("thing.bin")
except ModelError as error:
    sys.exit(str(error))
"""


def _fetcher(thing: Asset, limit: int = 0) -> subprocess.Popen[str]:
    """Start a process that fetches the thing; ``limit`` bytes fit on its disk."""
    command = [sys.executable, "-c", FETCHER, thing.url, thing.sha256, str(thing.size), str(limit)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )


def test_two_processes_fetch_a_file_once(folder: Path, thing: Asset, server: Server) -> None:
    """The second waits for the first, and finds the file there."""
    server.gate.clear()
    processes = [_fetcher(thing), _fetcher(thing)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    server.gate.set()
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in processes] == [("", 0), ("", 0)]
    assert server.asked == 1
    assert (folder / thing.name).read_bytes() == CONTENT


def test_a_full_disk_is_one_line_and_leaves_nothing_behind(folder: Path, thing: Asset) -> None:
    """A file size limit stands for the full disk: the write fails half-way."""
    _, error = (process := _fetcher(thing, limit=10_000)).communicate(timeout=60)
    assert process.returncode == 1
    assert error.count("\n") == 1
    assert error.startswith(f"cannot write {folder / thing.name}: File too large; free some space")
    assert sorted(path.name for path in folder.iterdir()) == [".lock"]


@pytest.mark.parametrize("place", ["a file/cache", "/sys/edgeholo", "/proc/edgeholo"])
def test_a_cache_that_cannot_be_made_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """These refuse even root."""
    (tmp_path / "a file").touch()
    monkeypatch.setenv("EDGEHOLO_CACHE", str(tmp_path / place))
    with pytest.raises(ModelError) as error:
        fetch(DEMO_CLIP)
    assert _one_line(error).startswith(f"cannot make the cache {tmp_path / place}/assets: ")


@pytest.mark.parametrize("occupied", [".lock", "thing.bin"])
def test_a_cache_that_cannot_be_used_is_one_line(folder: Path, thing: Asset, occupied: str) -> None:
    """A folder stands where a file should."""
    (folder / occupied).mkdir()
    with pytest.raises(ModelError) as error:
        fetch(thing.name)
    assert str(folder) in _one_line(error)
    assert "Is a directory" in _one_line(error)


def test_offline_with_everything_cached_nobody_is_needed(demo_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No program on the PATH, and a thread that has no network."""
    monkeypatch.setenv("PATH", "")
    found: dict[str, Path] = {}

    def offline() -> None:
        seal_this_thread()
        found.update(fetch_all([DEMO_CLIP]))

    thread = threading.Thread(target=offline)
    thread.start()
    thread.join()
    assert found == {DEMO_CLIP: demo_clip}


@pytest.mark.parametrize("member", ["package/assets/fingers-lq.gif", "assets/fingers-lq.gif"])
def test_a_known_file_of_a_package_is_the_asset(demo_clip: Path, member: str) -> None:
    """It is verified like any other, and not fetched twice."""
    assert fetch_npm(f"npm:fingerpose@0.1.0/{member}") == demo_clip


def test_any_file_of_any_package_can_be_fetched(
    npm: Callable[[str], None], folder: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once: the second call needs no client."""
    npm(f"assert name == '@edgeholo/test@2.0.0'; shutil.copy({str(archive)!r}, folder)")
    path = fetch_npm("npm:@edgeholo/test@2.0.0/dist/thing.bin")
    assert path.read_bytes() == CONTENT
    assert path.parent.name == "npm"
    monkeypatch.setenv("PATH", "")
    assert fetch_npm("npm:@edgeholo/test@2.0.0/package/dist/thing.bin") == path


def test_a_file_that_a_package_lacks_is_one_line(npm: Callable[[str], None], archive: Path) -> None:
    """The line names the archive and the file."""
    npm(f"shutil.copy({str(archive)!r}, folder)")
    with pytest.raises(ModelError) as error:
        fetch_npm("npm:@edgeholo/test@2.0.0/nowhere.gif")
    assert _one_line(error) == f"{archive.name} has no readable package/nowhere.gif"


@pytest.mark.parametrize(
    "source",
    [
        "npm:fingerpose",
        "npm:fingerpose@0.1.0",
        "npm:fingerpose@0.1.0/",
        "npm:fingerpose/assets/fingers-lq.gif",
        "npm:@0.1.0/a.gif",
        "npm:--registry=elsewhere@0.1.0/a.gif",
        "npm:../../etc@0.1.0/a.gif",
        "fingerpose@0.1.0/a.gif",
    ],
)
def test_a_malformed_name_is_refused_before_anyone_is_asked(source: str) -> None:
    """The form is shown, and nothing of it is taken for an option or a path."""
    with pytest.raises(ModelError) as error:
        fetch_npm(source)
    assert _one_line(error) == f"{source}: expected npm:NAME@VERSION/path/in/package"
