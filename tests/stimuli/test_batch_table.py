from __future__ import annotations

from pathlib import Path

import pytest

from mien.errors import UsageError
from mien.generate.options import RenderOptions
from mien.stimuli.batch_table import read_batch_table


@pytest.fixture
def rows(tmp_path):
    def rows(*lines: str):
        path = tmp_path / "t.csv"
        path.write_text("\n".join(lines))
        return read_batch_table(path)

    return rows


def test_names_tell_rows_apart_and_do_not_hang_on_their_place(rows):
    found = rows("portrait,expression,side", "a/f.png,fear,", "a/f.png,fear,left", "f.png,fear,")
    assert [row.name for row in found] == ["f_fear", "f_fear_left", "f_fear_2"]
    assert found[0].portrait.parts[-2:] == ("a", "f.png")


def test_a_name_that_is_given_is_not_taken_by_another(rows):
    found = rows("portrait,expression,name", "f.png,fear,", "f.png,anger,F_fear")
    assert [row.name for row in found] == ["f_fear_2", "F_fear"]


def test_cells_go_before_what_is_common(rows):
    first, second = rows("portrait,expression,fps,duration", "f,fear,50,0.3", "f,fear,,")
    common = RenderOptions(fps="100", lead_seconds=0.1)
    options = first.options(common)
    assert (options.fps, options.duration_seconds, options.lead_seconds) == ("50", 0.3, 0.1)
    assert (second.options(common).fps, second.options(common).duration_seconds) == ("100", None)


@pytest.mark.parametrize("gap", ["; ", ";", " "])
def test_aus_are_envelopes_or_a_file(rows, tmp_path, gap):
    row, other = rows("portrait,aus", f"f,AU1=1@0-.1-.1-.2{gap}AU2=1@0-.1-.1-.2", "f,in/t.csv")
    assert row.options(RenderOptions()).au == ("AU1=1@0-.1-.1-.2", "AU2=1@0-.1-.1-.2")
    assert other.options(RenderOptions()).aus == tmp_path / "in" / "t.csv"


def test_a_cell_that_is_no_number(rows):
    (row,) = rows("portrait,sample,seed", "f,fear,1.5")
    with pytest.raises(UsageError, match=r"column seed: expected a whole number, got '1\.5'"):
        row.options(RenderOptions())


def test_a_missing_table(tmp_path):
    with pytest.raises(Exception, match="cannot read"):
        read_batch_table(Path(tmp_path / "no.csv"))
