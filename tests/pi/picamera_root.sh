#!/bin/sh
# Makes a Debian 13 with the real picamera2 and what edgeholo's lock names: no hardware, but libcamera's virtual camera.
# Usage: tests/pi/picamera_root.sh FOLDER SHARED_TOOLS      root, network, 2 GB, four minutes; done again only when the lock changes.
set -eu
root=$1 tools=$2
cd "$(dirname "$0")/../.."
picamera2=picamera2==0.3.38
digest=$(cat "$0" requirements.lock "$tools"/fakedma.c "$tools"/virtual.yaml | sha256sum | cut -c 1-64)
[ "$digest" != "$(cat "$root/stamp" 2>/dev/null)" ] || exit 0
rm -rf "$root"
mkdir -p "$(dirname "$root")"

# simplejpeg and pidng are built against the system's Python, as Raspberry Pi's archive does.
packages="ca-certificates python3-venv python3-dev gcc libc6-dev python3-libcamera libcamera-ipa python3-numpy python3-pil
    python3-prctl python3-av python3-libarchive-c python3-tqdm python3-jsonschema"
certificates=/etc/ssl/certs/ca-certificates.crt
# shellcheck disable=SC2016 # mmdebstrap's own $1: the root
mmdebstrap --quiet --variant=minbase --include="$(echo "$packages" | tr -s ' \n' ,)" \
    --customize-hook="copy-in requirements.lock $tools/fakedma.c /opt" \
    --customize-hook="upload $certificates $certificates" \
    --customize-hook='mkdir -p "$1/usr/share/libcamera/pipeline/virtual" "$1/opt/frames"' \
    --customize-hook="copy-in $tools/virtual.yaml /usr/share/libcamera/pipeline/virtual" \
    --customize-hook='chroot "$1" gcc -O1 -shared -fPIC -o /opt/libfakedma.so /opt/fakedma.c -ldl' \
    --customize-hook='chroot "$1" python3 -m venv --system-site-packages /opt/venv' \
    --customize-hook="chroot \"\$1\" env PIP_CERT=$certificates /opt/venv/bin/pip install -q --no-cache-dir $picamera2" \
    --customize-hook="chroot \"\$1\" env PIP_CERT=$certificates /opt/venv/bin/pip install -q --no-cache-dir --require-hashes \
        --no-deps --only-binary=:all: -r /opt/requirements.lock" \
    trixie "$root"
echo "$digest" >"$root/stamp"
