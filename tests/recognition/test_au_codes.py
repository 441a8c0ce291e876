from __future__ import annotations

from pathlib import Path

import pytest

from mien.au.catalog import RIG_NAMES
from mien.errors import DatasetError
from mien.io.flow_sets import FlowSet
from mien.recognition.au_codes import read_au_codes
from mien.recognition.au_columns import COLUMNS as TOLD
from mien.recognition.au_columns import targets_of
from tests.conftest import SHARED
from tests.recognition.au_squares import au_maps

HEAD = "dataset,subject,clip,facs\n"


def test_codes_go_to_their_clips(tmp_path: Path) -> None:
    place = tmp_path / "codes.csv"
    # In another order than the maps, and with a clip that has none.
    place.write_text(
        HEAD + "smic,a0,clip2,R12\nsmic,a0,clip9,4\nsmic,a0,clip0,L12\nsmic,a0,clip3,\n"
    )
    made = read_au_codes(place, au_maps("a", 1, 0))
    left, right = (made.present[:, RIG_NAMES.index(f"AU12{side}")].tolist() for side in "LR")
    assert left == [1, -1, 0, -1, -1, -1, -1, -1]
    assert right == [0, -1, 1, -1, -1, -1, -1, -1]


@pytest.mark.skipif(not (SHARED / "megc2019").is_dir(), reason="needs the composite's codes")
def test_every_code_of_the_composite_is_read() -> None:
    flows = FlowSet.from_npz(SHARED / "megc2019" / "flows.npz")
    targets = targets_of(read_au_codes(SHARED / "megc2019" / "au_codes.csv", flows))
    assert (targets >= 0).any(1).sum() == 278
    counts = {name: int((targets[:, TOLD.index(name)] == 1).sum()) for name in ("AU4", "AU12")}
    assert counts == {"AU4": 82, "AU12": 56}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("dataset,clip,facs\n", "no subject"),
        (HEAD + "smic,a0,clip0,4\nsmic,a0,clip0,5\n", "smic a0 clip0 twice"),
        (HEAD + "smic,a0,clip0,4\nsmic,a0,clip1,4+x\n", "line 3.*got 'X'"),
        (HEAD + "smic,b0,clip0,4\n", "none in"),
    ],
)
def test_what_is_no_table_of_codes(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text(text)
    with pytest.raises(DatasetError, match=says):
        read_au_codes(tmp_path / "codes.csv", au_maps("a", 1, 0))
