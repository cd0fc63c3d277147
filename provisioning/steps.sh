# shellcheck shell=sh
# The steps of install.sh up to a version in its folder, one function each; sourced, so that each can be tried alone. units.sh has the rest.
# Read from it: offline, config, password, allow, mediapipe, board, purge. EDGEHOLO_ROOT is a prefix for tests: everything goes below it.
# shellcheck disable=SC2034,SC2154 # units.sh reads what is set here, install.sh sets what is read here
root=${EDGEHOLO_ROOT:-}
source=$(cd "${here:?}/.." && pwd)
opt=/opt/edgeholo
etc=$root/etc/edgeholo
cache=$root/var/cache/edgeholo
units=$root/etc/systemd/system
python=${PYTHON:-python3}
space_mb=900    # a version takes 330 MB, 560 with mediapipe, and an update stands beside it for a while
settings_mb=20  # where this version is there already: settings, and what is written while it runs

say() { printf 'edgeholo: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Whether systemd runs here, and is the one that is to run the service.
systemd_runs() { [ -z "$root" ] && [ -d /run/systemd/system ]; }

# Writes standard input to a file: whenever the power goes, the old or the new one is there. FILE MODE
write_whole() {
    mkdir -p "$(dirname "$1")"
    (umask 077 && cat >"$1.new")
    chmod "$2" "$1.new"
    sync "$1.new"
    mv -f "$1.new" "$1"
}

# Points a link somewhere else, at once: rename(2) is atomic, ln -f is not. TARGET LINK
point() {
    ln -sfn "$1" "$2.new"
    mv -fT "$2.new" "$2"
    sync "$(dirname "$2")"
}

# --- looking around -------------------------------------------------------------------------------------------------------

check_machine() {
    check_board
    check_system
    check_python
    name_version
    clear_begun
    check_space
    check_camera
}

check_board() {
    model=''
    [ ! -r "$root/proc/device-tree/model" ] || model=$(tr -d '\0' <"$root/proc/device-tree/model")
    case $model in *"Raspberry Pi"*) found=raspberrypi ;; *) found=other ;; esac
    board=${board:-$found}
    case $board in raspberrypi | other) ;; *) fail "--board $board: known are raspberrypi, other" ;; esac
    machine=$(uname -m)
    case $machine in
    aarch64 | x86_64) say "board    ${model:-no Raspberry Pi}, $machine" ;;
    *) fail "board    $machine is not supported: 64-bit Arm or x86-64 is needed (on a Raspberry Pi the 64-bit system)" ;;
    esac
}

check_system() {
    name=$(sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "$root/etc/os-release" 2>/dev/null)
    codename=$(sed -n 's/^VERSION_CODENAME=//p' "$root/etc/os-release" 2>/dev/null)
    case $codename in
    bookworm | trixie) say "system   $name" ;;
    *) fail "system   ${name:-unknown} is not supported: Debian or Raspberry Pi OS 12 (bookworm) or 13 (trixie) is needed" ;;
    esac
}

check_python() {
    found=$("$python" --version 2>&1) || fail "python   there is no $python: sudo apt-get install python3"
    "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' ||
        fail "python   $found is not supported: 3.11, 3.12 or 3.13 is needed"
    say "python   $found"
}

check_space() {
    place=$root$opt
    while [ ! -d "$place" ]; do place=$(dirname "$place"); done
    free_mb=$(df -Pm "$place" | awk 'NR == 2 { print $4 }')
    needed_mb=$space_mb
    [ ! -e "$folder/complete" ] || needed_mb=$settings_mb
    [ "$free_mb" -ge "$needed_mb" ] || fail "space    $free_mb MB free on $place, $needed_mb MB are needed"
    say "space    $free_mb MB free"
}

check_camera() {
    for device in "$root"/dev/video[0-9]* "$root"/dev/media[0-9]*; do
        if [ -e "$device" ]; then
            say "camera   $device"
            return
        fi
    done
    say "camera   none found; the service waits for one (edgeholo doctor tells more)"
}

# An update holds the same lock; it runs this script itself with --beside.
claim() {
    mkdir -p "$root$opt"
    exec 9>"$root$opt/.lock"
    flock -n 9 || fail "an update or another install.sh is at work; wait until it is done"
}

# An update, and the same command again, keep what was chosen before.
keep_choice() {
    case $mediapipe in
    '') ! grep -qs '^mediapipe==' "$root$opt/current/requirements.lock" || mediapipe=yes ;;
    no) mediapipe='' ;;
    esac
}

# --- Debian packages and Python packages ---------------------------------------------------------------------------------

# Prints the names in a list whose condition holds: LIST
wanted() {
    while read -r name condition; do
        case $name in '#'* | '') continue ;; esac
        case $condition in
        always) echo "$name" ;;
        mediapipe) [ -z "$mediapipe" ] || echo "$name" ;;
        raspberrypi) [ "$board" != raspberrypi ] || echo "$name" ;;
        test) ;;
        *) fail "$1: no condition $condition" ;;
        esac
    done <"$1"
}

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

apt_get() { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >&2; }

install_packages() {
    missing=''
    for name in $(wanted "$here/packages.txt"); do
        if installed "$name"; then
            :
        elif [ "$name" = python3-picamera2 ] && ! picamera2_is_served; then
            do_without_picamera2
        else
            missing="$missing $name"
        fi
    done
    [ -n "$missing" ] || return 0
    if [ -n "$offline" ]; then
        install_debs
        return
    fi
    say "installing Debian packages:$missing"
    apt_get update || fail "apt-get update failed (above): is there a network? --offline DIR does without"
    take=''
    for name in $missing; do
        if apt-cache show --no-all-versions "$name" >/dev/null 2>&1; then
            take="$take $name"
        elif [ "$name" = python3-picamera2 ]; then
            do_without_picamera2
        else
            fail "this system's archives have no $name"
        fi
    done
    # shellcheck disable=SC2086 # one argument a package
    apt_get install -y --no-install-recommends $take || fail "apt-get could not install$take (above)"
}

# Raspberry Pi's archive has it and Debian's has not: where only Debian's is known, nobody need be asked.
picamera2_is_served() {
    if [ -n "$offline" ]; then
        set -- "$offline"/debs/python3-picamera2_*.deb
        [ -e "$1" ]
    else
        grep -qrsE '^[^#]*raspberrypi' "$root/etc/apt/sources.list" "$root/etc/apt/sources.list.d" ||
            apt-cache show --no-all-versions python3-picamera2 >/dev/null 2>&1
    fi
}

do_without_picamera2() {
    say "no python3-picamera2 to be had here: cameras at /dev/video* (v4l2, USB) and in the network work, those on a ribbon need" \
        "Raspberry Pi's archive"
}

install_debs() {
    set -- "$offline"/debs/*.deb
    [ -e "$1" ] || fail "Debian packages are missing, and $offline/debs has none:$missing"
    say "installing Debian packages from $offline/debs"
    apt_get install -y --no-install-recommends "$@" || fail "apt-get could not install $offline/debs (above)"
}

# Prints the part of requirements.lock that is installed here.
lock() {
    wanted "$here/python-packages.txt" | awk 'NR == FNR { keep[$1]; next }
        /^[a-z0-9-]+==/ { split($0, part, "=="); taken = part[1] in keep }
        taken' - "$source/requirements.lock"
}

# Prints what tells this version from every other: the program, its lock, its interpreter and what it is installed with.
digest() {
    {
        cd "$source" || exit
        find edgeholo systemd provisioning pyproject.toml requirements.lock -type f ! -name '*.pyc' | LC_ALL=C sort | xargs -d '\n' sha256sum
        "$python" --version
        echo "$mediapipe"
    } | sha256sum | cut -c 1-8
}

# Sets number, version and folder: 0.1.0, 0.1.0-1a2b3c4d, and where that lies.
name_version() {
    number=$(sed -n 's/^__version__ = "\([0-9.]*\)"$/\1/p' "$source/edgeholo/__init__.py")
    version=$number-$(digest)
    folder=$root$opt/versions/$version
}

# One that was begun and not finished is begun anew, and takes no room until then.
clear_begun() {
    for begun in "$root$opt"/versions/*; do
        [ -e "$begun/complete" ] || rm -rf "$begun"
    done
}

# Puts this version into a folder of its own.
fill_version() {
    [ ! -e "$folder/complete" ] || return 0
    say "putting edgeholo $number into $opt/versions/$version"
    mkdir -p "$folder"
    cp -r "$source/systemd" "$source/provisioning" "$source/README.md" "$source/LICENSE" "$source/NOTICE" "$folder/"
    "$python" -m venv --system-site-packages "$folder/venv" || fail "cannot make $folder/venv (above)"
    lock >"$folder/requirements.lock"
    install_wheels
    check_pairing
    sync -f "$folder"
    date -u +%FT%TZ | write_whole "$folder/complete" 644
}

# Everything comes into the venv, hash by hash, though the system may have a package of that name.
install_wheels() {
    set -- -m pip --disable-pip-version-check --no-input install --quiet --ignore-installed --no-deps
    network_hint=': is there a network? --offline DIR does without'
    if [ -n "$offline" ]; then
        [ -d "$offline/wheels" ] || fail "--offline $offline: it has no folder wheels"
        set -- "$@" --no-index --find-links "$offline/wheels"
        network_hint=''
    fi
    if [ -n "$offline" ] && [ -d "$offline/site-packages" ]; then
        copy_packages
    else
        "$folder/venv/bin/python" "$@" --require-hashes --only-binary=:all: -r "$folder/requirements.lock" >&2 ||
            fail "pip could not install the Python packages (above)$network_hint"
    fi
    scratch=$(mktemp -d)
    cp -r "$source/edgeholo" "$source/pyproject.toml" "$source/README.md" "$source/LICENSE" "$source/NOTICE" "$scratch/"
    "$folder/venv/bin/python" "$@" --no-build-isolation "$scratch" >&2 || fail "pip could not install edgeholo (above)"
    rm -rf "$scratch"
}

# What pip has unpacked elsewhere, hash by hash: image/ does so, for here it would run under emulation.
copy_packages() {
    packages=$("$folder/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    cp -r "$offline/site-packages/." "$packages/"
    "$folder/venv/bin/python" -m compileall -q "$packages" >&2 || fail "cannot compile $packages (above)"
}

# picamera2 is the system's, numpy is ours: a picamera2 that was built for another numpy says so here and not at night.
check_pairing() {
    "$folder/venv/bin/python" -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("picamera2") is None)' || return 0
    if reason=$("$folder/venv/bin/python" -c 'import picamera2' 2>&1); then
        say "picamera2 goes with $("$folder/venv/bin/python" -c 'import numpy; print("numpy", numpy.__version__)')"
    else
        say "picamera2 does not work here, other cameras do: $(echo "$reason" | tail -n 1)"
    fi
}

fetch_models() {
    mkdir -p "$cache/assets"
    if [ -n "$offline" ] && [ -d "$offline/models" ]; then copy_models; fi
    ! models verify >/dev/null 2>&1 || return 0
    if [ -z "$offline" ] && models fetch >&2; then return; fi
    models verify --needed >&2 || fail "models are missing (above)${offline:+: $offline/models has none that fits}"
    say "all models that the configuration asks for are there"
}

# Half a model, of a try that was cut short, is replaced.
copy_models() {
    for model in "$offline"/models/*; do
        place=$cache/assets/${model##*/}
        cmp -s "$model" "$place" || { cp "$model" "$place.new" && mv -f "$place.new" "$place"; } || fail "cannot write $place (above)"
    done
}

models() { EDGEHOLO_CACHE=$cache "$folder/venv/bin/edgeholo" models "$@" --config "$etc/edgeholo.toml"; }
