#!/bin/sh
# Builds .venv from requirements.lock. Called by `make`; safe to run again.
# With the word `tests` or `fresh` it adds what only these need: a browser, a database server, ...
set -eu
cd "$(dirname "$0")/.."

LOG=.cache/setup.log
mkdir -p .cache

say() { printf '%s\n' "$*"; }
give_up() { printf 'make setup: %s\n' "$*" >&2; exit 1; }

# Runs a command; what it prints goes to the log, and is shown only if it fails.
quietly() {
    "$@" >"$LOG" 2>&1 || { tail -n 20 "$LOG" >&2; return 1; }
}

# Debian packages: installed where that needs no password.
apt_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" = 0 ]; then as_root=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo"
    else return 1; fi
    say "Installing $* from the system's packages ..."
    export DEBIAN_FRONTEND=noninteractive
    install="$as_root apt-get install -y -q --no-install-recommends $*"
    $install >"$LOG" 2>&1 || { $as_root apt-get update -q >"$LOG" 2>&1 && quietly $install; }
}

has_library() { PATH="$PATH:/usr/sbin:/sbin" ldconfig -p | grep -q "$1"; }

# The packages that are not there, of those that are asked for.
missing() {
    for package in "$@"; do
        case $package in
            python3-venv) [ -n "$uv" ] || [ -x .venv/bin/python ] || "${python:-python3}" -c 'import ensurepip' 2>/dev/null ;;
            bubblewrap) command -v bwrap >/dev/null 2>&1 ;;
            chromium) command -v chromium >/dev/null 2>&1 ;;
            postgresql) ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 ;;
            dataset-fashion-mnist) [ -d /usr/share/datasets/fashion-mnist ] ;;
            debootstrap) command -v debootstrap >/dev/null 2>&1 ;;
            libatomic1) has_library libatomic.so.1 ;;
        esac || printf '%s ' "$package"
    done
}

fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
find_python() {
    for python in python3 python3.13 python3.12 python3.11; do
        if command -v "$python" >/dev/null 2>&1 && "$python" -c "$fits" 2>/dev/null; then return; fi
    done
    python=""
}

find_python
uv=$(command -v uv || true)

case ${1:-} in
    tests) asked="python3-venv bubblewrap chromium postgresql dataset-fashion-mnist libatomic1" ;;
    fresh) asked="debootstrap" ;;
    *) asked="python3-venv bubblewrap" ;;
esac
needed=$(missing $asked)
needed=${needed% }
if [ -n "$needed" ] && ! apt_install $needed; then
    command="run 'apt-get install $needed' as root"
    # JupyterLab and the lessons work without it.
    [ -z "${1:-}" ] && [ "$needed" = bubblewrap ] ||
        give_up "the system's packages $needed are missing: $command and run make again."
    say "Note: grading needs bubblewrap, which confines student code: $command to get it."
fi
[ -z "${1:-}" ] || exit 0
[ -n "$python" ] || find_python  # it may have come with python3-venv

say "Setting the course up in .venv, this once: some 2 minutes and 3 GB of disk, most of it TensorFlow."

get_uv() {
    [ -x "$1/bin/uv" ] || quietly "$1/bin/python" -m pip install --quiet --disable-pip-version-check uv ||
        give_up "uv could not be installed with pip: check the network and run make again."
    uv=$1/bin/uv
}

if [ ! -x .venv/bin/python ]; then
    if [ -n "$python" ]; then
        if [ -n "$uv" ]; then quietly "$uv" venv --python "$python" .venv; else quietly "$python" -m venv .venv; fi
    else
        no_python="Python 3.11, 3.12 or 3.13 is needed, and none could be fetched: install one (on Debian and Ubuntu: apt-get install python3 python3-venv) and run make again."
        say "No Python 3.11 to 3.13 here: uv fetches one ..."
        if [ -z "$uv" ]; then
            command -v python3 >/dev/null 2>&1 || give_up "$no_python"
            [ -x .cache/uv/bin/python ] || quietly python3 -m venv .cache/uv
            get_uv .cache/uv
        fi
        quietly "$uv" venv --python 3.13 --python-preference only-managed .venv || give_up "$no_python"
    fi
fi
[ -n "$uv" ] || get_uv .venv

count=$(grep -c '^[a-z0-9].*==' requirements.lock)
say "Installing some $count packages, in the versions of requirements.lock (1 to 2 minutes) ..."
quietly "$uv" pip install --python .venv/bin/python --require-hashes -r requirements.lock &&
    quietly "$uv" pip install --python .venv/bin/python --no-deps --editable . ||
    give_up "the packages could not be installed; the lines above say why. Often it is the network or a full disk. Then run make again."

say "Ready ($(du -sh .venv | cut -f1) in .venv)."
