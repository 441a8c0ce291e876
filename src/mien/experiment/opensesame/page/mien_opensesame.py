"""The code that the study's inline scripts call in OpenSesame: check the screen, show pictures frame by frame, and ask.

Keep this file beside study.osexp and study.json.
"""

from __future__ import annotations

import csv
import json
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

TOLERANCE = 0.04
"""Share by which the measured refresh rate may differ."""

PATCH_PX = 60
"""Width and height of the square for a photodiode."""

GREY = "#808080"


class Task:
    """The study, with what OpenSesame offers to inline scripts.

    Args:
        folder: The folder of study.json.
        var: OpenSesame's variables.
        canvas: OpenSesame's class ``Canvas``.
        keyboard: OpenSesame's class ``Keyboard``.
        clock: OpenSesame's clock, in milliseconds.
    """

    def __init__(
        self, folder: str | Path, var: Any, canvas: Any, keyboard: Any, clock: Any
    ) -> None:
        self.folder = Path(folder)
        self.var, self.canvas, self.keyboard, self.clock = var, canvas, keyboard, clock
        self.study = json.loads((self.folder / "study.json").read_text(encoding="utf-8"))
        self.order = (int(var.subject_nr) - 1) % self.study["orders"] + 1
        self.rows = self.table(f"orders/order_{self.order}.csv")
        self.refreshes, self.measured_hz = 1, 0.0
        self.block = "1"

    def table(self, name: str) -> list[dict[str, str]]:
        """Return the rows of a table; an empty list if there is no such table."""
        if not (self.folder / name).is_file():
            return []
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def begin(self) -> None:
        """Check the pictures and the screen, show what participants agree to, and run the training.

        Raises:
            RuntimeError: A picture is missing, or the screen does not fit the study. OpenSesame shows the message.
        """
        for showing in self.study["showings"]:
            for number, _ in showing["steps"]:
                if not (place := self.picture(showing, number)).is_file():
                    raise RuntimeError(
                        f"A picture is missing: {place}. Keep the study's folder together."
                    )
        size, screen = self.study["size_px"], min(int(self.var.width), int(self.var.height))
        if screen < size:
            raise RuntimeError(
                f"The faces have {size} pixels, and the experiment only {screen}: set its resolution to your screen's."
            )
        self.measure()
        self.say("consent")
        training = self.table("training.csv")
        if training:
            self.say("training")
        for row in training:
            right = row["training_answer"]
            answer = self.show(row)["answer"]
            self.tell(
                ("Right." if answer == right else f"It was {right}.") + "\n\nPress the space bar."
            )
        if training:
            self.say("task")

    def measure(self, frames: int = 60) -> None:
        """Measure the screen's refresh rate: the mean of intervals near the median, because times may be whole ms.

        Raises:
            RuntimeError: The rate is neither the study's nor a multiple of it.
        """
        blank = self.canvas(background_color=GREY)
        times = [blank.show() for _ in range(frames + 1)]
        gaps = sorted(b - a for a, b in pairwise(times))
        wanted, median = self.study["refresh_hz"], gaps[len(gaps) // 2]
        near = [gap for gap in gaps if abs(gap - median) <= max(1.0, 0.25 * median)]
        self.measured_hz = 1000 * len(near) / max(sum(near), 0.001)
        self.refreshes = max(1, round(self.measured_hz / wanted))
        if abs(self.measured_hz / (wanted * self.refreshes) - 1) > TOLERANCE:
            raise RuntimeError(
                f"This study needs a screen at {wanted} Hz or a multiple of it. Yours was measured at "
                f"{self.measured_hz:.1f} Hz. Choose the backend psycho, and set the rate in the system's settings."
            )

    def trial(self, place: int) -> None:
        """Show a trial of the participant's order, and set the variables that the logger writes."""
        row = self.rows[place]
        if row["block"] != self.block:
            self.block = row["block"]
            self.say("pause")
        values = row | self.show(row)
        values["correct"] = int(values["answer"] == row["correct_answer"])
        for name, value in values.items():
            setattr(self.var, name, value)

    def show(self, row: dict[str, str]) -> dict[str, Any]:
        """Show the pictures of a row frame by frame and ask; return the answer and the measured values by column."""
        showing = self.study["showings"][int(row["showing"])]
        first, last = showing["first"], showing["last"]
        cross = self.canvas(background_color=GREY)
        cross.text("+", color="black", font_size=40)
        cross.show()
        begun = self.clock.time()
        steps = [
            (self.drawn(showing, number, lit=first <= step <= last), count * self.refreshes)
            for step, (number, count) in enumerate(showing["steps"])
        ]
        blank = self.canvas(background_color=GREY)
        self.clock.sleep(max(0, round(500 - (self.clock.time() - begun))))
        times: list[float] = []
        starts: list[int] = []
        for picture, count in steps:
            starts.append(len(times))
            times += [picture.show() for _ in range(count)]
        starts.append(len(times))
        times.append(blank.show())  # ends the last picture
        keys = self.study["answers"]
        asked = self.tell(self.study["texts"]["question"], list(keys))
        expected = 1000 / (self.study["refresh_hz"] * self.refreshes)
        gaps = (b - a for a, b in pairwise(times))
        return {
            "answer": keys[asked[0]],
            "rt_ms": round(asked[1], 1),
            "shown_ms": round(times[starts[last + 1]] - times[starts[first]], 3),
            "dropped_frames": sum(max(0, round(gap / expected) - 1) for gap in gaps),
            "shown_px": self.study["size_px"],
            "measured_refresh_hz": round(self.measured_hz, 2),
        }

    def drawn(self, showing: dict[str, Any], number: int, *, lit: bool) -> Any:
        """Return a canvas with a picture, and the patch for a photodiode if it is lit."""
        made = self.canvas(background_color=GREY)
        made.image(str(self.picture(showing, number)))
        if lit and self.study["photodiode"]:
            left, lower = -int(self.var.width) / 2, int(self.var.height) / 2
            made.rect(left, lower - PATCH_PX, PATCH_PX, PATCH_PX, fill=True, color="white")
        return made

    def picture(self, showing: dict[str, Any], number: int) -> Path:
        """Return the path of a picture."""
        folder: str = showing["folder"]
        return self.folder.parent / folder / f"{number:06d}.png"

    def say(self, name: str) -> None:
        """Show one of the study's texts until the space bar is pressed."""
        self.tell(self.study["texts"][name].replace("{block}", self.block))

    def tell(self, text: str, keys: list[str] | None = None) -> tuple[str, float]:
        """Show a text, and return the key that is pressed and the time until then, in milliseconds."""
        page = self.canvas(background_color=GREY)
        page.text(escape(text).replace("\n", "<br>"), color="black", font_size=24)
        listen = self.keyboard(keylist=keys or ["space"], timeout=None)
        listen.flush()
        begun = page.show()
        key, pressed = listen.get_key()
        return str(key), pressed - begun
