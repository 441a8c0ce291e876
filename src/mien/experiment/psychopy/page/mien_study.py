"""The code of a study in PsychoPy: read texts and orders, check the screen, and show pictures frame by frame.

Both study.psyexp and study.py use this file. Keep it beside study.json.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

TOLERANCE = 0.04
"""Share by which the measured refresh rate may differ."""

PATCH_PX = 60
"""Width and height of the square for a photodiode."""


class Study:
    """The study of a folder.

    Attributes:
        folder: The folder of study.json.
        refreshes: Number of refreshes of the screen for each frame of the design; set by `check`.
        measured_hz: The screen's refresh rate; set by `check`.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        values = json.loads((self.folder / "study.json").read_text(encoding="utf-8"))
        self.name: str = values["name"]
        self.refresh_hz: int = values["refresh_hz"]
        self.size_px: int = values["size_px"]
        self.photodiode: bool = values["photodiode"]
        self.texts: dict[str, str] = values["texts"]
        self.answers: dict[str, str] = values["answers"]
        self.orders: int = values["orders"]
        self.showings: list[dict[str, Any]] = values["showings"]
        self.refreshes = 1
        self.measured_hz = 0.0

    @property
    def keys(self) -> list[str]:
        """The keys of the answers, including those of the number pad."""
        return [*self.answers, *(f"num_{key}" for key in self.answers if key.isdigit())]

    def answer_of(self, key: str) -> str:
        """Return the answer of a key."""
        return self.answers[key.removeprefix("num_")]

    def order_of(self, participant: str) -> int:
        """Return the number of a participant's order, from 1: in turn for numbers, by a hash for other codes."""
        if re.fullmatch("[0-9]{1,9}", participant):
            number = int(participant) - 1
        else:
            number = 7
            for letter in participant:
                number = (number * 31 + ord(letter)) % 1000003
        return number % self.orders + 1

    def order_file(self, participant: str) -> str:
        """Return the path of the table of a participant's trials, relative to the folder."""
        return f"orders/order_{self.order_of(participant)}.csv"

    def pictures_of(self, number: int) -> dict[int, Path]:
        """Return the paths of a showing's pictures, by their numbers."""
        showing = self.showings[number]
        folder = self.folder.parent / showing["folder"]
        return {each: folder / f"{each:06d}.png" for each, _ in showing["steps"]}

    def check(self, win: Any, participant: str) -> None:
        """Stop with a message if a participant has no code, a picture is missing, or the screen does not fit."""
        missing = (
            place
            for number in range(len(self.showings))
            for place in self.pictures_of(number).values()
            if not place.is_file()
        )
        if not participant:
            stop(win, "Start the study again and enter the participant's number or code.")
        if (first := next(missing, None)) is not None:
            stop(win, f"A picture is missing: {first}. Keep the study's folder together.")
        if min(win.size) < self.size_px:
            stop(
                win,
                f"The faces have {self.size_px} pixels, and this screen only {min(win.size)}: use a larger screen, "
                "or build the study with a smaller size.",
            )
        measured = win.getActualFrameRate(nIdentical=20, nMaxFrames=240, nWarmUpFrames=20)
        if measured is None:
            stop(
                win,
                "The refresh rate of this screen cannot be measured, because its frames come at uneven times. Close "
                "other programs, use one screen only, and start again.",
            )
        self.measured_hz = float(measured)
        self.refreshes = max(1, round(self.measured_hz / self.refresh_hz))
        if abs(self.measured_hz / (self.refresh_hz * self.refreshes) - 1) > TOLERANCE:
            stop(
                win,
                f"This study needs a screen at {self.refresh_hz} Hz or a multiple of it. Yours was measured at "
                f"{self.measured_hz:.1f} Hz. Change the rate in the system's settings, and start again.",
            )

    def load(self, win: Any, number: int) -> Frames:
        """Load the pictures of a showing, and return the object that draws them."""
        return Frames(win, self, number)


class Frames:
    """The pictures of a trial, drawn frame by frame.

    Args:
        win: The window.
        study: The study.
        number: Number of the showing.
    """

    def __init__(self, win: Any, study: Study, number: int) -> None:
        from psychopy import core, visual

        self._win, self._study = win, study
        showing = study.showings[number]
        self._first, self._last = showing["first"], showing["last"]
        size = (study.size_px, study.size_px)
        self._pictures = {
            each: visual.ImageStim(win, image=str(place), units="pix", size=size, autoLog=False)
            for each, place in study.pictures_of(number).items()
        }
        # Load them into the graphics card before the first frame.
        for picture in self._pictures.values():
            picture.draw()
        win.clearBuffer()
        self._patch = None
        if study.photodiode:
            width, height = (int(side) for side in win.size)
            corner = (PATCH_PX - width) / 2, (PATCH_PX - height) / 2
            self._patch = visual.Rect(
                win, width=PATCH_PX, height=PATCH_PX, pos=corner, units="pix", fillColor="white",
                lineColor=None, autoLog=False,
            )  # fmt: skip
        self._steps = [
            (step, each)
            for step, (each, count) in enumerate(showing["steps"])
            for _ in range(count * study.refreshes)
        ]
        self._clock = core.getTime
        self._times: list[float] = []
        self._at = 0

    def draw(self) -> bool:
        """Draw the next frame, or return False if all were drawn. The last frame is empty and ends the last picture."""
        if self._at > len(self._steps):
            return False
        if self._at < len(self._steps):
            step, each = self._steps[self._at]
            self._pictures[each].draw()
            if self._patch is not None and self._first <= step <= self._last:
                self._patch.draw()
        self._at += 1
        self._win.callOnFlip(self._flipped)
        return True

    def _flipped(self) -> None:
        self._times.append(self._clock())

    def measured(self) -> dict[str, Any]:
        """Return how long the expression was shown, how many refreshes were missed, and the screen, by column."""
        expected = 1 / (self._study.refresh_hz * self._study.refreshes)
        gaps = [b - a for a, b in pairwise(self._times)]
        shown = [
            at for at, (step, _) in enumerate(self._steps) if self._first <= step <= self._last
        ]
        return {
            "shown_ms": round(1000 * (self._times[shown[-1] + 1] - self._times[shown[0]]), 3),
            "dropped_frames": sum(max(0, round(gap / expected) - 1) for gap in gaps),
            "shown_px": self._study.size_px,
            "measured_refresh_hz": round(self._study.measured_hz, 2),
        }

    def close(self) -> None:
        """Drop the pictures, which frees their memory on the graphics card.

        PsychoPy frees a picture's textures when nothing refers to the picture any more. Freeing them explicitly as well
        would free them twice, and the second time they may belong to another picture.
        """
        self._pictures.clear()


def stop(win: Any, message: str) -> None:
    """Show a message until a key is pressed, and end the program."""
    from psychopy import core, event, visual

    print(message)
    words = f"{message}\n\nPress any key."
    text = visual.TextStim(win, text=words, color="black", height=0.04, units="height")
    text.draw()
    win.flip()
    event.waitKeys()
    win.close()
    core.quit()
