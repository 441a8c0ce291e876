#!/bin/sh
# Start Mien's studio by a double click (macOS), or as ./start_studio.command (Linux). The first start installs it
# into .venv beside this file, which needs the network and some minutes; later starts need neither.
cd "$(dirname "$0")" || exit 1

finish() {
    echo "$1" >&2
    printf 'Press Enter to close this window. '
    read -r _
    exit 1
}

if [ ! -f .venv/.studio-installed ]; then
    python=
    for name in python3.11 python3.12 python3.13 python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python=$name
            break
        fi
    done
    [ -n "$python" ] || finish "Mien needs Python 3.11 or newer, found none: install it from https://www.python.org/downloads/"
    echo "Installing Mien's studio. This happens once and takes some minutes."
    # Also over a .venv that an earlier start left without pip.
    "$python" -m venv .venv || finish "cannot make the folder .venv: see the message above"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[studio]" \
        || finish "the installation failed: see the message above, then start this file again"
    : > .venv/.studio-installed
fi
.venv/bin/python -m mien studio "$@" || finish "the studio has ended: see the message above"
