#!/bin/sh
# Builds .venv from requirements.lock. Called by `make setup`; safe to run again.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
give_up() { printf 'make setup: %s\n' "$*" >&2; exit 1; }

# Debian packages: installed where that needs no password, else named in one sentence.
apt_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" = 0 ]; then as_root=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo"
    else return 1; fi
    say "Installing $* from the system's packages ..."
    $as_root apt-get install -y -q "$@" >/dev/null 2>&1 ||
        { $as_root apt-get update -q >/dev/null 2>&1 && $as_root apt-get install -y -q "$@" >/dev/null 2>&1; }
}

python=""
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || give_up "Python 3.11 or later is needed: install it (on Debian: apt-get install python3) and run make again."

if [ ! -x .venv/bin/python ]; then
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --python "$python" .venv
    else
        "$python" -c 'import ensurepip' 2>/dev/null || apt_install python3-venv ||
            give_up "Python's venv module is incomplete here: run 'apt-get install python3-venv' as root and run make again."
        "$python" -m venv .venv
    fi
fi

if command -v uv >/dev/null 2>&1; then
    uv=uv
else
    [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check uv ||
        give_up "uv could not be installed with pip: check the network and run make again."
    uv=.venv/bin/uv
fi

say "Installing the locked packages into .venv ..."
"$uv" pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock
"$uv" pip install --quiet --python .venv/bin/python --no-deps --editable .

command -v bwrap >/dev/null 2>&1 || apt_install bubblewrap ||
    say "Note: bubblewrap, which will confine student code, is missing: run 'apt-get install bubblewrap' as root to get it."
say "Ready: .venv holds the course and all it needs."
