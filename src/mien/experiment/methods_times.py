"""The table of AUs and times in the methods of a study."""

from __future__ import annotations

from collections.abc import Sequence

from mien.au.intensity import level_from_intensity, parse_intensity
from mien.experiment.design import Design
from mien.experiment.trial_table import Trial
from mien.stimuli.neutral import NEUTRAL


def intensity_words(intensity: str | float) -> str:
    """Return an intensity as a number, with its FACS level if it is exactly one.

    Example:
        >>> intensity_words("C"), intensity_words("2.5")
        ('3 (C)', '2.5')
    """
    number = parse_intensity(intensity)
    level = level_from_intensity(number)
    return f"{number:g} ({level})" if number and parse_intensity(level) == number else f"{number:g}"


def times_table(design: Design, trials: Sequence[Trial]) -> str:
    """Return a Markdown table of the AUs and times of each expression at each duration, with a caption.

    Args:
        design: The design.
        trials: All trials; those without a movement have no row.
    """
    # On a background, fewer AUs may move at a lower intensity.
    on_background = design.backgrounds != (NEUTRAL,)
    header = ["Expression", "AUs", "Duration", "Onset", "Apex", "Offset"]
    header += ["Background", "Peak"] if on_background else []
    rows = []
    for trial in trials:
        if trial.neutral:
            continue
        values = trial.values(design.refresh_hz)
        row = [values["expression"], values["aus"], _ms(values["duration_ms"])]
        row += [_ms(values["onset_ms"]), _apex(values["apex_start_ms"], values["apex_end_ms"])]
        row += [_ms(values["offset_ms"])]
        if on_background:
            row += [values["background"], intensity_words(values["intensity"])]
        rows.append(row)
    lines = [header, ["---"] * len(header), *map(list, dict.fromkeys(map(tuple, rows)))]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{table}\n\n{_caption(design)}\n"


def _apex(start_ms: float, end_ms: float) -> str:
    return _ms(start_ms) if start_ms == end_ms else f"{_ms(start_ms)} to {_ms(end_ms)}"


def _ms(time_ms: float) -> str:
    """Return a time to 0.1 ms, without a zero at its end."""
    return f"{time_ms:.1f}".removesuffix(".0")


def _caption(design: Design) -> str:
    if design.is_still:
        return "Times in ms. The picture at the apex was shown from onset to offset."
    return (
        "Times in ms, from the onset. The apex is the time at which the summed intensity of all AUs is largest. "
        "Expressions of equal duration can have different times at the apex."
    )
