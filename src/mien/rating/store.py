"""The folder of ratings: a file for each rater, and a record of what was rated and how."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mien.errors import OutputError
from mien.io.atomic import atomic_file
from mien.io.json_file import read_json
from mien.io.used_folder import used_folder
from mien.rating.clips import RatedClip, find_clips
from mien.rating.order import rating_order
from mien.rating.session import Session, rater_code
from mien.rating.settings import RatingSettings
from mien.version import __version__

RECORD = "session.json"
RATINGS = "ratings"
FACS = "facs"


class RatingStore:
    """Sessions of all raters of a folder of clips.

    Args:
        folder: The folder of ratings.
        clips: What is rated.
        settings: What is asked.

    Raises:
        OutputError: The folder holds ratings of other clips, or with other settings.
    """

    def __init__(
        self, folder: Path, clips: tuple[RatedClip, ...], settings: RatingSettings
    ) -> None:
        self.folder, self.clips, self.settings = folder, clips, settings
        self.answers = settings.with_answers_of(clips)
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()
        before = self._record_there()
        if before is not None:
            self._check(before)
        self._write_record()

    def session(self, rater: str) -> Session:
        """Return a rater's session, which continues where it stopped.

        Raises:
            UsageError: The code is not valid; see `rater_code`.
            OutputError: The rater's file has other columns, or the ratings of another rater.
        """
        code = rater_code(rater)
        with self._lock:
            if code not in self._sessions:
                order = rating_order(self.clips, code, self.settings.seed)
                path = self.folder / f"{code}.csv"
                self._sessions[code] = Session(path, code, order, facs=self.settings.facs)
            return self._sessions[code]

    def _facts(self) -> dict[str, Any]:
        settings = asdict(self.settings) | {"answers": list(self.answers)}
        return {
            "made_by": f"Mien {__version__}",
            "settings": settings,
            "clips": {each.file: each.digest for each in self.clips},
        }

    def _record_there(self) -> dict[str, Any] | None:
        path = self.folder / RECORD
        if not path.is_file():
            return None
        record = read_json(path, OutputError, "name another folder with --out")
        if not isinstance(record, dict) or not {"settings", "clips"} <= record.keys():
            raise OutputError(
                f"expected the record of a rating in {path}: name another folder with --out"
            )
        return record

    def _check(self, before: dict[str, Any]) -> None:
        """Refuse to mix ratings of other clips or with other settings in one folder; clips may be added."""
        now = self._facts()
        differ = [
            name for name, value in now["settings"].items() if before["settings"].get(name) != value
        ]
        if differ:
            raise OutputError(
                f"expected the settings of the ratings in {self.folder}, got another {' and '.join(differ)}: use the "
                "same settings, or name another folder with --out"
            )
        for file, digest in before["clips"].items():
            if now["clips"].get(file) != digest:
                state = "changed" if file in now["clips"] else "removed"
                raise OutputError(
                    f"expected the clips to which the ratings in {self.folder} belong, but {file} was {state}: name "
                    "another folder with --out"
                )

    def _write_record(self) -> None:
        with atomic_file(self.folder / RECORD, is_own=lambda _: True) as temporary:
            temporary.write_text(json.dumps(self._facts(), indent=2) + "\n", encoding="utf-8")


@contextmanager
def opened_store(clips: Path, out: Path | None, settings: RatingSettings) -> Iterator[RatingStore]:
    """Open the ratings of a folder, and lock them for other processes.

    Args:
        clips: The folder of clips.
        out: Where the ratings are; None for ``ratings`` in the folder of clips, and ``ratings/facs`` for FACS sheets.
        settings: What is asked.

    Raises:
        UsageError: There are no clips.
        OutputError: The folder cannot be written, is in use, or holds other ratings.
    """
    found = find_clips(clips)
    place = out or (clips / RATINGS / FACS if settings.facs else clips / RATINGS)
    with used_folder(place):
        yield RatingStore(place, found, settings)
