"""The doctor's engine: models that are missing, libraries that are missing, and processors that cannot. All made to happen."""

import shutil
import sys
from pathlib import Path

import pytest

from edgeholo.checks import trial
from edgeholo.checks.engine import engine, models
from edgeholo.checks.finding import Case
from edgeholo.config import Config, EngineOptions
from edgeholo.perceive.models.cache import cache_folder

_BEFORE = "from edgeholo.perceive import mediapipe; from pathlib import Path; "
_AFTER = "; from edgeholo.checks import trial; trial.main()"


def _case(name: str = "mediapipe", **options: object) -> Case:
    return Case(Config(engine=EngineOptions(name=name, **options)))  # type: ignore[arg-type]


def _python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


@pytest.mark.parametrize("name", ["litert", "mediapipe"])
def test_an_engine_that_runs_is_well(name: str) -> None:
    """Both do here, in a process of their own."""
    finding = engine(_case(name))
    assert finding.state == "ok", finding
    assert name in finding.text


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("mediapipe._LIBRARIES = {'libnothing.so.1': 'libegl1'}", "engine-library"),
        ("mediapipe._MACHINE = 'aarch64'; mediapipe._CPUINFO = Path('/proc/version')", "engine-processor"),
        ("import sys; sys.modules['mediapipe'] = None", "engine-package"),
    ],
)
def test_an_engine_that_this_machine_cannot_run_is_named(change: str, code: str) -> None:
    """It gives way to the one that runs everywhere: a warning, with the package or the option to set."""
    finding = engine(_case(), _python(_BEFORE + change + _AFTER))
    assert (finding.state, finding.code) == ("warning", code)
    assert finding.text.endswith("litert runs instead")


def test_a_library_that_opencv_wants_is_named_with_its_package() -> None:
    """Mediapipe's own OpenCV is the one with windows; what the loader says names the library."""
    change = (
        "import importlib; real = importlib.import_module\n"
        "def load(name):\n"
        "    if name == 'mediapipe': raise ImportError("
        "'libxcb.so.1: cannot open shared object file: No such file or directory')\n"
        "    return real(name)\n"
        "importlib.import_module = load\n"
    )
    finding = engine(_case(), _python(f"{_BEFORE}{change}{_AFTER.removeprefix('; ')}"))
    assert finding.code == "engine-library"
    assert "libxcb1" in finding.mend


def test_an_engine_that_takes_its_process_with_it_is_named() -> None:
    """An instruction that the processor does not know ends the process; the doctor lives on."""
    finding = engine(_case(), _python("import os, signal; os.kill(os.getpid(), signal.SIGILL)"))
    assert (finding.state, finding.code) == ("bad", "engine-processor")
    assert "SIGILL" in finding.text


def test_an_engine_that_never_looks_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a minute, here after a moment."""
    monkeypatch.setattr(trial, "PATIENCE_S", 0.3)
    assert engine(_case(), ("sleep", "60")).code == "hangs"


def test_an_engine_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """A recording that is not there, and a process that says nothing sensible."""
    finding = engine(_case("recorded", recording=str(tmp_path / "nothing.holo")))
    assert (finding.state, finding.code) == ("bad", "engine-fails")
    assert "nothing.holo" in finding.text
    assert engine(_case(), _python("raise SystemExit('out of memory')")).code == "engine-fails"


def test_models_that_are_missing_or_damaged_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One byte is enough."""
    assert models(_case("litert")).state == "ok"
    shutil.copytree(cache_folder("assets"), tmp_path / "assets")
    monkeypatch.setenv("EDGEHOLO_CACHE", str(tmp_path))
    broken = tmp_path / "assets/hand_recrop.tflite"
    broken.write_bytes(b"\0" + broken.read_bytes()[1:])
    assert "hand_recrop.tflite corrupt" in models(_case("litert")).text
    broken.unlink()
    finding = models(_case("litert"))
    assert (finding.state, finding.code) == ("warning", "models-missing")
    assert "hand_recrop.tflite missing" in finding.text
