"""Progress bars, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mien.io.file_names import visible


@contextmanager
def frame_progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on stderr while the block runs, if that is a terminal.

    Args:
        what: The text before the bar.

    Yields:
        A function to call with the number of steps done and the total, 0 if unknown.
    """
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(escape(visible(what)), total=None)

        def show(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield show
