from __future__ import annotations

import csv
import json
from fractions import Fraction

import numpy as np
import pytest
import skimage.data
from PIL import Image

from mien.generate.frames import render_frames
from mien.io.clips import open_clip
from mien.io.images import write_png
from mien.io.sinks import open_sink
from mien.io.tracks import read_track

FPS = Fraction(50)


def write(path, frames):
    height, width, channels = frames[0].shape
    with open_sink(path, FPS, width=width, height=height, channels=channels) as sink:
        for frame in frames:
            sink.write(np.ascontiguousarray(frame))
    return path


def rows(path):
    with path.open() as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def face():
    return np.ascontiguousarray(skimage.data.astronaut()[0:256, 96:352])


@pytest.fixture(scope="module")
def brows(face):
    """Ten frames: raised brows, the apex in frame 5."""
    from mien.au.track import AUTrack

    level = np.array([0, 0, 1, 2, 3.5, 4, 3, 2, 1, 0.5])
    track = AUTrack(("AU1", "AU2"), np.stack([level, level], 1), np.arange(10) / 50)
    return list(render_frames(face, track))


@pytest.fixture(scope="module")
def clip(brows, tmp_path_factory):
    return write(tmp_path_factory.mktemp("clip") / "brows.mkv", brows)


def test_raised_brows_are_the_strongest(run, clip, tmp_path):
    out = tmp_path / "aus.csv"
    ran = run("measure", clip, "--out", out, "--json")
    record = json.loads(ran.out)
    assert (ran.code, ran.err, ran.out.count("\n")) == (0, "", 1)
    assert next(iter(record["peaks"]))[:3] in ("AU1", "AU2")
    assert abs(record["spotted"]["apex"]["index"] - 5) <= 1
    assert record["spotted"]["apex"]["file_number"] is None
    table = rows(out)
    assert [row["frame"] for row in table] == [str(i) for i in range(1, 11)]
    assert list(table[0])[:5] == ["frame", "face_id", "timestamp", "confidence", "success"]
    assert float(table[5]["AU01L_r"]) > 1 > float(table[0]["AU01L_r"])
    assert float(table[3]["timestamp"]) == 0.06


def test_a_folder_names_file_numbers_in_natural_order(run, brows, tmp_path):
    folder = tmp_path / "frames"
    folder.mkdir()
    for number, frame in enumerate(brows, start=95):  # img95 ... img104
        write_png(folder / f"img{number}.png", frame)
    out = tmp_path / "aus.csv"
    assert "--fps" in run("measure", folder, "--out", out).err
    ran = run("measure", folder, "--fps", 50, "--out", out, "--apex", "--start", 0.02)
    apex = next(line for line in ran.out.splitlines() if line.startswith("apex"))
    index, number = (int(word) for word in apex.replace(",", " ").split() if word.isdigit())
    assert number == index + 96 and abs(number - 100) <= 1
    assert len(rows(out)) == 9


def test_plot_and_overlay(run, clip, tmp_path):
    plot, overlay = tmp_path / "page.png", tmp_path / "mesh.mkv"
    ran = run("measure", clip, "--out", tmp_path / "a.csv", "--plot", plot, "--overlay", overlay)
    assert ran.code == 0
    with Image.open(plot) as drawn:
        assert drawn.width == 1800
    shown = open_clip(overlay)
    frames = [frame for _, frame in shown]
    assert shown.size == (768, 768) and len(frames) == 10
    assert b"Synthetic" in overlay.read_bytes()  # as the clip says of itself


def test_an_overlay_of_filmed_frames_is_not_called_synthetic(run, brows, tmp_path):
    (tmp_path / "filmed").mkdir()
    for number, frame in enumerate(brows):
        write_png(tmp_path / "filmed" / f"{number}.png", frame)
    overlay = tmp_path / "mesh.mkv"
    words = ("--fps", 50, "--out", tmp_path / "a.csv", "--overlay", overlay)
    assert run("measure", tmp_path / "filmed", *words).code == 0
    assert b"Synthetic" not in overlay.read_bytes()


def test_one_frame_is_refused(run, face, tmp_path):
    one = write(tmp_path / "one.mkv", [face])
    ran = run("measure", one, "--out", tmp_path / "a.csv")
    assert ran.code == 2 and ran.err.count("\n") == 1 and "two frames or more, got one" in ran.err
    assert not (tmp_path / "a.csv").exists()


def test_a_still_clip_is_zero_and_says_so(run, face, tmp_path):
    out = tmp_path / "a.csv"
    ran = run("measure", write(tmp_path / "still.mkv", [face] * 4), "--out", out, "--apex")
    assert (
        ran.code == 0
        and f"warning: {tmp_path / 'still.mkv'}: nothing moves in this clip" in ran.err
    )
    assert "no AU moves" in ran.out and "no onset" in ran.out
    assert not read_track(out).values.any()


@pytest.mark.parametrize("how", ["leaves", "cut"])
def test_a_lost_face_ends_the_measurement(run, brows, tmp_path, how):
    other = {"cut": np.ascontiguousarray(brows[0][:, ::-1]), "leaves": np.full_like(brows[0], 90)}
    rest = [other[how]] * 3
    out = tmp_path / "a.csv"
    ran = run("measure", write(tmp_path / "lost.mkv", [*brows[:6], *rest]), "--out", out)
    says = (
        "a cut or another face, at frame 6" if how == "cut" else "black, white or even, at frame 6"
    )
    assert ran.code == 0 and ran.err.count("\n") == 1 and says in ran.err
    table = rows(out)
    assert len(table) == 9
    assert [row["success"] for row in table] == ["1"] * 6 + ["0"] * 3
    assert table[6]["AU01_r"] == "nan" and table[6]["confidence"] == "0"
    assert len(read_track(out)) == 6  # what follows the face is not read back


def test_a_broken_file_is_measured_up_to_there(run, brows, tmp_path):
    folder = tmp_path / "frames"
    folder.mkdir()
    for number, frame in enumerate(brows):
        write_png(folder / f"{number}.png", frame)
    (folder / "7.png").write_bytes(b"no picture")
    out = tmp_path / "a.csv"
    ran = run("measure", folder, "--fps", 50, "--out", out)
    assert ran.code == 0 and ran.err.count("\n") == 1
    assert "frame 7 cannot be read" in ran.err and "the 7 frames before that are kept" in ran.err
    assert len(rows(out)) == 7


def test_uneven_times_are_kept(run, uneven, tmp_path):
    path, times = uneven
    out = tmp_path / "a.csv"
    ran = run("measure", path, "--out", out)
    assert ran.code == 0 and "uneven times, 20.0 to 60.0 ms apart" in ran.err
    np.testing.assert_allclose(read_track(out).times_seconds, times, atol=1e-3)


@pytest.fixture
def uneven(brows, tmp_path):
    """A video whose frames are 20 or 60 ms apart, and its times."""
    import av

    path = tmp_path / "uneven.mkv"
    steps = [0, 1, 2, 5, 6, 9, 10, 11, 14, 15]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=50)
        stream.width, stream.height, stream.pix_fmt = 256, 256, "bgr0"
        for step, image in zip(steps, brows, strict=True):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format="bgr0")
            frame.pts, frame.time_base = step, Fraction(1, 50)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path, np.array(steps) / 50


def test_a_transfer_of_uneven_times_is_even(run, uneven, face_file, tmp_path):
    out = tmp_path / "moved.mkv"
    ran = run("transfer", uneven[0], face_file, "--out", out, "--json")
    record = json.loads(ran.out)
    assert ran.code == 0 and "interpolated at their mean rate" in ran.err
    times = np.array([seconds for seconds, _ in open_clip(out)])
    assert len(times) == record["frames"] and np.ptp(np.diff(times)) < 1e-3


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--start", 9), "from --start 9 s on"),
        (("--start", 0.1, "--end", 0.05), "expected --end after --start"),
        (("--baseline", 40), "neutral frame from 0 to 9, got 40"),
        (("--baseline", "last"), "--baseline first, median"),
        (("--face", 3), "no face 3"),
        (("--plot", "page.pdf"), ".png"),
        (("--scale", "half"), "expected one of full, fast"),
    ],
)
def test_what_makes_no_sense_is_refused(run, clip, tmp_path, options, says):
    ran = run("measure", clip, "--out", tmp_path / "a.csv", *options)
    assert ran.code == 2 and says in ran.err and ran.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_no_face_and_no_table(run, clip, tmp_path):
    cat = np.ascontiguousarray(skimage.data.chelsea()[::2, ::2])
    path = write(tmp_path / "cat.mkv", [cat, cat])
    ran = run("measure", path, "--out", tmp_path / "a.csv")
    assert "cat.mkv, first frame: found no face" in ran.err and "--start begins later" in ran.err
    assert ".csv" in run("measure", clip, "--out", tmp_path / "a.txt").err


def test_a_faint_movement_is_called_so(run, face_file, tmp_path):
    faint = tmp_path / "faint.mkv"
    au = ("--au", "AU12=0.4@0-0.12-0.2-0.32", "--fps", 50)
    assert run("generate", face_file, *au, "--out", faint).code == 0
    ran = run("measure", faint, "--out", tmp_path / "a.csv", "--json")
    said = json.loads(ran.out)
    assert "hardly anything moves" in ran.err and max(said["peaks"].values()) < 0.5
    assert said["offset_seen"] is True


def test_a_blink_alone_is_called_so(run, face_file, tmp_path):
    blink = tmp_path / "blink.mkv"
    au = ("--au", "AU45=5@0-0.12-0.2-0.32", "--fps", 50)
    assert run("generate", face_file, *au, "--out", blink).code == 0
    ran = run("measure", blink, "--out", tmp_path / "a.csv")
    assert "hardly anything moves but blinking lids (no other AU passes" in ran.err
    assert "strongest AU45" in ran.out
