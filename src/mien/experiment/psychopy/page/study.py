"""Run the study in PsychoPy without Builder: ``python study.py``, or open it in Coder and press Run.

Answers are saved in data/, a row for each trial, written at once. Escape ends the study; earlier answers are kept.
"""

from __future__ import annotations

import csv
import re
import sys
import time
from pathlib import Path
from typing import Any

from mien_study import Study
from psychopy import core, event, gui, visual

HERE = Path(__file__).resolve().parent
GO_ON = "\n\nPress the space bar."


def main() -> None:
    """Ask for the participant, show the trials, and save the answers."""
    study = Study(HERE)
    asked = {"participant": ""}
    if not gui.DlgFromDict(asked, title=study.name).OK:
        sys.exit()
    participant = str(asked["participant"]).strip()
    win = visual.Window(
        fullscr=True, color=(128, 128, 128), colorSpace="rgb255", units="height", allowGUI=False
    )
    win.mouseVisible = False
    study.check(win, participant)
    order = read(study.order_file(participant))
    name = f"{study.name}_{participant}_{time.strftime('%Y%m%d_%H%M%S')}"
    place = HERE / "data" / re.sub(r"[^\w.-]+", "_", name)
    place.parent.mkdir(exist_ok=True)
    with place.with_name(f"{place.name}.csv").open("x", encoding="utf-8", newline="") as file:
        Session(study, win, participant, csv.writer(file), file).run(order)
    win.close()
    core.quit()


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of trials; an empty list if there is no such table."""
    if not (HERE / name).is_file():
        return []
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Session:
    """One participant's session.

    Args:
        study: The study.
        win: The window.
        participant: The participant's code.
        table: The CSV writer of the results.
        file: The file that ``table`` writes to.
    """

    def __init__(self, study: Study, win: Any, participant: str, table: Any, file: Any) -> None:
        self.study, self.win, self.participant = study, win, participant
        self.table, self.file = table, file
        self.text = visual.TextStim(win, text="", color="black", height=0.035, wrapWidth=1.2)
        self.header: list[str] = []

    def run(self, order: list[dict[str, str]]) -> None:
        """Run the study from consent to the end."""
        texts = self.study.texts
        self.say(texts["consent"])
        if training := read("training.csv"):
            self.say(texts["training"])
            for row in training:
                answer, _ = self.trial(row)
                right = row["training_answer"]
                self.say(("Right." if answer == right else f"It was {right}.") + GO_ON)
            self.say(texts["task"])
        block = "1"
        for row in order:
            if row["block"] != block:
                block = row["block"]
                self.say(texts["pause"].replace("{block}", block))
            answer, values = self.trial(row)
            values |= {"level": row["facs_level"], "answer": answer}
            self.write(row | values | {"correct": int(answer == row["correct_answer"])})
        self.say(texts["end"])

    def say(self, text: str) -> None:
        """Show a text until the space bar is pressed."""
        self.text.text = text
        self.show_text(["space"])

    def show_text(self, keys: list[str]) -> tuple[str, float]:
        """Show the text, and return the key that is pressed and the time until then, in seconds."""
        event.clearEvents()
        clock = core.Clock()
        self.text.draw()
        self.win.callOnFlip(clock.reset)
        self.win.flip()
        pressed: tuple[str, float] = event.waitKeys(keyList=[*keys, "escape"], timeStamped=clock)[0]
        if pressed[0] == "escape":
            self.win.close()
            core.quit()
        return pressed

    def trial(self, row: dict[str, str]) -> tuple[str, dict[str, Any]]:
        """Show a trial, and return the answer and the measured values by column."""
        self.text.text = "+"
        self.text.draw()
        self.win.flip()
        begun = core.getTime()
        shown = self.study.load(self.win, int(row["showing"]))
        core.wait(max(0.0, 0.5 - (core.getTime() - begun)))
        while shown.draw():
            self.win.flip()
        shown.close()
        self.text.text = self.study.texts["question"]
        key, seconds = self.show_text(self.study.keys)
        return self.study.answer_of(key), {"rt_ms": round(1000 * seconds, 1)} | shown.measured()

    def write(self, row: dict[str, Any]) -> None:
        """Write a row at once, so that it is kept if the session is interrupted."""
        row = {"participant": self.participant} | row
        if not self.header:
            self.header = list(row)
            self.table.writerow(self.header)
        self.table.writerow([row[name] for name in self.header])
        self.file.flush()


if __name__ == "__main__":
    main()
