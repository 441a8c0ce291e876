"""A file that starts the studio by a double click, for people without a terminal."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from mien.errors import UsageError
from mien.io.atomic import atomic_file
from mien.io.replacing import begins_with

NAMES = {
    "win32": "Mien Studio.bat",
    "darwin": "Mien Studio.command",
    "linux": "Mien Studio.desktop",
}
"""The starter's file name by `sys.platform`."""

HEADS = {
    "win32": "@rem Mien Studio\r\n",
    "darwin": "#!/bin/sh\n# Mien Studio\n",
    "linux": "[Desktop Entry]\nName=Mien Studio\n",
}


def write_starter(place: Path, folder: Path, platform: str = sys.platform) -> Path:
    """Write the starter file, and return its path.

    Args:
        place: The folder for it, such as the desktop.
        folder: The folder of portraits, projects and exports.
        platform: As `sys.platform`.

    Raises:
        UsageError: The system is not supported, or the folder does not exist.
        OutputError: The place cannot be written, or holds another file of this name.
    """
    if platform not in NAMES:
        raise UsageError(
            f"expected Windows, macOS or Linux for --starter, got {platform}: run mien studio"
        )
    if not place.is_dir():
        raise UsageError(f"expected --starter FOLDER, such as the desktop, got {place}")
    target = place / NAMES[platform]
    text = starter_text(platform, Path(sys.executable), folder.absolute())
    with atomic_file(target, is_own=begins_with(HEADS[platform])) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")
        temporary.chmod(0o755)
    target.chmod(0o755)
    return target


def starter_text(platform: str, python: Path, folder: Path) -> str:
    """Return the starter's content. If the studio cannot start, the window stays open so that the reason can be read.

    Args:
        platform: ``win32``, ``darwin`` or ``linux``.
        python: The interpreter that has Mien.
        folder: The studio's folder.

    Raises:
        UsageError: A path has a character that the system's command files cannot quote.
    """
    if strange := {sign for sign in f"{python}{folder}" if sign in _UNQUOTABLE[platform]}:
        signs = " ".join(sorted(map(repr, strange)))
        raise UsageError(
            f"expected a folder without {signs} for --starter, got {folder}: name another"
        )
    head = HEADS[platform]
    if platform == "win32":
        lines = (
            "@chcp 65001 >nul",
            f'@"{python}" -m mien studio --folder "{folder}"',
            "@if errorlevel 1 pause",
        )
        return head + "".join(f"{line}\r\n" for line in lines)
    words = shlex.join([str(python), "-m", "mien", "studio", "--folder", str(folder)])
    wait = 'printf "Press Enter to close this window. "; read -r _'
    if platform == "darwin":
        return f"{head}{words} || {{ {wait}; }}\n"
    inner = f"{words} || {{ {wait}; }}"
    quoted = inner.replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\`").replace("$", "\\$")
    # Quoted again, as a value in a .desktop file.
    entry = quoted.replace("\\", "\\\\").replace("%", "%%")
    return f'{head}Type=Application\nTerminal=true\nExec=sh -c "{entry}"\n'


_UNQUOTABLE = {"win32": '"%\n\r', "darwin": "\n\r", "linux": "\n\r"}
