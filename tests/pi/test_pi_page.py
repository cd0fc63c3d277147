"""Set up from the page of an installed unit: a process without rights leaves a note, and root writes what it finds right."""

import json
from pathlib import Path

import pytest

from edgeholo.config import EngineOptions
from edgeholo.perceive.engine import assets_of
from edgeholo.perceive.models.fetch import fetch_all
from tests.pi.container import CONFIGURATION, Container

pytestmark = pytest.mark.timeout(1200)

_ASK = r"""
import hashlib, json, sys, time, urllib.error, urllib.request

def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request("http://127.0.0.1:8380" + path, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)

def until(condition):
    for _ in range(120):
        try:
            if condition():
                return True
        except (OSError, ValueError):
            pass
        time.sleep(0.5)
    return False

def say(name, value):
    print("SAID " + json.dumps([name, value]), flush=True)

def connected():
    return ask("GET", "/api/broker")[1]["connected"]

RULE = '[[rule]]\nname = "Lamp"\nwhen = { gesture = "thumb_up" }\nthen = { zigbee2mqtt = "lamp", state = "toggle" }\n'
PROGRAM = '[[rule]]\nwhen = { presence = false }\nthen = { command = ["/usr/bin/true"] }\n'
sha = lambda text: hashlib.sha256(text.encode()).hexdigest()

say("up", until(connected))
say("editable", ask("GET", "/api/rules")[1]["editable"])
say("rules", ask("PUT", "/api/rules", {"text": RULE, "was": sha("")})[0])
say("late", ask("PUT", "/api/rules", {"text": "", "was": sha("")})[0])
say("program", ask("PUT", "/api/rules", {"text": RULE + PROGRAM, "was": sha(RULE)})[0])
daemon = lambda: ask("GET", "/api/units")[1]["units"]["hall"]["availability"] == "online"
say("daemon before", until(daemon))
status, answer = ask("PUT", "/api/broker", {"url": "mqtt://127.0.0.1:1884", "username": "me", "password": "right"})
say("broker", [status, answer.get("url"), answer.get("error")])
time.sleep(3)
say("went over", until(lambda: connected() and ask("GET", "/api/broker")[1]["url"].endswith(":1884") and daemon()))
status, answer = ask("PUT", "/api/broker", {"url": "mqtt://127.0.0.1:1999"})
say("wrong broker", status)
time.sleep(3)
say("page without broker", until(lambda: ask("GET", "/api/broker")[1]["trouble"]))
say("restored", ask("POST", "/api/broker/restore")[0])
time.sleep(3)
say("back", until(lambda: connected() and daemon()))
"""
_SCENARIO = """cd /root/edgeholo
printf 'per_listener_settings true\\nlistener 1883 127.0.0.1\\nallow_anonymous true\\nlistener 1884 127.0.0.1\\npassword_file /etc/mosquitto/passwords\\n' \\
    >/etc/mosquitto/conf.d/two.conf
mosquitto_passwd -b -c /etc/mosquitto/passwords me right; chmod 644 /etc/mosquitto/passwords
systemctl restart mosquitto
provisioning/install.sh --config /root/first.toml; echo "install: $?"
/opt/edgeholo/current/venv/bin/python /root/ask.py
stat -c '%n %a %U' /etc/edgeholo/*
sed 's/^/toml: /' /etc/edgeholo/edgeholo.toml
ls -l /var/lib/private/edgeholo-web
grep -q right /run/edgeholo-settings/outcome.json && echo "the outcome has the password"
journalctl --no-pager -o cat | grep -q 'right$' && echo "the journal has the password"
# Whoever takes the page over can leave anything there.
ln -s /etc/shadow /var/lib/private/edgeholo-web/wish.json
for _ in $(seq 60); do [ -L /var/lib/private/edgeholo-web/wish.json ] || break; sleep 0.5; done
sleep 1
echo "link: $(cat /run/edgeholo-settings/outcome.json)"
mkfifo /var/lib/private/edgeholo-web/wish.json
for _ in $(seq 60); do [ -p /var/lib/private/edgeholo-web/wish.json ] || break; sleep 0.5; done
sleep 1
echo "pipe: $(cat /run/edgeholo-settings/outcome.json)"
systemctl is-active edgeholo edgeholo-web edgeholo-settings.path
journalctl --no-pager -u edgeholo-settings -u edgeholo-web | tail -60
"""


@pytest.fixture(scope="module")
def scenario(trixie: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what happened on a machine that was installed by one command."""
    container = Container(trixie, tmp_path_factory.mktemp("pi") / "root")
    container.give_project()
    (container.root / "root/first.toml").write_text("# the hall\n" + CONFIGURATION)
    (container.root / "root/ask.py").write_text(_ASK)
    for name, path in fetch_all(assets_of(EngineOptions())).items():
        container.give(path, f"var/cache/edgeholo/assets/{name}")
    return container.run(_SCENARIO, seconds=600, network=True)


@pytest.fixture(scope="module")
def said(scenario: str) -> dict[str, object]:
    """Return what the page answered."""
    assert "install: 0" in scenario, scenario
    lines = [json.loads(line[5:]) for line in scenario.splitlines() if line.startswith("SAID ")]
    return dict(lines)


def test_rules_are_saved_by_root_and_programs_are_not(said: dict[str, object], scenario: str) -> None:
    """The file is root's and everybody may read it; who comes late is told so."""
    assert (said["up"], said["editable"]) == (True, True), scenario
    assert (said["rules"], said["late"], said["program"]) == (200, 409, 403), scenario
    assert "/etc/edgeholo/rules.toml 644 root" in scenario


def test_daemon_and_page_go_over_to_another_broker(said: dict[str, object], scenario: str) -> None:
    """With its password, which systemd hands on to both; the file stays as it was written, but for its lines."""
    assert said["daemon before"], scenario
    assert said["broker"] == [200, "mqtt://127.0.0.1:1884", None], scenario
    assert said["went over"], scenario
    assert "/etc/edgeholo/mqtt_password 600 root" in scenario
    assert "/etc/edgeholo/broker.before 600 root" in scenario
    assert "toml: # the hall" in scenario


def test_a_wrong_broker_is_put_right_from_the_page(said: dict[str, object], scenario: str) -> None:
    """The page needs no broker to be there, and one click brings the old one back, for the daemon too."""
    assert (said["wrong broker"], said["page without broker"]) == (200, True), scenario
    assert (said["restored"], said["back"]) == (200, True), scenario


def test_what_is_no_note_is_thrown_away(scenario: str) -> None:
    """A link to root's secrets is not followed, a pipe is not waited for, and everything runs on."""
    for kind in ("link", "pipe"):
        outcome = json.loads(next(line for line in scenario.splitlines() if line.startswith(f"{kind}: "))[6:])
        assert outcome["state"] == "refused", scenario
    assert scenario.count("\nactive\n") >= 1
    assert "inactive" not in scenario
    assert "failed" not in scenario.partition("link: ")[2].partition("-- ")[0]


def test_the_password_is_told_to_nobody(scenario: str) -> None:
    """Neither the outcome nor the journal has it."""
    assert "has the password" not in scenario
