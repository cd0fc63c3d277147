"""An upload on an installed unit: under systemd's hardening, with the daemon's models, and nothing left behind."""

import json
import re
from pathlib import Path

import cv2
import pytest

from edgeholo.config import EngineOptions
from edgeholo.perceive.engine import assets_of
from edgeholo.perceive.models.fetch import fetch_all
from tests.pi.container import CONFIGURATION, Container

pytestmark = pytest.mark.timeout(1200)

_SEND = r"""
import json, sys, urllib.error, urllib.request
file, kind, accept = sys.argv[1:]
headers = {"Content-Type": kind, "Accept": accept}
request = urllib.request.Request("http://127.0.0.1:8380/api/analyse", open(file, "rb").read(), headers)
try:
    with urllib.request.urlopen(request, timeout=120) as reply:
        content = reply.read()
        print(reply.status, reply.headers["content-type"], content[:4].hex(), len(content))
except urllib.error.HTTPError as error:
    print(error.code, error.read().decode())
"""
_SCENARIO = """cd /root/edgeholo
provisioning/install.sh --config /root/first.toml; echo "install: $?"
for _ in $(seq 60); do ! python3 -c 'import urllib.request as r; r.urlopen("http://127.0.0.1:8380/")' 2>/dev/null || break; sleep 0.5; done
find / -xdev -newer /root/first.toml -type f 2>/dev/null | sort >/root/before
echo "still: $(python3 /root/send.py /root/man.jpg image/jpeg 'image/*')"
page=$(systemctl show -P MainPID edgeholo-web); worker=$(cat /proc/$page/task/$page/children); echo "worker: $(wc -w <<<"$worker")"
grep -E 'NoNewPrivs|Seccomp:|CapEff|^Uid' /proc/$((worker))/status; cat /proc/$((worker))/oom_score_adj
echo "points: $(python3 /root/send.py /root/man.jpg image/jpeg application/json)"
echo "clip: $(python3 /root/send.py /root/man.gif image/gif 'video/*')"
echo "nothing: $(python3 /root/send.py /root/first.toml image/jpeg 'image/*')"
find / -xdev -newer /root/first.toml -type f 2>/dev/null | sort >/root/after
echo "new: $(comm -13 /root/before /root/after | grep -v -e /journal -e /root/after | tr '\\n' ' ')"
echo "memory: $(find /dev/shm /tmp /var/tmp -name 'edgeholo-*' 2>/dev/null | tr '\\n' ' ')"
echo "left: $(ls -A /run/edgeholo* /var/lib/private/edgeholo-web | tr '\\n' ' ')"
journalctl --no-pager -o cat -u edgeholo-web | sed 's/^/journal: /'
systemctl is-active edgeholo-web
"""


@pytest.fixture(scope="module")
def scenario(trixie: Path, tmp_path_factory: pytest.TempPathFactory, demo_clip: Path) -> str:
    """Return what happened on a machine that was installed by one command."""
    container = Container(trixie, tmp_path_factory.mktemp("pi") / "root")
    container.give_project()
    (container.root / "root/first.toml").write_text(CONFIGURATION)
    (container.root / "root/send.py").write_text(_SEND)
    container.give(demo_clip, "root/man.gif")
    cv2.imwrite(str(container.root / "root/man.jpg"), cv2.VideoCapture(str(demo_clip)).read()[1])
    for name, path in fetch_all(assets_of(EngineOptions(face="on"))).items():
        container.give(path, f"var/cache/edgeholo/assets/{name}")
    return container.run(_SCENARIO, seconds=600, network=True)


def test_pictures_and_clips_are_looked_at(scenario: str) -> None:
    """Nothing that the service forbids is needed, and the models are those of the daemon."""
    assert "install: 0" in scenario, scenario
    assert re.search(r"^still: 200 image/jpeg ffd8ff", scenario, re.MULTILINE), scenario
    assert re.search(r"^points: 200 application/json", scenario, re.MULTILINE), scenario
    assert re.search(r"^clip: 200 video/webm 1a45dfa3", scenario, re.MULTILINE), scenario
    refused = re.search(r"^nothing: 415 (.*)$", scenario, re.MULTILINE)
    assert refused, scenario
    assert json.loads(refused[1])["reason"] == "type"
    assert "\nactive\n" in scenario


def test_the_worker_can_do_next_to_nothing(scenario: str) -> None:
    """It has every wall that the kernel knows, no rights, and goes first when memory runs out."""
    assert "worker: 1" in scenario, scenario
    assert re.search(r"NoNewPrivs:\t1", scenario)
    assert re.search(r"Seccomp:\t2", scenario)
    assert re.search(r"CapEff:\t0{16}", scenario)
    assert "\n1000\n" in scenario
    assert re.search(r"^journal: (INFO )?the upload worker runs$", scenario, re.MULTILINE), scenario


def test_nothing_is_left_behind(scenario: str) -> None:
    """No file on the disk, none in memory, and no word of it in the journal."""
    assert re.search(r"^new: *$", scenario, re.MULTILINE), scenario
    assert re.search(r"^memory: *$", scenario, re.MULTILINE), scenario
    assert "man.jpg" not in scenario.partition("journal: ")[2]
