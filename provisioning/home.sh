#!/bin/sh
# Sets up what tests/home runs against, in .cache/home: a real Home Assistant, the library that talks to it, its own libraries
# for devices, and a real Zigbee2MQTT of which only the radio is replaced.
# Which versions work together is written in ../shared/tools/real_home; without that folder there is nothing to set up, and
# the tests say that they are left out. Done again only when the list, the interpreter or the clone's place changed.
# Usage: provisioning/home.sh UV      UV is the program uv: pip takes an hour for what uv does in two minutes.
set -eu
cd "$(dirname "$0")/.."
uv=${1:?usage: provisioning/home.sh UV}
tools=../shared/tools/real_home
list=$tools/requirements-home-assistant.txt
home=.cache/home
websockets=15.0.1
devices="aioshelly==13.4.1 wled==0.21.0" # as Home Assistant 2025.4.4 has them
zigbee="zigbee2mqtt@2.14.1 node@24.21.0"

say() { printf 'edgeholo: %s\n' "$*" >&2; }

# Prints a Python 3.13, which Home Assistant 2025.4 demands: the PATH's, else pyenv's, whose python3.13 may be a shim for nothing.
choose_python() {
    for candidate in python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python3.13; do
        if "$candidate" -c 'import sys, venv; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    say "make test-home needs Python 3.13 for Home Assistant: pyenv install 3.13, or sudo apt-get install python3.13-venv (Debian 13)"
    exit 1
}

# Whether a part is not yet as it is wanted: STAMP WANTED.
outdated() { [ "$2" != "$(cat "$1" 2>/dev/null)" ]; }

[ -f "$list" ] || exit 0
python=$(choose_python)
wanted="$(sha256sum <"$list" | cut -c 1-64) $websockets $devices $python $PWD"
if outdated $home/stamp "$wanted"; then
    say "setting up Home Assistant in $home with $("$python" --version): 150 MB to download, once"
    rm -rf $home/venv $home/client
    "$uv" venv --quiet --no-project --python "$python" $home/venv
    # shellcheck disable=SC2086 # a list of requirements
    "$uv" pip install --quiet --python $home/venv/bin/python -r "$list" $devices
    "$uv" pip install --quiet --python .venv/bin/python --target $home/client "websockets==$websockets"
    echo "$wanted" >$home/stamp
fi

radio=$tools/fake_radio.js
wanted="$(sha256sum <"$radio" | cut -c 1-64) $zigbee $PWD"
if outdated $home/zigbee2mqtt/stamp "$wanted"; then
    command -v npm >/dev/null || {
        say "make test-home needs npm for Zigbee2MQTT: sudo apt-get install npm"
        exit 1
    }
    say "setting up Zigbee2MQTT in $home/zigbee2mqtt: 90 MB to download, once"
    rm -rf $home/zigbee2mqtt
    mkdir -p $home/zigbee2mqtt
    # shellcheck disable=SC2086 # a list of packages
    npm install --prefix $home/zigbee2mqtt --no-fund --no-audit --loglevel=error $zigbee >&2
    cp "$radio" $home/zigbee2mqtt/
    echo "$wanted" >$home/zigbee2mqtt/stamp
fi
