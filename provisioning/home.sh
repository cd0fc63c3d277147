#!/bin/sh
# Sets up what tests/home runs against, in .cache/home: a real Home Assistant, and the library that talks to it.
# Which versions work together is written in ../shared/tools/real_home; without that folder there is nothing to set up, and
# the tests say that they are left out. Done again only when the list, the interpreter or the clone's place changed.
# Usage: provisioning/home.sh UV      UV is the program uv: pip takes an hour for what uv does in two minutes.
set -eu
cd "$(dirname "$0")/.."
uv=${1:?usage: provisioning/home.sh UV}
list=../shared/tools/real_home/requirements-home-assistant.txt
home=.cache/home
websockets=15.0.1

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

[ -f "$list" ] || exit 0
python=$(choose_python)
wanted="$(sha256sum <"$list" | cut -c 1-64) $websockets $python $PWD"
[ "$wanted" = "$(cat $home/stamp 2>/dev/null)" ] && exit 0
say "setting up Home Assistant in $home with $("$python" --version): 150 MB to download, once"
rm -rf $home
"$uv" venv --quiet --no-project --python "$python" $home/venv
"$uv" pip install --quiet --python $home/venv/bin/python -r "$list"
"$uv" pip install --quiet --python .venv/bin/python --target $home/client "websockets==$websockets"
echo "$wanted" >$home/stamp
