"""Things that stand where a file should: pipes, devices, sockets, folders, links in a circle, impossible names."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from random import Random

KINDS = (
    *("pipe", "zero", "null", "random", "socket", "folder", "nothing", "circle", "dangling"),
    *("nul", "long", "surrogate", "empty", "unreadable", "deep"),
)


def special(folder: Path, name: str, rng: Random) -> Path:
    """Make one of them under a name, or return a path that cannot be a file."""
    path = folder / name
    kind = rng.choice(KINDS)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind in ("zero", "null", "random"):
        path.symlink_to(f"/dev/{'urandom' if kind == 'random' else kind}")
    elif kind == "socket":
        here = Path.cwd()
        os.chdir(folder)  # a socket's path may have 108 bytes
        try:
            socket.socket(socket.AF_UNIX).bind(name)
        finally:
            os.chdir(here)
    elif kind == "folder":
        path.mkdir()
    elif kind == "circle":
        path.symlink_to(path)
    elif kind == "dangling":
        path.symlink_to(folder / "nowhere")
    elif kind == "nul":
        return folder / f"a\0{name}"
    elif kind == "long":
        return folder / ("x" * 5000 + name)
    elif kind == "surrogate":
        return folder / f"\ud800{name}"
    elif kind == "empty":
        path.touch()
    elif kind == "unreadable":
        path.write_bytes(b"x")
        path.chmod(0)
    elif kind == "deep":
        return path / "below" / name
    return path
