"""How to install what is missing: from this copy of Mien, never from a name in a package index.

The project does not own the name "mien" in any index. pip given that bare name would install whatever package
has it there.
"""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from pathlib import Path

_EXTRA = re.compile(r"mien\[([\w,-]+)\]")


def install_command(extra: str) -> str:
    """Return the command that installs an extra of Mien, such as ``torch``.

    The command names the folder or the wheel that this copy was installed from. If that is not known, it says what to
    put in place of ``PATH``.
    """
    checkout = Path(__file__).parents[2]
    if (checkout / "pyproject.toml").is_file() and (checkout / "src" / "mien").is_dir():
        return f'{_pip()} install -e "{checkout}[{extra}]"'
    source = _installed_from()
    if source is None:
        return f'{_pip()} install "PATH[{extra}]" with the path of Mien\'s folder or wheel as PATH'
    return f'{_pip()} install "{source}[{extra}]"'


def _pip() -> str:
    """Return pip as this Python runs it. Elsewhere, ``pip`` may belong to another Python."""
    python = sys.executable
    # A quoted program needs different signs in each shell.
    return f"{python} -m pip" if python and not re.search(r"[^\w.:/\\+~-]", python) else "pip"


def own_extra(requirement: str) -> str | None:
    """Return the extra that a requirement such as ``mien[torch]`` names; None if it is another package's."""
    found = _EXTRA.fullmatch(requirement)
    return found[1] if found else None


def _installed_from() -> Path | None:
    """Return the folder or wheel that pip recorded (PEP 610); None if there is no record or the path is gone."""
    import json
    from importlib.metadata import PackageNotFoundError, distribution
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    with suppress(PackageNotFoundError, ValueError, KeyError, TypeError):
        noted = json.loads(distribution("mien").read_text("direct_url.json") or "")
        url = urlsplit(noted["url"])
        path = Path(url2pathname(url.path))
        if url.scheme == "file" and path.exists():
            return path
    return None
