"""Formats of events, read from the layouts of their programs."""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree

import pytest

from mien.au.timeline import AUEvent, AUTimeline
from mien.errors import BadTrackError
from mien.io.timelines import elan
from mien.io.timelines.format import WriteOptions
from tests.io.timelines.layouts import BORIS_AGGREGATED, BORIS_TABULAR, BORIS_TABULAR_OLD, ELAN


def test_elan_reads_one_coder(read):
    pytest.importorskip("pympi")
    ann = read("elan", subject="Ann")
    assert ann.content.events == (
        AUEvent("AU12L", 0.067, 0.3, 0.1, 0.133, 2.0),
        AUEvent("AU4", 0.4, 0.5),
    )
    assert ann.content.rounding_seconds == 0.001 and ann.content.searched is None
    assert ann.notes == (
        "clip.eaf: left out tiers and texts that are not AUs: 'speech'",
        "clip.eaf: left out remarks that are not AUs: 'doubtful'",
    )
    assert read("elan", subject="Ben").content.events == (
        AUEvent("AU12R", 0.1, 0.3, peak_intensity=3.0),
    )


def test_elan_refuses_to_mix_coders(read):
    pytest.importorskip("pympi")
    with pytest.raises(BadTrackError, match=r"got 'Ann', 'Ben': choose one with --subject NAME"):
        read("elan")
    with pytest.raises(BadTrackError, match="expected the coder 'Cat'"):
        read("elan", subject="Cat")


def test_elan_reads_labels_in_texts(read):
    pytest.importorskip("pympi")
    text = ELAN.replace('"speech"', '"faces"').replace("12 o'clock", "AU6 left C")
    text = text.replace("AU12L@Ann", "other@Ann").replace("AU12L apex@Ann", "others@Ann")
    events = read(text, "a.eaf", subject="Ann").content.events
    assert events[0] == AUEvent("AU6L", 0.067, 0.5, peak_intensity=3.0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</HEADER>", ""),
        ('TIME_SLOT_REF1="ts1"', 'TIME_SLOT_REF1="ts99"'),
        ('TIME_VALUE="67"', 'TIME_VALUE="-5"'),
        (' TIME_VALUE="67"', ""),
        ('TIME_VALUE="67"', 'TIME_VALUE="9999"'),
        ('"AU12L@Ann"', '"AU17L@Ann"'),
    ],
)
def test_damaged_elan_files_are_one_line(read, old, new):
    pytest.importorskip("pympi")
    with pytest.raises(BadTrackError) as error:
        read(ELAN.replace(old, new), "a.eaf", subject="Ann")
    assert "\n" not in str(error.value)


def test_boris_tabular(read):
    made = read("boris-tabular")
    # The sides come from modifiers, so that two STARTs of one behaviour may be open at once.
    assert made.content.events == (
        AUEvent("AU12L", 0.08, 0.32, 0.16, 0.16, 2.0),
        AUEvent("AU12R", 0.12, 0.36, peak_intensity=3.0),
        AUEvent("AU4", 0.44, 0.6),
    )
    assert (made.content.fps, made.content.end_seconds) == (25, 1.0)
    assert made.notes == ("clip.tsv: left out behaviours that are not AUs: 'head nod'",)


def test_boris_tabular_of_old_versions(read):
    assert read(BORIS_TABULAR_OLD, "old.tsv").content.events == (AUEvent("AU12L", 0.08, 0.32),)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("\tSTOP\t0.320", "\tSTART\t0.320", "line 5: expected START and STOP of 'AU12' by turns"),
        ("\tSTOP\t0.600", "\tPOINT\t0.600", "'AU4' starts at 0.44 s and never stops"),
        ("\tSTART\t0.080", "\tSTART\t-1", "line 2, column Time: expected seconds from 0 on"),
        ("\tSTART\t0.080", "\tSTART\tnan", "line 2, column Time"),
        ("\tSTART\t0.080", "\tSTART\t0.330", "STOP at 0.32 s is before its START"),
        ("obs1\t2026-02-03 10:00:00\t\t1.000\tMedia file(s)\tplayer #1:clip.mp4\t0\t1.000\t25.000\tAnn\tAU4",
         "obs1\t2026-02-03 10:00:00\t\t1.000\tMedia file(s)\tplayer #1:clip.mp4\t0\t1.000\t25.000\tBen\tAU4",
         "got 'Ann', 'Ben': choose one with --subject NAME"),
        ("AU4\tFACS\tNone", "AU17\tFACS\tleft", "AU17 (Chin Raiser), which lies on the midline"),
    ],
)  # fmt: skip
def test_boris_tabular_errors(read, old, new, says):
    assert old in BORIS_TABULAR
    with pytest.raises(BadTrackError) as error:
        read(BORIS_TABULAR.replace(old, new), "a.tsv")
    assert says in str(error.value)


def test_boris_aggregated(read):
    with pytest.raises(BadTrackError, match=r"'obs1', 'obs2': choose one with --observation NAME"):
        read("boris-aggregated")
    made = read("boris-aggregated", observation="obs1").content
    assert made.events == (
        AUEvent("AU12L", 0.067, 0.3, 0.133, 0.133, 2.0),
        AUEvent("AU4", 0.4, 0.501),
    )
    assert made.fps == Fraction(30000, 1001)
    other = read("boris-aggregated", observation="obs2").content
    assert other.events == (AUEvent("AU1", 0.1, 0.2, peak_intensity=1.0),)


def test_an_apex_without_its_event_is_named(read):
    text = BORIS_AGGREGATED.replace("0.133,0.133", "0.733,0.733")
    made = read(text, "a.csv", observation="obs1")
    assert made.content.events[0].apex_start_seconds is None
    assert made.notes == ("a.csv: the apex of AU12L at 0.733 s belongs to no event, left out",)


@pytest.mark.parametrize(
    ("program", "zero"), [("elan", "0"), ("tabular", "0.0"), ("aggregated", "0")]
)
def test_level_0_is_no_event(read, program, zero):
    """A coder who writes 0 says that the AU is not there; the event around it would be the opposite."""
    if program == "elan":
        pytest.importorskip("pympi")
        old = "<ANNOTATION_VALUE>B<"
        assert ELAN.count(old) == 1
        made = read(ELAN.replace(old, f"<ANNOTATION_VALUE>{zero}<"), "a.eaf", subject="Ann")
    elif program == "tabular":
        assert BORIS_TABULAR.count("left\tB") >= 2
        made = read(BORIS_TABULAR.replace("left\tB", f"left\t{zero}"), "a.tsv")
    else:
        assert "left,B" in BORIS_AGGREGATED
        made = read(BORIS_AGGREGATED.replace("left,B", f"left,{zero}"), "a.csv", observation="obs1")
    others = ["AU12R", "AU4"] if program == "tabular" else ["AU4"]
    assert [event.au for event in made.content.events] == others
    at = "0.08" if program == "tabular" else "0.067"
    assert made.notes[0].endswith(f": level 0 read as an absent AU: AU12L at {at} s")
    assert not any("'0" in note for note in made.notes)


def test_overlapping_events_are_refused(read):
    text = BORIS_AGGREGATED.replace("AU4,FACS,,", "AU12,FACS,left,").replace(
        "0.400,0.501", "0.2,0.5"
    )
    with pytest.raises(BadTrackError, match="events of AU12L that do not overlap"):
        read(text, "a.csv", observation="obs1")


def test_mien_events_are_exact(read, tmp_path):
    text = (
        "au,onset_seconds,apex_start_seconds,apex_end_seconds,offset_seconds,peak_intensity,confidence\n"
        "observed fps=30000/1001 aus=AU12L+AU4,0,,,1.001,,\n"
        "au12l,0.1001,0.2,0.3,0.4,B,0.25\nAU4,0.5,,,0.6,,\n"
    )
    made = read(text, "a.csv").content
    assert made.events == (
        AUEvent("AU12L", 0.1001, 0.4, 0.2, 0.3, 2.0, 0.25),
        AUEvent("AU4", 0.5, 0.6),
    )
    assert (made.fps, made.end_seconds, made.searched) == (
        Fraction(30000, 1001), 1.001, ("AU12L", "AU4"),
    )  # fmt: skip
    assert made.rounding_seconds == 0


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("AU12,0.2,0.1", "line 2: expected 0 <= onset"),
        ("AU12,x,0.1", "line 2, column onset_seconds: expected a number, got 'x'"),
        ("AU99,0,0.1", "line 2: unknown action unit 'AU99'"),
        ("AU12,,0.1", "line 2: expected an onset and an offset"),
        ("AU12,0", "line 2: expected 3 cells as in the header, got 2"),
        ("AU12,nan,1", "line 2: expected 0 <= onset"),
        ("observed fps=x,0,1", "line 2: expected a frame rate"),
    ],
)
def test_mien_events_errors(read, row, says):
    with pytest.raises(BadTrackError) as error:
        read(f"au,onset_seconds,offset_seconds\n{row}\n", "a.csv")
    assert says in str(error.value)


def test_offsets_of_the_film_are_named(read):
    text = BORIS_TABULAR.replace("player #1:clip.mp4\t0\t", "player #1:clip.mp4\t12.5\t")
    assert (
        "times have an offset in BORIS: the film begins at 12.5 s" in read(text, "a.tsv").notes[-1]
    )
    pytest.importorskip("pympi")
    text = ELAN.replace("MIME_TYPE=", 'TIME_ORIGIN="2000" MIME_TYPE=')
    assert any("times count from 2000 ms" in n for n in read(text, "a.eaf", subject="Ann").notes)
    with pytest.raises(BadTrackError, match="expected times in milliseconds"):
        read(ELAN.replace('"milliseconds"', '"PAL-frames"'), "a.eaf", subject="Ann")


def test_written_elan_files_are_as_the_format_wants_them(tmp_path):
    pytest.importorskip("pympi")
    events = (AUEvent("AU4", 0.5, 0.9, 0.6, 0.6, 2.0), AUEvent("AU12L", 0.1, 0.5, 0.2, 0.3, 2.5))
    elan.write(tmp_path / "a.eaf", AUTimeline(events, 1.0, Fraction(30)), WriteOptions("clip.mp4"))
    root = ElementTree.parse(tmp_path / "a.eaf").getroot()
    assert root.find("HEADER").get("TIME_UNITS") == "milliseconds"
    slots = [(s.get("TIME_SLOT_ID"), int(s.get("TIME_VALUE"))) for s in root.iter("TIME_SLOT")]
    assert [name for name, _ in slots] == [f"ts{i}" for i in range(1, 9)]
    assert [time for _, time in slots] == [100, 200, 300, 500, 500, 600, 601, 900]
    of = dict(slots)
    tiers = {
        tier.get("TIER_ID"): [
            (
                of[a.get("TIME_SLOT_REF1")],
                of[a.get("TIME_SLOT_REF2")],
                a.findtext("ANNOTATION_VALUE"),
            )
            for a in tier.iter("ALIGNABLE_ANNOTATION")
        ]
        for tier in root.iter("TIER")
    }
    assert tiers == {
        "AU4": [(500, 900, "B")],
        "AU4 apex": [(600, 601, "moment")],
        "AU12L": [(100, 500, "2.5")],
        "AU12L apex": [(200, 300, "")],
    }
