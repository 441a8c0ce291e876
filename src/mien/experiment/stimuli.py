"""The stimuli of a study: every portrait, expression, intensity, duration and side of its design."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from mien.au.intensity import parse_intensity
from mien.au.presets import preset
from mien.common.picture import Picture
from mien.errors import MienError, SeveralFacesError, UsageError
from mien.experiment.backgrounds import on_backgrounds
from mien.experiment.design import Design
from mien.experiment.filling import filling_notes
from mien.experiment.on_frames import on_frames, with_one_apex
from mien.generate.resting import resting_notes, turn_notes
from mien.io.images import PICTURE_SUFFIXES
from mien.stimuli.neutral import is_neutral
from mien.stimuli.stimulus import Stimulus, plan_stimuli

STILL_SECONDS = 0.5
"""Duration of the clips from which a still picture of the apex is taken."""


def portraits_in(folder: Path) -> dict[str, Path]:
    """Return the pictures of a folder by their names without extensions.

    Raises:
        UsageError: There is no such folder, it has no picture, or two pictures have the same name.
    """
    if not folder.is_dir():
        raise UsageError(f"expected a folder of portraits, got {folder}")
    pictures = sorted(each for each in folder.iterdir() if each.suffix.lower() in PICTURE_SUFFIXES)
    if not pictures:
        raise UsageError(f"expected pictures in {folder}, got none")
    names = [each.stem for each in pictures]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"expected one picture for each name in {folder}, got {twice} twice")
    return dict(zip(names, pictures, strict=True))


def study_stimuli(design: Design, portraits: Mapping[str, Path]) -> tuple[Stimulus, ...]:
    """Return the stimuli of a study, with times that are whole frames of the screen.

    Args:
        design: The design.
        portraits: A picture of each person, by name.
    """
    seconds = [STILL_SECONDS] if design.is_still else [ms / 1000 for ms in design.durations_ms]
    planned = plan_stimuli(
        dict(portraits),
        {name: preset(name) for name in design.expressions},
        [parse_intensity(level) for level in design.intensities],
        seconds,
        list(design.sides),
        neutral=bool(design.catch_trials),
    )
    return tuple(on_backgrounds(design, (_prepared(design, each) for each in planned)))


def check_faces(design: Design, stimuli: tuple[Stimulus, ...]) -> tuple[str, ...]:
    """Find the face in each portrait, before anything is made.

    Returns:
        Notes on portraits that are not neutral, then on those that are too small, one line each.

    Raises:
        UsageError: A picture has no face that can be used, or several.
    """
    shown: list[str] = []
    lacking: list[str] = []
    for path in dict.fromkeys(each.portrait for each in stimuli):
        try:
            portrait = Picture.of(path).portrait()
        except SeveralFacesError as error:
            raise UsageError(
                f"{path.name}: expected one face, got several: crop the picture to one"
            ) from error
        except MienError as error:
            raise UsageError(str(error)) from error
        shown += resting_notes(path.name, portrait.face) + turn_notes(path.name, portrait.face)
        lacking += filling_notes(path.name, portrait, design.look)
    return (*shown, *lacking)


def trial_count(design: Design, stimuli: Iterable[Stimulus]) -> int:
    """Return the number of trials of a participant, without training."""
    durations = len(design.durations_ms) if design.is_still else 1
    shown = (design.catch_trials if is_neutral(each.expression) else 1 for each in stimuli)
    return design.repetitions * durations * sum(shown)


def _prepared(design: Design, stimulus: Stimulus) -> Stimulus:
    """Return a stimulus whose apex is shown at full intensity; a still one gets no duration in its name."""
    moved, name = stimulus.expression, stimulus.name
    if design.is_still:
        # Remove the last match only: a portrait's name may look like a duration.
        before, _, after = name.rpartition(f"_{round(1000 * STILL_SECONDS)}ms")
        name = before + after
        moved = with_one_apex(moved)
    if not is_neutral(moved):
        moved = on_frames(moved, design.refresh_hz)
    return replace(stimulus, name=name, expression=moved)
