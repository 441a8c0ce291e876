"""Run the studio on this computer until Ctrl-C."""

from __future__ import annotations

import threading
import webbrowser
from pathlib import Path

from mien.io.credentials import Credentials
from mien.io.file_names import visible
from mien.studio.app import create_app
from mien.studio.opening import write_opener
from mien.studio.serving import HOST, listen, server


def serve(
    folder: Path,
    port: int,
    *,
    open_browser: bool = True,
    credentials: Credentials | None = None,
) -> int:
    """Serve the studio.

    Args:
        folder: Where the studio's files are kept.
        port: The port to listen on; 0 for a free one.
        open_browser: Whether to open the page in the user's browser.
        credentials: Credentials that sign exports; None leaves them unsigned.

    Returns:
        The exit code.

    Raises:
        MienError: The folder cannot be written, another studio has it open, or the port is in use.
    """
    app = create_app(folder, credentials=credentials)
    listener = listen(port)
    url = app.state.key.url(f"http://{HOST}:{listener.getsockname()[1]}")
    print(visible(f"Mien studio: {url} (files in {folder}; Ctrl-C ends it)"), flush=True)
    opener = write_opener(url, app.state.studio.folder.root) if open_browser else None
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
