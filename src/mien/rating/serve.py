"""Serve the rating page on this computer until Ctrl-C."""

from __future__ import annotations

import threading
import webbrowser
from fractions import Fraction

from mien.io.file_names import visible
from mien.rating.app import create_rating_app
from mien.rating.store import RatingStore
from mien.studio.opening import write_opener
from mien.studio.serving import HOST, listen, server


def serve_rating(
    store: RatingStore, port: int, fps: Fraction | None = None, *, open_browser: bool = True
) -> int:
    """Serve the page.

    Args:
        store: What is rated, and where ratings go.
        port: The port to listen on; 0 for a free one.
        fps: Frame rate of folders of pictures that have none.
        open_browser: Open the page in the user's browser.

    Returns:
        The exit code.

    Raises:
        UsageError: The port is in use.
    """
    app = create_rating_app(store, fps)
    listener = listen(port)
    url = app.state.key.url(f"http://{HOST}:{listener.getsockname()[1]}")
    print(
        visible(
            f"Rating of {len(store.clips)} clips: {url} (ratings in {store.folder}; Ctrl-C ends it)"
        ),
        flush=True,
    )
    # The address holds the key, and other users can read the command line of a browser.
    opener = write_opener(url, store.folder) if open_browser else None
    if opener is not None:
        # Wait until the server answers: otherwise the browser shows an error.
        threading.Timer(0.5, webbrowser.open, [opener.as_uri()]).start()
    serving = server(app)
    try:
        serving.run(sockets=[listener])
    finally:
        if opener is not None:
            opener.unlink(missing_ok=True)
    return serving.exit_code
