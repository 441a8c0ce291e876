"""FACS sheets of coders, from what a page sends to the table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="needs the extra studio")
pytest.importorskip("httpx", reason="needs the extra test")

from mien.errors import MienError, UsageError
from mien.experiment.facs_table import FACS_COLUMNS, SeenAU, check_apart
from mien.rating.settings import RatingSettings
from mien.rating.store import opened_store
from tests.rating.test_app import client_of, rows

SMILE = {
    "au": "AU12",
    "side": "left",
    "level": "C",
    "onset_frame": 0,
    "apex_frame": 1,
    "offset_frame": 3,
}
WATCHED = {"rater": "eve", "plays": 1, "skipped_frames": 0, "rt_ms": 5.0}


def test_a_sheet_is_written_with_times_of_its_frames(sheet: Path, tmp_path: Path) -> None:
    with opened_store(sheet, tmp_path / "facs", RatingSettings(facs=True)) as store:
        client = client_of(store)
        brow = SMILE | {"au": "AU4", "side": "both", "level": "A", "apex_frame": 2}
        sent: dict[str, Any] = {**WATCHED, "trial": 1, "aus": [SMILE, brow]}
        assert client.post("/api/ratings", json=sent).status_code == 200
        assert client.post("/api/ratings", json=sent).status_code == 409
        nothing = {**WATCHED, "trial": 2, "aus": []}
        assert client.post("/api/ratings", json=nothing).status_code == 200
        assert client.get("/api/session", params={"rater": "eve"}).json()["trial"] == 3
        written = rows(store.folder / "eve.csv")
    assert tuple(written[0]) == FACS_COLUMNS
    assert [(r["trial"], r["au"], r["side"], r["level"]) for r in written] == [
        ("1", "AU12", "left", "C"),
        ("1", "AU4", "both", "A"),
        ("2", "", "", ""),
    ]
    names = [
        f"{phase}_{unit}" for phase in ("onset", "apex", "offset") for unit in ("frame", "seconds")
    ]
    assert [written[0][name] for name in names] == ["0", "0.0", "1", "0.04", "3", "0.12"]
    assert written[1]["apex_seconds"] == "0.08" and written[2]["offset_frame"] == ""


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"au": "AU99"}, "unknown action unit"),
        ({"au": "AU12L"}, "without its side"),
        ({"au": "AU26"}, "FACS does not split"),
        ({"level": "F"}, "level A to E"),
        ({"side": "up"}, "side left, right or both"),
        ({"apex_frame": 4}, "apex_frame as a whole number from 0 to 3"),
        ({"onset_frame": 2}, "in this order"),
    ],
)
def test_what_cannot_be(sheet: Path, tmp_path: Path, change: dict[str, Any], why: str) -> None:
    with opened_store(sheet, tmp_path / "facs", RatingSettings(facs=True)) as store:
        answer = client_of(store).post(
            "/api/ratings", json={**WATCHED, "trial": 1, "aus": [SMILE | change]}
        )
        assert answer.status_code == 422 and why in answer.json()["error"]["message"]
        assert not (store.folder / "eve.csv").exists()


def test_an_au_moves_once_at_a_time_on_a_side() -> None:
    first = SeenAU("AU12", "left", "B", 0, 2, 4)
    check_apart(
        [first, SeenAU("AU12", "right", "B", 0, 2, 4), SeenAU("AU12", "left", "B", 4, 5, 6)]
    )
    with pytest.raises(UsageError, match="AU12 once at a time on each side"):
        check_apart([first, SeenAU("AU12", "both", "A", 3, 5, 6)])


def test_the_sides_of_a_sheet() -> None:
    assert SeenAU("AU12", "both", "B", 0, 1, 2).sided == {"AU12L", "AU12R"}
    assert SeenAU("AU12", "right", "B", 0, 1, 2).sided == {"AU12R"}
    assert SeenAU("AU26", "both", "B", 0, 1, 2).sided == {"AU26"}
    with pytest.raises(MienError):
        SeenAU("AU12", "both", "B", 3, 2, 4)
