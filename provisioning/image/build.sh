#!/bin/sh
# Builds a memory card's image for 64-bit Arm, with everything in: dist/edgeholo-VERSION-ARCHIVE.img.xz, its sha256 and the manifest for
# Raspberry Pi Imager. The first time takes up to 50 minutes, for Debian's packages are set up under emulation; then 15, most of it packing.
# Needs mmdebstrap, arch-test, mtools, fdisk, e2fsprogs, xz-utils and an emulator (qemu-user-binfmt, in Debian 12 qemu-user-static);
# root, or uidmap and a range of subordinate user ids. No loop device is used.
#   ARCHIVE=debian       Debian's kernel: Raspberry Pi 3 and 4, Zero 2 W and emulators; no camera on a ribbon
#   ARCHIVE=raspberrypi  Raspberry Pi's kernels and picamera2 as well, from archive.raspberrypi.com
#   READONLY=yes         a root that is never written, and a state partition over it
#   MIRROR=URL           another mirror of Debian's archive; that of its security updates is MIRROR-security
#   IMAGE_URL=URL        where the image will lie; by default the file itself
set -eu
cd "$(dirname "$0")/../.."
archive=${ARCHIVE:-debian}
readonly=${READONLY:-}
python=${VENV:-.venv}/bin/python
here=provisioning/image
work=.cache/image
release=trixie

say() { printf 'edgeholo: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

check_tools() {
    PATH=$PATH:/usr/sbin:/sbin
    missing=''
    for pair in mmdebstrap:mmdebstrap arch-test:arch-test mcopy:mtools sfdisk:fdisk mke2fs:e2fsprogs xz:xz-utils; do
        command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
    done
    [ -z "$missing" ] || fail "Debian packages are missing: sudo apt-get install$missing"
    [ "$(uname -m)" = aarch64 ] || arch-test arm64 >/dev/null ||
        fail "this machine cannot run programs for arm64: sudo apt-get install qemu-user-binfmt (Debian 12: qemu-user-static)"
    [ "$(id -u)" = 0 ] || command -v newuidmap >/dev/null || fail "without root this needs uidmap: sudo apt-get install uidmap"
}

# Prints the names in a list whose condition holds: LIST CONDITION...
wanted() {
    list=$1
    shift
    awk -v conditions="$*" '$1 !~ /^#/ && index(" " conditions " ", " " $2 " ") { print $1 }' "$list"
}

packages() {
    wanted $here/packages.txt always "$archive"
    # Debian has no picamera2, and install.sh asks for none on a machine that is no Raspberry Pi.
    if [ "$archive" = raspberrypi ]; then set -- raspberrypi; fi
    wanted provisioning/packages.txt always "$@"
}

# Debian, set up by its own tools under emulation: kept, for nothing of edgeholo is in it.
make_base() {
    mirror=${MIRROR:-http://deb.debian.org/debian}
    set -- "deb $mirror $release main non-free-firmware" "deb $mirror $release-updates main non-free-firmware" \
        "deb $mirror-security $release-security main non-free-firmware"
    if [ "$archive" = raspberrypi ]; then
        set -- "$@" "deb http://archive.raspberrypi.com/debian $release main"
    fi
    include=$(packages | sort -u | paste -sd,)
    base=$work/base-$(echo "$include $*" | sha256sum | cut -c 1-12).tar
    [ ! -e "$base" ] || return 0
    say "setting up Debian $release for arm64 under emulation: 300 MB to download and 10 to 30 minutes, once"
    mmdebstrap --quiet --variant=minbase --architectures=arm64 --include="$include" --format=tar \
        --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        "$release" "$base.new" "$@"
    mv "$base.new" "$base"
}

# The same files make the same number, which is the disk's signature and in the partitions' names.
disk_id() { { echo "$archive $readonly"; cat "$work/edgeholo.tar.gz" "$base"; } | sha256sum | cut -c 1-8; }

compose() {
    set -- sh $here/compose.sh "$work" "$base" "$(disk_id)" "$image" "$archive" "$readonly"
    if [ "$(id -u)" = 0 ]; then
        unshare --mount --propagation private "$@"
    else
        unshare --map-root-user --map-auto --mount --propagation private "$@"
    fi
}

case $archive in debian | raspberrypi) ;; *) fail "ARCHIVE=$archive: known are debian, raspberrypi" ;; esac
check_tools
mkdir -p $work dist
make_base
say "gathering wheels and models"
"$python" $here/gather.py $work
version=$(sed -n 's/^__version__ = "\([0-9.]*\)"$/\1/p' edgeholo/__init__.py)
image=dist/edgeholo-$version-$archive${readonly:+-readonly}.img
compose
say "packing $image"
sha256sum "$image" | sed 's, .*/,  ,' >"$image.sha256"
xz --threads=0 --force --keep "$image"
"$python" $here/manifest.py "$image" "$version" "$archive" "$readonly" "${IMAGE_URL:-}" >"${image%.img}.json"
say "$(du -m "$image.xz" | cut -f 1) MB in $image.xz; for Raspberry Pi Imager: ${image%.img}.json (docs/image.md)"
