#!/bin/sh
# Builds a QEMU for 64-bit Arm programs that takes plugins, which Debian's own does not, from Debian's source package, and
# the plugin that counts instructions.
# Usage: benchmarks/counting_qemu.sh FOLDER      libglib2.0-dev ninja-build gcc; 1 GB, eight minutes, once.
set -eu
folder=$1
cd "$(dirname "$0")/.."
here=$PWD
# shellcheck disable=SC1091 # checked by itself
. tests/pi/trixie.sh
digest=$(cat "$0" tests/pi/trixie.sh benchmarks/arm_count.c | sha256sum | cut -c 1-64)
[ "$digest" != "$(cat "$folder/stamp" 2>/dev/null)" ] || exit 0
for program in ninja gcc pkg-config apt-get; do
    command -v $program >/dev/null || { echo "edgeholo: $program is missing: sudo apt-get install ninja-build gcc pkg-config" >&2; exit 1; }
done
pkg-config --exists glib-2.0 || { echo "edgeholo: sudo apt-get install libglib2.0-dev" >&2; exit 1; }
rm -rf "$folder"
mkdir -p "$folder/source"
cd "$folder"

trixie_in "$PWD" deb-src
trixie update
trixie source --download-only qemu
tar -xf qemu_*.orig.tar.xz -C source --strip-components=1
rm -rf lists qemu_* ./*.bin

# Debian's source is without the wheels that QEMU brings for its own build.
python3 -m venv tools
tools/bin/pip install -q --disable-pip-version-check meson==1.8.2 pycotap==1.3.1 setuptools
cd source
./configure --python="$PWD/../tools/bin/python" --target-list=aarch64-linux-user --enable-plugins --without-default-features \
    --disable-install-blobs --disable-docs --disable-werror --disable-download --disable-debug-info >configure.log
nice -n 15 ninja -C build qemu-aarch64 >build.log
cp build/qemu-aarch64 ..
# shellcheck disable=SC2046 # a list of options
gcc -O2 -shared -fPIC -I include/qemu $(pkg-config --cflags glib-2.0) -o ../libcount.so "$here/benchmarks/arm_count.c"
cd ..
rm -rf source tools
echo "$digest" >stamp
