"""The tool that makes the packaged table."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from mien.au.statistics import Timing, parse_statistics
from mien.errors import BadTrackError

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT.parent / "shared/data/me_statistics/samples.csv"
ASSET = ROOT / "src/mien/assets/me_statistics.json"
HEADER = "dataset,emotion,action_units,rise_seconds,fall_seconds\n"


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location(
        "build_me_statistics", ROOT / "tools/build_me_statistics.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_rows_become_counts(tool, tmp_path):
    source = tmp_path / "rows.csv"
    source.write_text(
        HEADER
        + "X,joy,12+6,0.2,0.15\nX,joy,6+12,0.2,0.15\nX,joy,12+6,0.1,0\nX,joy,12+6,,\n"
        + "X,joy,39+12L,0.3,0.1\nX,joy,39,0.3,0.1\nX,joy,,0.3,0.1\nX,fear,17R+20,0.1,0.1\n",
        encoding="utf-8",
    )
    out = tmp_path / "table.json"
    tool.write(tool.aggregate(source), out)
    table = parse_statistics(json.loads(out.read_text(encoding="utf-8")))
    both, left = table.tables["X"]["joy"]
    assert (both.aus, both.rows) == (("AU6", "AU12"), 4)
    assert both.timings == ((Timing(20 * 0.01, 15 * 0.01), 2),)
    assert (left.aus, left.rows) == (("AU12L",), 1)
    assert table.tables["X"]["fear"][0].aus == ("AU17", "AU20")
    assert table.notes == {
        "rows_read": {"X": 8},
        "rows_dropped_without_known_au": {"X": 2},
        "codes_dropped_outside_catalogue": {"39": 2},
        "codes_folded_to_midline": {"17R": 1},
        "rows_without_timing": {"X": 1},
        "rows_whose_zero_rise_or_fall_was_taken_as_missing": {"X": 1},
    }


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", HEADER + "X,joy,smile,0.1,0.1\n", HEADER + "X,joy,12,-0.1,0.1\n"]
)
def test_bad_sources(tool, tmp_path, text):
    source = tmp_path / "rows.csv"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(BadTrackError):
        tool.aggregate(source)


def test_the_asset_is_small_and_holds_no_rows():
    assert ASSET.stat().st_size < 150_000
    data = json.loads(ASSET.read_text(encoding="utf-8"))
    for emotions in data["tables"].values():
        for combinations in emotions.values():
            order = [c["rows"] for c in combinations]
            assert order == sorted(order, reverse=True)
            assert all(c["timings"] == sorted(c["timings"]) for c in combinations)


@pytest.mark.skipif(not SOURCE.exists(), reason="the coded samples are not here")
def test_the_asset_is_what_the_tool_makes(tool, tmp_path):
    out = tmp_path / "table.json"
    tool.write(tool.aggregate(SOURCE), out)
    assert out.read_text(encoding="utf-8") == ASSET.read_text(encoding="utf-8")
