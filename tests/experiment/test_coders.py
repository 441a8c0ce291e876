"""Agreement of FACS coders, by hand and of simulated coders whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mien.errors import UsageError
from mien.experiment.asked_aus import seen_of_asked
from mien.experiment.coder_sheets import CoderSheets, are_sheets, read_sheets
from mien.experiment.coders import coder_agreement
from mien.experiment.facs_table import FACS_COLUMNS, SeenAU
from tests.experiment.rating_people import coding_people


def test_known_rates_give_the_known_kappa_and_distances() -> None:
    share, hit, false = 0.5, 0.9, 0.2
    found = coder_agreement(CoderSheets(coding_people(3000, share, hit, false))).aus["AU12"]
    sees = share * hit + (1 - share) * false
    agree = share * (hit**2 + (1 - hit) ** 2) + (1 - share) * (false**2 + (1 - false) ** 2)
    chance = sees**2 + (1 - sees) ** 2
    truth = (agree - chance) / (1 - chance)
    assert found.cohen == pytest.approx(truth, abs=0.04)
    assert found.low < found.cohen < found.high and found.high - found.low < 0.08
    assert found.fleiss == pytest.approx(found.cohen, abs=0.01)
    for apart in found.frames_apart.values():
        assert apart == pytest.approx(8 / 9, abs=0.06)  # of two draws of -1, 0, 1
    assert found.same_side == 1


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    share, hit, false = 0.5, 0.9, 0.2
    sees = share * hit + (1 - share) * false
    agree = share * (hit**2 + (1 - hit) ** 2) + (1 - share) * (false**2 + (1 - false) ** 2)
    truth = (agree - sees**2 - (1 - sees) ** 2) / (1 - sees**2 - (1 - sees) ** 2)
    within = []
    for seed in range(60):
        each = coder_agreement(CoderSheets(coding_people(80, share, hit, false, seed))).aus["AU12"]
        within.append(each.low < truth < each.high)
    assert np.mean(within) > 0.83


def test_sides_levels_and_the_index_by_hand() -> None:
    both = SeenAU("AU12", "both", "B", 0, 4, 9)
    left = SeenAU("AU12", "left", "D", 2, 4, 6)
    brow = SeenAU("AU4", "both", "A", 0, 1, 2)
    sheets = CoderSheets(
        {
            "a": {"1": (both, brow), "2": (left,), "3": (), "only": (both,)},
            "b": {"1": (both,), "2": (both,), "3": ()},
        }
    )
    found = coder_agreement(sheets)
    assert found.clips == 3 and found.index == {("a", "b"): pytest.approx(2 * 2 / 5)}
    smile, lowered = found.aus["AU12"], found.aus["AU4"]
    assert (smile.cohen, smile.same_side) == (1, 0.5)
    assert smile.frames_apart == {"onset": 1, "apex": 0, "offset": 1.5}
    assert dict(smile.clips) == {"a": 2, "b": 2} and dict(lowered.clips) == {"a": 1, "b": 0}
    assert lowered.cohen == 0 and np.isnan(lowered.same_side)


def sheet(path: Path, *rows: str) -> Path:
    path.write_text(",".join(FACS_COLUMNS[:9]) + "\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_sheets_are_read(tmp_path: Path) -> None:
    sheet(
        tmp_path / "eve.csv",
        "eve,1,a,AU12,left,C,3,5,9",
        "eve,1,a,AU4,both,A,0,1,2",
        "eve,2,b,,,,,,",
    )
    sheet(tmp_path / "tom.csv", "tom,1,b,,,,,,")
    assert are_sheets([tmp_path])
    found = read_sheets([tmp_path])
    assert found.seen["eve"]["a"][0] == SeenAU("AU12", "left", "C", 3, 5, 9)
    assert found.seen["eve"]["b"] == () and found.common == ("b",)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("eve,2,a,AU12,left,C,3,5,9", "each clip once for each coder, got a again for eve"),
        ("eve,2,b,AU12,left,C,3,5.5,9", "line 3: expected a whole number as apex_frame, got '5.5'"),
        ("eve,2,b,AU26,left,C,3,5,9", "line 3: expected both sides of AU26"),
        (",2,b,AU26,both,C,3,5,9", "line 3: expected a coder"),
        ("eve,1,a,AU12,both,C,5,6,12", "a of eve: expected AU12 once at a time"),
    ],
)
def test_sheets_that_cannot_be(tmp_path: Path, row: str, why: str) -> None:
    path = sheet(tmp_path / "eve.csv", "eve,1,a,AU12,left,C,3,5,9", row)
    with pytest.raises(UsageError, match=why):
        read_sheets([path])


def test_one_coder_is_not_enough() -> None:
    with pytest.raises(UsageError, match="got 1 coders and 5"):
        coder_agreement(CoderSheets({"eve": coding_people(5, 0.5, 1, 0)["eve"]}))


def test_aus_that_clips_were_made_with_by_hand() -> None:
    smile = SeenAU("AU12", "left", "D", 2, 4, 6)
    brow = SeenAU("AU4", "both", "A", 0, 1, 2)
    sheets = CoderSheets(
        {
            "a": {"s/1": (smile, brow), "s/2": (smile,), "s/3": (), "s/4": ()},
            "b": {"s/1": (), "s/2": (smile,)},
        }
    )
    made = [
        {"stimulus": "https://x.org/1/", "aus": "AU12L AU6"},
        {"stimulus": "https://x.org/2/", "aus": "AU12"},
        {"stimulus": "https://x.org/3/", "aus": ""},
        {"stimulus": "https://x.org/4/", "aus": "AU12R"},
    ]
    found = seen_of_asked(sheets, made)
    assert list(found) == ["AU4", "AU6", "AU12"]
    assert found["AU12"].clips == 3
    assert found["AU12"].seen.mean == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert found["AU12"].elsewhere.mean == 0 and found["AU12"].elsewhere.people == 1
    assert found["AU4"].clips == 0 and found["AU4"].elsewhere.mean == pytest.approx(1 / 8)
    assert found["AU6"].seen.mean == 0
    with pytest.raises(UsageError, match="got none for s/4"):
        seen_of_asked(sheets, made[:3])
    with pytest.raises(UsageError, match="a column aus in --conditions"):
        seen_of_asked(sheets, [{"stimulus": "1"}])


def test_known_rates_of_coders_are_found() -> None:
    share, hit, false = 0.5, 0.9, 0.2
    rng = np.random.default_rng(0)
    moves = rng.random(2000) < share  # the first draw of coding_people
    made = [{"stimulus": f"c{n}", "aus": "AU12" if moves[n] else ""} for n in range(2000)]
    found = seen_of_asked(CoderSheets(coding_people(2000, share, hit, false)), made)["AU12"]
    assert found.seen.mean == pytest.approx(hit, abs=0.03)
    assert found.elsewhere.mean == pytest.approx(false, abs=0.04)
