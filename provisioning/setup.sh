#!/bin/sh
# Sets this clone up for one purpose: Debian packages, then .venv with everything that requirements.lock names.
# Usage: provisioning/setup.sh lint|demo|test|test-web      PYTHON=... names another interpreter than python3.
# Done again only when the lock, the interpreter or the clone's place changed; pyproject.toml alone reinstalls edgeholo.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:?usage: provisioning/setup.sh lint|demo|test|test-web}

say() { printf 'edgeholo: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; }

# Prints the interpreter to use: $PYTHON where it is given, else the first on the PATH that is new enough.
choose_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if suits "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    found=$("${PYTHON:-python3}" --version 2>/dev/null) || found="no ${PYTHON:-python3}"
    fail "found $found, but Python 3.11, 3.12 or 3.13 is needed: sudo apt-get install python3 python3-venv, or make $purpose PYTHON=/path/to/python3"
}

# Prints the Debian packages that this purpose needs and that are not there.
missing_packages() {
    "$python" -c 'import ensurepip' 2>/dev/null || echo python3-venv
    [ "$purpose" = lint ] && return
    # mediapipe's library is linked to both, though it draws nothing.
    "$python" -c 'import ctypes; ctypes.CDLL("libEGL.so.1")' 2>/dev/null || echo libegl1
    "$python" -c 'import ctypes; ctypes.CDLL("libGLESv2.so.2")' 2>/dev/null || echo libgles2
    [ "$purpose" = demo ] && return
    # Debian puts mosquitto where only root's PATH looks.
    PATH=$PATH:/usr/sbin command -v mosquitto >/dev/null || echo mosquitto
    command -v node >/dev/null || echo nodejs
    command -v shellcheck >/dev/null || echo shellcheck
    command -v systemd-analyze >/dev/null || echo systemd
    [ "$purpose" = test-web ] || return 0
    command -v chromium >/dev/null || echo chromium
}

install_packages() {
    [ -z "$1" ] && return
    if [ "${purpose%-web}" != test ] || [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        fail "Debian packages are missing: sudo apt-get install $1"
    fi
    say "installing Debian packages: $1"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    # shellcheck disable=SC2086  # one argument a package
    apt-get install -q -y --no-install-recommends $1
}

# On a Raspberry Pi picamera2 comes from apt and is bound to the system's Python.
venv_options() {
    if "$python" -c 'import sys, importlib.util as u; sys.exit(u.find_spec("picamera2") is None)' 2>/dev/null; then
        echo --system-site-packages
    fi
}

fill_venv() {
    say "setting up .venv with $("$python" --version): 180 MB to download, once"
    # shellcheck disable=SC2046  # no option is no argument
    "$python" -m venv --clear $(venv_options) .venv
    $pip --require-hashes --no-deps --only-binary=:all: -r requirements.lock
}

# Succeeds where the stamp of that name says otherwise than the text.
differs() { [ "$2" != "$(cat ".venv/$1" 2>/dev/null)" ]; }

digest() { sha256sum <"$1" | cut -c 1-64; }

python=$(choose_python)
install_packages "$(missing_packages | tr '\n' ' ' | sed 's/ $//')"
pip=".venv/bin/python -m pip install --disable-pip-version-check --no-input"
packages="$(digest requirements.lock) $python $PWD"
if differs packages.stamp "$packages"; then
    fill_venv
    echo "$packages" >.venv/packages.stamp
fi
project=$(digest pyproject.toml)
if differs project.stamp "$project"; then
    $pip --quiet --no-deps --no-build-isolation -e .
    echo "$project" >.venv/project.stamp
fi
