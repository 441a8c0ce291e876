"""A to B to A, for every pair of formats that can carry the content."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from mien.au.samples import AUSamples
from mien.au.timeline import AUEvent, AUTimeline
from mien.convert.convert import convert_file
from mien.convert.options import ConvertOptions
from mien.io.timelines.files import format_of, read_timeline
from mien.io.timelines.format import ReadOptions, WriteOptions
from mien.io.timelines.losses import reduced
from mien.io.timelines.registry import FORMATS
from tests.io.timelines.layouts import FILES

EVENTS = [name for name, each in FORMATS.items() if each.kind == "events"]
SAMPLES = [name for name, each in FORMATS.items() if each.kind == "samples"]
FPS = Fraction(25)

TIMELINE = AUTimeline(
    (
        AUEvent("AU12L", 0.1, 0.5, 0.2, 0.3, 2.0),
        AUEvent("AU12R", 0.12, 0.48, 0.25, 0.25, 2.5),
        AUEvent("AU4", 0.52, 0.6),
        AUEvent("AU4", 0.6, 0.801, 0.7, 0.7, 5.0),
        AUEvent("AU26", 1.234, 1.5, peak_intensity=0.3),
    ),
    end_seconds=2.0,
    fps=FPS,
    rounding_seconds=0.001,
)

AUS = ("AU1", "AU2", "AU4", "AU6", "AU9", "AU12", "AU25", "AU26")
"""The AUs that every format has a place for."""


def samples() -> AUSamples:
    values = np.random.default_rng(0).integers(0, 6, (6, len(AUS))).astype(float)
    return AUSamples(AUS, values, np.arange(6) / 25)


def path_of(folder: Path, name: str, stem: str) -> Path:
    return folder / f"{stem}{FORMATS[name].suffixes[0]}"


@pytest.fixture(autouse=True)
def _pympi(request: pytest.FixtureRequest) -> None:
    if "elan" in request.node.name:
        pytest.importorskip("pympi")


@pytest.mark.parametrize(("one", "other"), list(permutations(EVENTS, 2)))
def test_events_come_back(tmp_path, one, other):
    first = path_of(tmp_path, one, "first")
    content, losses = reduced(TIMELINE, FORMATS[one], None)
    FORMATS[one].write(first, content, WriteOptions("clip.mp4"))
    second = convert_file(first, path_of(tmp_path, other, "second"), ConvertOptions(target=other))
    third = convert_file(second.path, path_of(tmp_path, one, "third"), ConvertOptions(target=one))
    assert losses == second.losses == third.losses == ()
    assert (second.read_as, third.read_as) == (one, other)
    for path in (first, second.path, third.path):
        read = read_timeline(path)[1].content
        assert read.events == TIMELINE.events
        assert (read.end_seconds, read.fps) == (2.0, FPS)


@pytest.mark.parametrize(("one", "other"), list(permutations(SAMPLES, 2)))
def test_values_come_back(tmp_path, one, other):
    """Whole intensities, so that FaceReader's levels are exact; every other format has a number."""

    def options(source: str, target: str) -> ConvertOptions:
        units = {FORMATS[name].unit for name in (source, target)}
        levels = {FORMATS[n].name for n in (source, target)} <= {
            "facereader",
            "mien",
            "openface",
            "libreface",
        }
        scale = None if units == {"intensity"} or levels else 5.0
        return ConvertOptions(target=target, scale=scale, fps=FPS)

    start = tmp_path / "start.csv"
    FORMATS["mien"].write(start, samples(), WriteOptions())
    first = path_of(tmp_path, one, "first")
    if one == "mien":
        first = start
    else:
        convert_file(start, first, options("mien", one))
    second = convert_file(first, path_of(tmp_path, other, "second"), options(one, other))
    third = convert_file(second.path, path_of(tmp_path, one, "third"), options(other, one))
    assert (second.read_as, third.read_as) == (one, other)
    for path in (first, third.path):
        read = read_timeline(path, ReadOptions(fps=FPS))[1].content
        ordered = [read.names.index(name) for name in AUS]
        assert sorted(read.names) == sorted(AUS)
        inside = read.in_unit("intensity", None if read.unit == "intensity" else 5.0)
        np.testing.assert_allclose(inside.values[:, ordered], samples().values, atol=1e-6)
        np.testing.assert_allclose(read.times_seconds, samples().times_seconds, atol=1e-9)


@pytest.mark.parametrize("name", FORMATS)
def test_what_mien_writes_is_recognised_and_may_be_replaced(tmp_path, name):
    target = FORMATS[name]
    content = TIMELINE if target.kind == "events" else samples().in_unit(target.unit, 5.0)
    for suffix in target.suffixes:
        path = tmp_path / f"clip{suffix}"
        for _ in range(2):
            target.write(path, content, WriteOptions("clip.mp4"))
        assert format_of(path) is target


@pytest.mark.parametrize("name", EVENTS)
def test_a_coding_without_events_may_be_written_again(tmp_path, name):
    path = path_of(tmp_path, name, "empty")
    for _ in range(2):
        FORMATS[name].write(path, AUTimeline((), 2.0, FPS), WriteOptions("clip.mp4"))
    assert read_timeline(path)[1].content.events == ()


@pytest.mark.parametrize("name", FILES)
def test_the_programs_own_layouts_are_recognised(tmp_path, name):
    file, text = FILES[name]
    (tmp_path / file).write_text(text, encoding="utf-8")
    assert format_of(tmp_path / file).name == name
