from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from mien.io.images import write_png

ROWS = (
    ("ann_anger_2", "ann", "anger", "2.0", "B"),
    ("ann_fear_4", "ann", "fear", "4.0", "D"),
    ("bob_anger_3", "bob", "anger", "3.0", "C"),
    ("bob_neutral", "bob", "neutral", "0.0", ""),
)
COLUMNS = ("stimulus", "portrait", "expression", "correct_answer", "neutral", "intensity", "level")


@pytest.fixture(scope="session")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sheet of four tiny clips, folders of pictures without a frame rate; frame 2 equals frame 0."""
    folder = tmp_path_factory.mktemp("rated") / "sheet"
    with_rows = []
    for place, (name, who, what, intensity, level) in enumerate(ROWS):
        for frame, grey in enumerate((40, 90 + place, 40, 200)):
            (folder / name).mkdir(parents=True, exist_ok=True)
            image = np.full((32, 40, 3), grey, np.uint8)
            write_png(folder / name / f"{frame:06d}.png", image)
        neutral = str(what == "neutral")
        row = (f"https://x.org/s/{name}/", who, what, what, neutral, intensity, level)
        with_rows.append((*row, "both", "0.2", "True"))
    with (folder / "conditions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*COLUMNS, "side", "duration_seconds", "synthetic"))
        writer.writerows(with_rows)
    return folder
