"""What clips and pages say of themselves, from the engine and the files that went in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

import mien
from mien.common.marking import clip_mark, source_from
from mien.engines.registry import find_engine
from mien.errors import UsageError
from mien.io.clips import open_clip
from mien.io.digital_source import digital_sources_in
from mien.io.sidecar import InputFile, read_sidecar
from mien.plots.contact_sheet import contact_sheet
from mien.plots.measured import plot_measurement
from mien.plots.overlay import write_overlay

URI = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED = "compositeWithTrainedAlgorithmicMedia"
MOVE = {"au": "AU12=3@0-0.08-0.08-0.16", "fps": 25}
OUTPUTS = ("a.mp4", "a.mkv", "a.gif", "a")


def files_of(clip: Path) -> list[Path]:
    return sorted(clip.glob("*.png")) if clip.is_dir() else [clip]


@pytest.fixture(scope="module")
def painted(small_face: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portrait that a generator painted, and says so."""
    path = tmp_path_factory.mktemp("painted") / "painted.jpg"
    xmp = f'<a Iptc4xmpExt:DigitalSourceType="{URI}trainedAlgorithmicMedia"/>'
    Pillow.fromarray(small_face).save(path, quality=95, xmp=xmp.encode())
    return path


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_clip_of_a_photograph_is_a_composite(face_file, tmp_path, name):
    made = mien.generate(face_file, tmp_path / name, **MOVE)
    for file in files_of(made.path):
        assert digital_sources_in([file]) == ("compositeSynthetic",)
        assert InputFile.of(face_file).sha256.encode() in file.read_bytes() or name == "a.mkv"
    sidecar = read_sidecar(made.sidecar)
    assert sidecar.source == "compositeSynthetic" and sidecar.inputs[0].sources == ()
    assert f'"digital_source_type": "{URI}compositeSynthetic"' in made.sidecar.read_text()


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_mark_of_a_portrait_survives_in_its_clips_and_in_their_clips(
    painted, face_file, tmp_path, name
):
    made = mien.generate(painted, tmp_path / name, **MOVE)
    assert read_sidecar(made.sidecar).inputs[0].sources == ("trainedAlgorithmicMedia",)
    assert {digital_sources_in([file]) for file in files_of(made.path)} == {(TRAINED,)}
    # The clip drives a photograph.
    out = tmp_path / f"carried-{name}"
    carried = mien.transfer(made.path, face_file, out, **({"fps": 25} if name == "a" else {}))
    record = read_sidecar(carried.sidecar)
    assert record.source == TRAINED and [each.sources for each in record.inputs] == [(TRAINED,), ()]
    assert {digital_sources_in([file]) for file in files_of(out)} == {(TRAINED,)}
    if name != "a":
        assert record.inputs[0].sha256 == read_sidecar(made.sidecar).sha256
    # And a frame of it is a portrait.
    if name == "a":
        again = mien.generate(files_of(out)[3], tmp_path / "b.mkv", **MOVE)
        assert digital_sources_in([again.path]) == (TRAINED,)


def test_networks_say_so():
    trained = {
        e.name
        for e in map(find_engine, ("fomm", "mraa", "ulme-gan"))
        if e.digital_source == TRAINED
    }
    assert trained == {"fomm", "mraa", "ulme-gan"}
    assert (
        find_engine("rig").digital_source
        == find_engine("mesh").digital_source
        == "compositeSynthetic"
    )
    photograph = InputFile("a.png", "0" * 64)
    assert clip_mark(find_engine("fomm"), [photograph]).source == TRAINED
    with pytest.raises(UsageError, match="digital source"):
        replace(find_engine("rig"), digital_source="photograph")


def test_sheets_and_plots(painted, tmp_path):
    clip = mien.generate(painted, tmp_path / "a.mkv", **MOVE).path
    contact_sheet(clip, tmp_path / "sheet.png")
    assert digital_sources_in([tmp_path / "sheet.png"]) == (TRAINED,)
    with Pillow.open(tmp_path / "sheet.png") as sheet:
        assert "XML:com.adobe.xmp" in sheet.text and sheet.text["Software"].startswith("Mien ")
        assert sheet.info["dpi"][0] == pytest.approx(150, abs=0.1)


def test_the_plot_and_the_overlay_of_a_film_do_not_call_it_synthetic_by_mistake(
    face_file, tmp_path
):
    made = mien.generate(face_file, tmp_path / "a.mkv", **MOVE).path
    data = made.read_bytes()
    film = tmp_path / "film.mkv"  # as a camera would have it: without a word of its origin
    film.write_bytes(data.replace(b"digitalsourcetype", b"digitalsourcetypo"))
    for clip, of_plot, of_overlay in (
        (film, "dataDrivenMedia", "composite"),
        (made, "compositeSynthetic", "compositeSynthetic"),
    ):
        measured = mien.measure(clip)
        plot_measurement(measured, tmp_path / "plot.png")
        assert digital_sources_in([tmp_path / "plot.png"]) == (of_plot,)
        write_overlay(measured, tmp_path / "overlay.mp4")
        assert digital_sources_in([tmp_path / "overlay.mp4"]) == (of_overlay,)


def test_a_folder_of_frames_has_the_marks_of_all(face_file, painted, tmp_path):
    folder = tmp_path / "frames"
    folder.mkdir()
    (folder / "1.jpg").write_bytes(painted.read_bytes())
    (folder / "0.png").write_bytes(face_file.read_bytes())
    assert source_from("dataDrivenMedia", [folder]) == TRAINED


def test_motion_and_aus_are_the_same_before_and_after_marking(painted, face_file, tmp_path):
    """One clip with its marks, and the same without."""
    for name in ("a.mp4", "a.mkv"):
        clip = mien.generate(painted, tmp_path / name, au="AU12=4@0-0.1-0.1-0.2", fps=50).path
        data = clip.read_bytes()
        bare = tmp_path / f"bare-{name}"
        if name == "a.mp4":
            bare.write_bytes(data[: data.rindex(b"uuid") - 4])
        else:
            bare.write_bytes(data.replace(b"digitalsourcetype", b"digitalsourcetypo"))
        assert digital_sources_in([bare]) == ()
        one, other = mien.measure(clip), mien.measure(bare)
        assert one.track == other.track and one.track.peak > 1
        assert np.array_equal(one.field.displacement_cm, other.field.displacement_cm)
        frames = zip(open_clip(clip), open_clip(bare), strict=True)
        assert all(np.array_equal(a[1], b[1]) for a, b in frames)
