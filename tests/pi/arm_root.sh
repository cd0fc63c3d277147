#!/bin/sh
# Makes what it takes to run edgeholo on an emulated 64-bit Arm: Debian 13's Python for arm64, Debian 13's QEMU 10, and the
# locked wheels for aarch64, which proves that there is one for each. Nothing is emulated meanwhile, and nobody needs to be root.
# Usage: tests/pi/arm_root.sh FOLDER UV      1 GB, two minutes; done again only when the lock or this file changes.
set -eu
folder=$1 uv=$2
cd "$(dirname "$0")/../.."
# shellcheck disable=SC1091 # checked by itself
. tests/pi/trixie.sh
digest=$(cat "$0" tests/pi/trixie.sh requirements.lock | sha256sum | cut -c 1-64)
[ "$digest" != "$(cat "$folder/stamp" 2>/dev/null)" ] || exit 0
rm -rf "$folder"

# Bookworm's QEMU 7.2 is five times slower and crashes in LiteRT; 10 is static and runs anywhere.
trixie_in "$folder" deb
trixie update
trixie download qemu-user
dpkg-deb --fsys-tarfile "$folder"/qemu-user_*.deb | tar -xO ./usr/bin/qemu-aarch64 >"$folder/qemu-aarch64"
chmod +x "$folder/qemu-aarch64"
rm -rf "$folder"/qemu-user_*.deb "$folder/lists" "$folder"/*.bin

# What mediapipe's library is linked to comes along, for benchmarks.arm.
mmdebstrap --quiet --variant=extract --architectures=arm64 --include=python3-minimal,libpython3-stdlib,libegl1,libgles2 \
    trixie "$folder/root"
ln -sfn usr/lib "$folder/root/lib"
"$uv" --no-config pip install --quiet --target "$folder/site" --python-platform aarch64-manylinux_2_39 --python-version 3.13 \
    --require-hashes --no-deps --only-binary :all: -r requirements.lock
echo "$digest" >"$folder/stamp"
