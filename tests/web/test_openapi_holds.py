"""What the OpenAPI document promises, tried by schemathesis on the real page: sensible and senseless requests, with a token and without."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.page_server import PageServer, Unit
from tests.real_broker import Mosquitto, until

ROOT = Path(__file__).parents[2]
# 422: the shape is right and the sense is not, which no schema can say of a rule. 413: a text longer than a body may be.
SETTINGS = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "404", "409", "413", "422", "429", "5xx"]
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "408", "409", "413", "415", "422", "429", "5xx"]
[[operations]]
include-path = "/api/units/{unit}/set/{option}"
parameters = { "path.unit" = "hall" }
"""


def schemathesis(page: PageServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Have it try the page; the same requests every time."""
    settings = page.folder / "schemathesis.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    program = str(Path(sys.executable).with_name("schemathesis"))
    command = [program, "--config-file", str(settings), "run", f"{page.url}/api/openapi.json", "--no-color"]
    # The stream has no end to wait for.
    command += ["--exclude-path", "/api/stream", "--generation-deterministic", "--continue-on-failure", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.web.made_pictures"}
    return subprocess.run(command, env=environment, cwd=page.folder, capture_output=True, text=True, check=False)


@pytest.mark.timeout(600)
def test_an_open_page_keeps_its_promises(tmp_path: Path, broker: Mosquitto) -> None:
    """Every answer is one that the document has, and nothing is a mistake of ours."""
    with Unit(broker.url) as unit, PageServer(tmp_path, broker.url).with_models() as page:
        unit.say("availability", b"online", retain=True)
        page.connected()
        tried = schemathesis(page, "--checks", "all", "--max-examples", "15")
        assert tried.returncode == 0, tried.stdout[-20_000:]
        assert "Traceback" not in page.log


@pytest.mark.timeout(600)
def test_a_page_with_a_token_keeps_its_promises(tmp_path: Path, broker: Mosquitto) -> None:
    """With the token it is the same page; without it nothing is answered."""
    page = PageServer(tmp_path, broker.url, settings=f'[web]\ntoken_file = "{tmp_path}/token"\n').with_models()
    token = page.run("--new-token").stdout.split()[0]
    with Unit(broker.url) as unit, page:
        unit.say("availability", b"online", retain=True)
        signed_in = ("--header", f"Authorization: Bearer {token}")
        with page.client(headers={"Authorization": f"Bearer {token}"}) as client:
            until(lambda: "hall" in client.get("/api/units").json()["units"])
        # Wrong tokens, which the sign-in is tried with, lock the door for a while: they come last, in the second run.
        deep = schemathesis(
            page,
            *signed_in,
            "--exclude-path",
            "/api/session",
            "--exclude-checks",
            "ignored_auth",
            "--max-examples",
            "5",
        )
        assert deep.returncode == 0, deep.stdout[-20_000:]
        assert "429" not in deep.stdout
        locked = schemathesis(
            page,
            *signed_in,
            "--checks",
            "ignored_auth,not_a_server_error,status_code_conformance",
            "--max-examples",
            "2",
        )
        assert locked.returncode == 0, locked.stdout[-20_000:]
        assert "Traceback" not in page.log
