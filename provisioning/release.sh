#!/bin/sh
# Makes a release of this folder that `edgeholo update` takes: edgeholo-VERSION.tar.gz, its sha256, and releases.json of all that lie there.
# Usage: provisioning/release.sh FOLDER      FOLDER is what update.source names: on the unit itself, or served by https.
set -eu
target=${1:?usage: provisioning/release.sh FOLDER}
mkdir -p "$target"
target=$(cd "$target" && pwd)
cd "$(dirname "$0")/.."
version=$(sed -n 's/^__version__ = "\([0-9.]*\)"$/\1/p' edgeholo/__init__.py)
name=edgeholo-$version
# The same files make the same bytes, whoever packs them and whenever.
tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --exclude=__pycache__ --transform "s,^,$name/," \
    edgeholo systemd provisioning pyproject.toml requirements.lock README.md LICENSE NOTICE | gzip -n >"$target/$name.tar.gz.new"
mv "$target/$name.tar.gz.new" "$target/$name.tar.gz"
cd "$target"
sha256sum "$name.tar.gz" >"$name.tar.gz.sha256"
cat edgeholo-*.tar.gz.sha256 | awk '
    BEGIN { printf "{\"releases\": [" }
    { version = $2; sub(/^edgeholo-/, "", version); sub(/\.tar\.gz$/, "", version)
      printf "%s\n  {\"version\": \"%s\", \"file\": \"%s\", \"sha256\": \"%s\"}", comma, version, $2, $1; comma = "," }
    END { print "\n]}" }' >releases.json.new
mv releases.json.new releases.json
printf 'edgeholo: %s\n' "$target/$name.tar.gz" >&2
