from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from mien.au.samples import ScaleNeededError
from mien.au.timeline import AUEvent, AUTimeline
from mien.errors import BadTrackError, MissingExtraError, OutputError, UsageError
from mien.io.timelines.files import format_of, read_any_track, read_timeline
from mien.io.timelines.format import WriteOptions
from mien.io.timelines.registry import FORMATS
from tests.io.timelines.layouts import BORIS_AGGREGATED, ELAN, FEX, FILES, LIBREFACE


@pytest.fixture
def file(tmp_path):
    def file(name: str, text: str):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return file


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.csv", "x,y\n1,2\n"), ("a.txt", "hello"), ("a.eaf", "<xml/>"), ("a.csv", ""), ("a.csv", "AU12,AU4\n1,2\n")],
)  # fmt: skip
def test_what_is_none_is_one_line_with_all_formats(file, name, text):
    with pytest.raises(BadTrackError) as error:
        format_of(file(name, text))
    assert all(each.title in str(error.value) for each in FORMATS.values())
    assert "\n" not in str(error.value)


def test_a_format_can_be_named(file):
    path = file("a.csv", LIBREFACE)
    assert read_timeline(path, name="libreface")[1].content.names[0] == "AU1"
    with pytest.raises(
        UsageError, match="unknown format 'x': expected one of mien, mien-events, elan"
    ):
        read_timeline(path, name="x")
    with pytest.raises(BadTrackError):
        read_timeline(path, name="fex")


@pytest.mark.parametrize("name", FILES)
def test_every_format_is_a_track(file, name):
    if name == "elan":
        pytest.importorskip("pympi")
    _, text = FILES[name]
    text = text.replace("@Ben", "@Ann").replace("obs2", "obs1")
    needs = name in ("openface3", "fex", "imotions", "elan", "boris-aggregated", "boris-tabular")
    path = file(FILES[name][0], text)
    fps = Fraction(25)
    if needs:
        with pytest.raises(ScaleNeededError, match="--aus-scale"):
            read_any_track(path, fps)
        track, _ = read_any_track(path, fps, scale=4.0)
    else:
        track, _ = read_any_track(path, fps if name == "libreface" else None)
        with pytest.raises(UsageError, match="--aus-scale 4"):
            read_any_track(path, fps, scale=4.0)
    assert any(n.startswith("AU12") for n in track.names)
    assert 0 < track.peak <= 5


def test_the_scale_is_the_intensity_of_a_probability_of_1(file):
    track, notes = read_any_track(file("a.csv", FEX), Fraction(25), scale=4.0)
    values = track.values[:, track.names.index("AU12")]
    np.testing.assert_allclose(values, [0.8, 3.8, 3.0, 2.2], rtol=1e-6)  # the lost frame is bridged
    assert any("bridged" in note for note in notes)


def test_sides_reach_the_track(file):
    track, _ = read_any_track(file(*FILES["facereader"]))
    peaks = dict(zip(track.names, track.values.max(0).tolist(), strict=True))
    assert (peaks["AU12L"], peaks["AU12R"]) == (5.0, 1.0)
    text = BORIS_AGGREGATED.replace("obs2", "obs1")
    track, _ = read_any_track(file("b.csv", text), scale=1.0)
    assert "AU12L" in track.names and "AU12R" not in track.names


def test_events_need_a_rate(file):
    pytest.importorskip("pympi")
    path = file("a.eaf", ELAN.replace("@Ben", "@Ann"))
    with pytest.raises(BadTrackError, match="give one with --fps"):
        read_any_track(path, scale=2.0)


def test_without_pympi(file, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pympi", None)
    with pytest.raises(
        MissingExtraError, match=r"pympi-ling, which is not installed: .*pip install .*interchange"
    ):
        read_timeline(file("a.eaf", ELAN))


@pytest.mark.parametrize("name", ["libreface", "boris-tabular", "boris-aggregated"])
def test_tables_of_the_programs_themselves_are_not_replaced(file, name):
    place, text = FILES[name]
    content = AUTimeline(())
    if name == "libreface":
        content = read_timeline(file("read.csv", text))[1].content
    with_column = text.replace("frame_idx", "frame_idx,remark").replace("Behavior", "Mine,Behavior")
    for existing in (text, with_column):
        path = file(place, existing)
        with pytest.raises(OutputError, match="--overwrite"):
            FORMATS[name].write(path, content, WriteOptions())
        assert path.read_text(encoding="utf-8") == existing
    # A column or a row that somebody added to a table of Mien's is theirs.
    path.unlink()
    FORMATS[name].write(path, content, WriteOptions())
    made = path.read_text(encoding="utf-8")
    header, rows = made.split("\n", 1)
    row = [] if name == "libreface" else [f"{made}mine\n"]
    for existing in (f"{header},remark\n{rows}", *row):
        path.write_text(existing, encoding="utf-8")
        with pytest.raises(OutputError, match="--overwrite"):
            FORMATS[name].write(path, content, WriteOptions())


def test_files_that_people_have_worked_on_are_not_replaced(tmp_path):
    pytest.importorskip("pympi")
    timeline = AUTimeline((AUEvent("AU12", 0.1, 0.2),))
    elan, own = tmp_path / "a.eaf", tmp_path / "a.csv"
    FORMATS["elan"].write(elan, timeline, WriteOptions())
    FORMATS["elan"].write(elan, timeline, WriteOptions())  # untouched, it is Mien's to write again
    # Whether ELAN keeps the comment when it saves or not, what somebody moved there stays.
    elan.write_text(elan.read_text().replace('"100"', '"140"'))
    own.write_text(
        "au,onset_seconds,apex_start_seconds,apex_end_seconds,offset_seconds,peak_intensity,confidence\nAU4,0,,,1,,\n"
    )
    for name, path in (("elan", elan), ("mien-events", own)):
        before = path.read_text()
        with pytest.raises(OutputError, match="--overwrite"):
            FORMATS[name].write(path, timeline, WriteOptions())
        assert path.read_text() == before
