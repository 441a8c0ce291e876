"""The rating page as static files with jsPsych. The web server collects nothing: each rater saves a CSV file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

from mien.experiment.facs_table import FACS_COLUMNS
from mien.io.atomic import atomic_file, atomic_folder
from mien.io.replacing import begins_with
from mien.rating.clips import KNOWN, RatedClip, find_clips
from mien.rating.pictures import clip_pictures
from mien.rating.session import RATING_COLUMNS
from mien.rating.settings import RatingSettings

PAGE = "page"
KEY = "key.csv"
KEY_COLUMNS = ("stimulus", "stimulus_file", *KNOWN)
LIBRARY = ("jspsych.js", "LICENSE.txt")
OWN = ("rating.js", "facs.js", "online.js", "rating.css")
CLIPS = "clips.js"
_MARK = "// Made with Mien: a rating page\n"


@dataclass(frozen=True)
class OnlineRating:
    """A page that was written.

    Attributes:
        page: The folder to put on a web server.
        key: The table that says which clip each stimulus is; it stays with the researcher.
        clips: Number of clips.
    """

    page: Path
    key: Path
    clips: int


def write_online(
    clips: Path,
    out: Path,
    settings: RatingSettings,
    fps: Fraction | None = None,
    on_clip: Callable[[int, int], None] | None = None,
) -> OnlineRating:
    """Write the page and its key.

    Args:
        clips: The folder of clips.
        out: Where the folder ``page`` and ``key.csv`` go.
        settings: What is asked.
        fps: Frame rate of folders of pictures that have none.
        on_clip: Called after each clip with the number of clips done and the total.

    Raises:
        MienError: There are no clips, a clip cannot be read, or the output cannot be written.
    """
    found = find_clips(clips)
    key = out / KEY
    with atomic_folder(out / PAGE, is_rating_page) as temporary:
        shown = []
        for number, clip in enumerate(found, start=1):
            shown.append(_write_clip(temporary, clip, settings, fps))
            if on_clip is not None:
                on_clip(number, len(found))
        shown.sort(key=lambda each: str(each["stimulus"]))  # the order must not reveal them
        name = clips.resolve().name
        _write_scripts(temporary, name, shown, settings.page(found), settings.facs)
    with atomic_file(key, is_own=begins_with(",".join(KEY_COLUMNS))) as target:
        target.write_text(_key_csv(found, settings), encoding="utf-8", newline="")
    return OnlineRating(out / PAGE, key, len(found))


def is_rating_page(folder: Path) -> bool:
    """Return whether a folder is a rating page that Mien wrote."""
    try:
        with (folder / "rating" / CLIPS).open(encoding="utf-8") as file:
            return file.readline() == _MARK
    except (OSError, UnicodeDecodeError):
        return False


def stimulus_id(clip: RatedClip, settings: RatingSettings) -> str:
    """Return a clip's name on the page, which does not reveal the clip."""
    return hashlib.sha256(f"{settings.seed}\n{clip.file}\n{clip.digest}".encode()).hexdigest()[:12]


def _write_clip(
    folder: Path, clip: RatedClip, settings: RatingSettings, fps: Fraction | None
) -> dict[str, Any]:
    pictures = clip_pictures(clip, fps)
    stimulus = stimulus_id(clip, settings)
    place = folder / "clips" / stimulus
    place.mkdir(parents=True)
    places = []
    for number, data in enumerate(pictures.pictures):
        (place / f"{number:04d}.png").write_bytes(data)
        places.append(f"clips/{stimulus}/{number:04d}.png")
    return pictures.page(places) | {"stimulus": stimulus, "fps": str(pictures.fps)}


def _write_scripts(
    folder: Path, name: str, shown: list[dict[str, Any]], settings: dict[str, Any], facs: bool
) -> None:
    package = files("mien")
    place = folder / "rating"
    place.mkdir()
    for each in LIBRARY:
        text = package.joinpath("assets", "jspsych", each).read_text("utf-8")
        (place / each).write_text(text, encoding="utf-8")
    own = package.joinpath("rating", "page")
    for each in OWN:
        (place / each).write_text(own.joinpath(each).read_text("utf-8"), encoding="utf-8")
    (folder / "index.html").write_text(
        own.joinpath("online.html").read_text("utf-8"), encoding="utf-8"
    )
    # Leave out what is known of a clip. The column "side" of a FACS sheet stays: it is what the coder saw.
    columns = list(FACS_COLUMNS) if facs else [each for each in RATING_COLUMNS if each not in KNOWN]
    if not facs:
        columns[columns.index("stimulus_file")] = "stimulus"
    rating = {"name": name, "columns": columns, "settings": settings, "clips": shown}
    # A browser stores unfinished answers under this id, so pages with other clips or settings do not mix.
    rating["id"] = hashlib.sha256(json.dumps(rating, sort_keys=True).encode()).hexdigest()[:16]
    # A script, not JSON: a page that was opened from disk by a double click must not read other files.
    text = f"{_MARK}const rating = {json.dumps(rating, ensure_ascii=True)};\n"
    (place / CLIPS).write_text(text, encoding="utf-8")


def _key_csv(clips: tuple[RatedClip, ...], settings: RatingSettings) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, KEY_COLUMNS)
    writer.writeheader()
    for clip in clips:
        row = {"stimulus": stimulus_id(clip, settings), "stimulus_file": clip.file}
        writer.writerow(row | dict(clip.known))
    return text.getvalue()
