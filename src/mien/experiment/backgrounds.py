"""Background expressions, which the face holds during the whole stimulus while another one comes and goes.

EMERT introduced expressive faces as the background (Zhang et al., 2017, Acta Psychologica Sinica 49, 886,
doi:10.3724/SP.J.1041.2017.00886).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.au.presets import preset
from mien.errors import UsageError
from mien.experiment.design import Design
from mien.stimuli.conditions import moving_peaks
from mien.stimuli.neutral import NEUTRAL, is_neutral
from mien.stimuli.stimulus import Stimulus


def on_backgrounds(design: Design, stimuli: Iterable[Stimulus]) -> Iterator[Stimulus]:
    """Yield each stimulus on each of a design's backgrounds.

    Raises:
        UsageError: Nothing would move on a background, because it holds the same AUs at least as strongly.
    """
    for stimulus in stimuli:
        for name in design.backgrounds:
            yield stimulus if name == NEUTRAL else _on(design, stimulus, name)


def held(expression: Expression, seconds: float, fps: int) -> Expression:
    """Return an expression that is held from the first frame to the last.

    Args:
        expression: Gives the AUs and their peaks.
        seconds: Time of the last frame.
        fps: Frames a second.
    """
    end = (
        seconds + 0.5 / fps
    )  # an envelope is 0 at its offset, which must come after the last frame
    envelopes = (
        Envelope(each.au, 0.0, 0.0, end, end, each.peak_intensity) for each in expression.envelopes
    )
    return Expression(tuple(envelopes), expression.name)


def _on(design: Design, stimulus: Stimulus, name: str) -> Stimulus:
    moved = stimulus.expression
    background = held(
        preset(name, design.background_intensity), moved.duration_seconds, design.refresh_hz
    )
    made = replace(stimulus, name=f"{stimulus.name}_on_{name}", background=background)
    if not is_neutral(moved) and not moving_peaks(made):
        raise UsageError(
            f"{moved.name} at {stimulus.intensity:g} does not move a face that holds {name} at "
            f"{design.background_intensity}: choose higher intensities, a lower background_intensity, or other "
            "backgrounds"
        )
    return made
