"""Write a video of each trial, for programs that cannot show pictures frame by frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from mien.common.clip_writer import ClipWriter
from mien.errors import MienError
from mien.experiment.design import Design
from mien.experiment.trial_table import Trial
from mien.io.clip_hash import sha256_clip
from mien.io.formats import SinkOptions
from mien.io.images import read_image
from mien.io.mark import SyntheticMark
from mien.io.sidecar import Sidecar, read_sidecar, sidecar_path
from mien.types import Image

PLACE = "clips"

PLAYS_EVERYWHERE = SinkOptions(chroma="420")
"""A format that browsers play on all systems, including phones."""


def clip_of(design: Design, trial: Trial) -> str:
    """Return the name of a trial's clip in `PLACE`."""
    name = Path(trial.file).name
    # A still picture of the apex is one stimulus for all durations.
    more = f"_{trial.duration_ms:g}ms".replace(".", "p") if design.is_still else ""
    return f"{name}{more}.mp4"


def write_clips(design: Design, trials: Sequence[Trial], out: Path) -> None:
    """Write the clips of all trials, except those that already exist and are complete.

    Args:
        design: The design.
        trials: All trials.
        out: The study's folder, with the stimuli.

    Raises:
        OutputError: A place cannot be written.
    """
    (out / PLACE).mkdir(exist_ok=True)
    for trial in trials:
        _write(design, trial, out)


def _write(design: Design, trial: Trial, out: Path) -> None:
    place = out / PLACE / clip_of(design, trial)
    source = read_sidecar(sidecar_path(f"{out / trial.file}/"))
    steps = [list(step) for step in trial.showing.steps]
    settings: dict[str, object] = {
        "stimulus": trial.file,
        "stimulus_sha256": source.sha256,
        "steps": steps,
    }
    settings["chroma"] = PLAYS_EVERYWHERE.chroma
    if _is_made(place, settings):
        return
    first = read_image(out / trial.file / f"{steps[0][0]:06d}.png")
    fps, frames = Fraction(design.refresh_hz), trial.showing.frames
    record = Sidecar(
        engine=source.engine,
        seed=source.seed,
        fps=fps,
        frames=frames,
        width=1,
        height=1,
        inputs=source.inputs,
        settings=settings,
        source=source.source,
    )
    mark = SyntheticMark(
        source=record.source, ingredients=tuple(each.sha256 for each in record.inputs)
    )
    writer = ClipWriter(place, fps, first.shape, PLAYS_EVERYWHERE, mark=mark)
    writer.write(_frames(out / trial.file, steps), frames, lambda: record)


def _frames(folder: Path, steps: Sequence[Sequence[int]]) -> Iterator[Image]:
    @lru_cache(maxsize=2)
    def picture(number: int) -> Image:
        return read_image(folder / f"{number:06d}.png")

    for number, count in steps:
        for _ in range(count):
            yield picture(number)


def _is_made(place: Path, settings: dict[str, object]) -> bool:
    """Return whether a clip exists, matches its sidecar, and is made of the same pictures."""
    if not place.is_file() or not sidecar_path(place).is_file():
        return False
    try:
        made = read_sidecar(sidecar_path(place))
    except MienError:
        return False
    return dict(made.settings) == settings and made.sha256 == sha256_clip(place)
