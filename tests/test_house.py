"""The house rules, read from the source itself: who may import whom, how large a file is, who prints."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "edgeholo"
FILES = sorted(PACKAGE.rglob("*.py"))
SOURCES = [*FILES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]
IDS = [str(path.relative_to(ROOT)) for path in SOURCES]

STAGES = {"capture", "perceive", "interpret", "publish", "act"}
GROUND = {
    "types",
    "errors",
    "files",
    "pixels",
    "connections",
    "colours",
    "anatomy",
    "redact",
    "backoff",
    "chatter",
    "timesync",
    "cadence",
    "nearest",
    "insight",
}
# What an import may reach: only its own layer's friends and layers below. A module's layer is its first name below edgeholo.
LAYERS = [
    GROUND,
    {
        "config",
        "settings",
        "options",
        "kept",
        "page",
        "clock",
        "health",
        "instance",
        "supervision",
        "provision",
        "draw",
        "landmarks",
        "strain",
        "wear",
        "heat",
        "board",
        "pulse",
        "update",
        "toml",
    },
    STAGES,
    {"pipeline"},
    {"rulebook", "layers", "explanation"},
    {"reactions"},
    {"line"},
    {"teaching", "control", "checks", "amend"},
    {"daemon", "web"},
    {"cli"},
]
LINE = {"capture", "perceive", "interpret"}

# A change of the library is then a change of one file.
ONE_MODULE_EACH = {
    "ai_edge_litert.interpreter",
    "ai_edge_litert.schema_py_generated",
    "iotcore",
    "matplotlib",
    "mediapipe",
    "paho",
    "picamera2",
    "systemd",
}
NO_NAMES = {"base", "common", "core", "helper", "helpers", "manager", "misc", "util", "utils"}
LOG_CALLS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(path: Path) -> Iterator[str]:
    """Yield the full name of all that a file imports, wherever in the file it does so."""
    package = _module(path).split(".") if path.name == "__init__.py" else _module(path).split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{start}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from (str(argument.value) for argument in node.args[:1] if isinstance(argument, ast.Constant))


def _layer(name: str) -> str | None:
    """Return the first name below edgeholo, or None for what is not ours."""
    first, _, rest = name.partition(".")
    return rest.partition(".")[0] or None if first == "edgeholo" else None


def _height(layer: str) -> int | None:
    """Return the number of the layer, counted from the ground; None where the house says nothing."""
    return next((number for number, names in enumerate(LAYERS) if layer in names), None)


def _own_imports() -> Iterator[tuple[str, str, str]]:
    """Yield (module, its layer, imported layer) for every import between layers."""
    for path in FILES:
        own = _layer(_module(path))
        for name in _imports(path):
            other = _layer(name)
            if own and other and own != other:
                yield _module(path), own, other


def test_imports_only_point_down() -> None:
    """Types, errors and pixels carry config, which carries the stages, the pipeline, the daemon and the commands."""
    up = [
        f"{module} imports {other}"
        for module, own, other in _own_imports()
        if (here := _height(own)) is not None and (there := _height(other)) is not None and there > here
    ]
    assert up == []


def test_stages_never_import_each_other() -> None:
    """Whoever needs two stages is the pipeline, the daemon or a command."""
    across = [f"{module} imports {other}" for module, own, other in _own_imports() if {own, other} <= STAGES]
    assert across == []


def test_every_module_has_its_place() -> None:
    """A new module below edgeholo is placed in LAYERS, or in a package that stands there."""
    assert sorted({layer for path in FILES if (layer := _layer(_module(path))) and _height(layer) is None}) == []


def test_the_stages_are_joined_by_the_pipeline_and_to_the_outside_by_the_line() -> None:
    """Few modules know several stages, commands aside: the sentence, what opens and closes it, and the two of the rules."""
    reached: dict[str, set[str]] = {}
    for module, own, other in _own_imports():
        if own != "cli" and other in STAGES:
            reached.setdefault(module, set()).add(other)
    joining = {module: stages for module, stages in reached.items() if len(stages) > 1}
    assert joining.keys() <= {"edgeholo.pipeline", "edgeholo.line", "edgeholo.reactions", "edgeholo.rulebook"}
    assert joining.get("edgeholo.pipeline", LINE) == LINE
    assert joining["edgeholo.rulebook"] == {"interpret", "act"}
    assert joining["edgeholo.reactions"] == {"act", "publish"}


@pytest.mark.parametrize("library", sorted(ONE_MODULE_EACH))
def test_a_library_of_the_outside_world_is_imported_in_one_module(library: str) -> None:
    """Its quirks stay in one file, and so does its replacement."""
    users = {
        _module(path) for path in FILES for name in _imports(path) if name == library or name.startswith(library + ".")
    }
    assert len(users) <= 1


def test_importing_edgeholo_imports_no_hardware_and_no_engine() -> None:
    """`import edgeholo` works on any laptop, and at once."""
    heavy = sorted({name.split(".")[0] for name in ONE_MODULE_EACH} | {"cv2", "numpy"})
    code = f"import sys, edgeholo; print(sorted(set({heavy}) & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout == "[]\n"


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_no_file_is_longer_than_400_lines(path: Path) -> None:
    """Longer ones do two things."""
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_no_module_is_a_drawer(path: Path) -> None:
    """A name that fits everything says nothing."""
    assert not NO_NAMES.intersection(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_commands_print(path: Path) -> None:
    """Everything else returns, raises or logs."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    prints = [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert prints == [] or path.is_relative_to(PACKAGE / "cli")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_log_calls_leave_formatting_to_logging(path: Path) -> None:
    """A message is a constant with %s in it: cheap when nobody listens, and the same text to search for."""
    formatted = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LOG_CALLS
        and isinstance(node.func.value, ast.Name)
        and "log" in node.func.value.id.lower()
        and any(isinstance(argument, ast.JoinedStr) for argument in node.args)
    ]
    assert formatted == []
