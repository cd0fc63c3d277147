# shellcheck shell=sh
# To be read by other scripts: apt-get with Debian 13's archive, whatever Debian this is, from the mirror that this machine uses itself.

# Begins a folder for it: FOLDER TYPE, deb or deb-src. Afterwards `trixie` is apt-get there, and leaves this machine as it was.
trixie_in() {
    trixie_folder=$1
    # shellcheck disable=SC2016 # apt fills it in
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' | head -n 1)
    [ -n "$mirror" ] || { echo "edgeholo: apt knows no Debian archive here: sudo apt-get update" >&2; exit 1; }
    mkdir -p "$1/lists/partial"
    cat >"$1/trixie.sources" <<END
Types: $2
URIs: $mirror
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
}

trixie() {
    (cd "$trixie_folder" && apt-get -qq -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$PWD" -o Dir::State::Lists="$PWD/lists" \
        -o Dir::Cache="$PWD" -o Dir::State::status=/dev/null -o APT::Sandbox::User= "$@")
}
