"""What the screen shows in a trial: which picture of a stimulus, and for how many frames."""

from __future__ import annotations

from dataclasses import dataclass

from mien.experiment.design import Design
from mien.experiment.screen import whole_frames


@dataclass(frozen=True)
class Showing:
    """What the screen shows in a trial.

    Attributes:
        steps: (number of a picture, number of screen frames that it stays), in order.
        first: Index of the first step that shows the expression.
        last: Index of the last step that shows the expression.
    """

    steps: tuple[tuple[int, int], ...]
    first: int
    last: int

    @property
    def frames(self) -> int:
        """Number of frames of the whole trial."""
        return sum(count for _, count in self.steps)

    @property
    def expression_frames(self) -> int:
        """Number of frames that show the expression."""
        return sum(count for _, count in self.steps[self.first : self.last + 1])


def showing_of(design: Design, duration_ms: float, apex: int, pictures: int) -> Showing:
    """Return what a trial shows.

    Args:
        design: The design.
        duration_ms: How long the expression is shown.
        apex: Number of the picture at the apex.
        pictures: Number of the stimulus's pictures. They are the movement at the screen's rate, from and to the
            neutral face, and then the mask.
    """
    shown = whole_frames(duration_ms, design.refresh_hz, "a duration")
    masked = (
        0 if design.mask == "none" else whole_frames(design.mask_ms, design.refresh_hz, "mask_ms")
    )
    moving = pictures - masked
    held = design.held_frames
    before = ((0, held),) if held else ()
    if design.is_still:
        expression: tuple[tuple[int, int], ...] = ((apex, shown),)
    else:
        expression = tuple((number, 1) for number in range(1, moving))  # 0 is the neutral face
    after = ((0 if design.is_still else moving - 1, held),) if held else ()
    if masked:
        # Instead of the neutral face: a mask hides the afterimage only if it follows at once.
        after = ((moving, masked),)
    steps = (*before, *expression, *after)
    return Showing(steps, len(before), len(before) + len(expression) - 1)
