from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from mien.au.catalog import RIG_NAMES
from mien.errors import DatasetError, FaceError, UsageError
from mien.face.portrait import Portrait
from mien.flows.maps import measure_flows
from mien.flows.options import FlowsOptions
from mien.generate import generate
from mien.io.images import read_image, write_png
from mien.motion.onset_apex import onset_apex_flow

HEADER = "file,subject,onset,apex,offset,fps,aus,emotion\n"
QUICK = FlowsOptions(flow="dis")


@pytest.fixture(scope="module")
def clips(face_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two clips of 50 frames a second: a smile as a video, raised brows as PNGs."""
    folder = tmp_path_factory.mktemp("clips")
    course = "@0.02-0.12-0.16-0.24"
    generate(face_file, folder / "smile.mkv", au=f"AU12=3{course}", fps=50)
    generate(face_file, folder / "brows", au=(f"AU1=3{course}", f"AU2=3{course}"), fps=50)
    rows = "smile.mkv,ann,1,6,12,50,12,happiness\nbrows,bob,1,6,12,50,1+2,surprise\n"
    (folder / "manifest.csv").write_text(HEADER + rows + "smile.mkv,cy,1,6,12,50,12,others\n")
    return folder


@pytest.fixture
def copy(clips: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(clips, tmp_path / "copy"))


def rewrite(folder: Path, *rows: str) -> Path:
    (folder / "manifest.csv").write_text(HEADER + "\n".join(rows) + "\n")
    return folder


def test_maps_labels_and_people(clips: Path) -> None:
    done: list[tuple[int, int]] = []
    measured = measure_flows("folder", clips, QUICK, lambda *counts: done.append(counts))
    flows = measured.flows
    assert (measured.without_label, measured.skipped, done) == (1, (), [(1, 2), (2, 2)])
    assert flows.label.tolist() == [1, 2]
    assert flows.subject.tolist() == ["folder_ann", "folder_bob"]
    assert flows.clip.tolist() == ["smile.mkv", "brows"]
    assert flows.aus is not None
    moved = [{RIG_NAMES[i] for i in np.flatnonzero(row == 1)} for row in flows.aus.present]
    assert moved == [{"AU12L", "AU12R"}, {"AU1L", "AU1R", "AU2L", "AU2R"}]
    smile, brows = flows.flow.astype(int)
    # A smile pulls the mouth's corners apart and up: its right half (of the picture) goes right, its left half left.
    assert smile[14:22, 18:24, 0].mean() > smile[14:22, 4:10, 0].mean() + 60
    # Brows go up, which is less than 0, and what is below the nose stays.
    assert brows[1:6, 8:20, 1].mean() < brows[20:, 8:20, 1].mean() - 60


@pytest.mark.parametrize("method", ["tvl1", "dis"])
def test_flow_is_the_motion(portrait: Portrait, method: str) -> None:
    """A picture that goes 3 pixels right and 2 up, in the crop's own pixels."""
    from mien.face.recognition_crop import HEIGHT_PX, recognition_crop

    image = portrait.image[..., :3]
    moved = np.roll(image, (-2, 3), axis=(0, 1))
    flow = onset_apex_flow(image, moved, method, portrait.face)  # type: ignore[arg-type]
    crop = recognition_crop(portrait.face)
    zoom, roll = HEIGHT_PX / crop.side_px, crop.roll_radians
    expected = zoom * np.array(
        [3 * np.cos(roll) - 2 * np.sin(roll), -3 * np.sin(roll) - 2 * np.cos(roll)]
    )
    inside = flow[20:-20, 20:-20].reshape(-1, 2)
    np.testing.assert_allclose(np.median(inside, axis=0), expected, atol=0.25)


def test_crop_has_level_eyes_where_it_says(portrait: Portrait) -> None:
    from mien.face.portrait import find_face
    from mien.face.recognition_crop import cut_for_recognition, recognition_crop

    crop = recognition_crop(portrait.face)
    drawn = cut_for_recognition(portrait.image, crop)
    assert drawn.shape == (140, 112, 3)
    # Eyes found again in a larger drawing of the same square.
    large = np.rint(crop.sample(portrait.image[..., :3], 420)).clip(0, 255).astype(np.uint8)
    framed = np.pad(large, ((100, 100), (100, 100), (0, 0)), mode="edge")
    points = find_face(framed).landmarks[:, :2] - 100
    right, left = points[[33, 133]].mean(0), points[[263, 362]].mean(0)
    assert abs(left[1] - right[1]) < 8
    assert (left[1] + right[1]) / 2 / 420 == pytest.approx(0.24, abs=0.02)
    assert (left[0] - right[0]) / (420 * 112 / 140) == pytest.approx(0.53, abs=0.03)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("brows,bob,1,,12,50,1,surprise", "folder/bob/brows: expected an apex, got none"),
        ("gone,bob,1,6,12,50,1,surprise", "folder/bob/gone: expected its frames"),
        ("brows,bob,1,66,12,50,1,surprise", "folder/bob/brows: expected frame 66"),
        ("smile.mkv,bob,1,66,12,50,1,surprise", "expected frames 1 and 66"),
        ("brows,bob,6,6,12,50,1,surprise", "expected an apex after onset 6, got 6"),
        ("brows,bob,x,6,12,50,1,surprise", "line 2"),
    ],
)
def test_what_is_missing_is_named_or_left_out(copy: Path, row: str, says: str) -> None:
    rewrite(copy, row, "smile.mkv,ann,1,6,12,50,12,happiness")
    with pytest.raises(DatasetError, match="skip-bad") as caught:
        measure_flows("folder", copy, QUICK)
    assert says in str(caught.value) and "\n" not in str(caught.value)
    rest = measure_flows("folder", copy, FlowsOptions(flow="dis", skip_bad=True))
    assert rest.flows.subject.tolist() == ["folder_ann"]
    assert len(rest.skipped) == 1 and says in rest.skipped[0]


def test_coded_clips_of_any_emotion(copy: Path) -> None:
    rewrite(
        copy,
        "brows,bob,1,6,12,50,1+2,others",
        "brows,cy,1,6,12,50,1+2,surprise",
        "smile.mkv,ann,1,6,12,50,,happiness",
    )
    measured = measure_flows("folder", copy, FlowsOptions(flow="dis", coded=True))
    assert measured.flows.subject.tolist() == ["folder_bob", "folder_cy"]
    assert measured.flows.label.tolist() == [-1, 2] and measured.without_label == 1
    assert measure_flows("folder", copy, QUICK).flows.subject.tolist() == [
        "folder_cy",
        "folder_ann",
    ]
    rewrite(copy, "smile.mkv,ann,1,6,12,50,,happiness")
    with pytest.raises(DatasetError, match="clips with a FACS code, got none of 1"):
        measure_flows("folder", copy, FlowsOptions(flow="dis", coded=True))


def test_crops_vary_with_the_clip_alone(copy: Path) -> None:
    varied = FlowsOptions(flow="dis", vary_crop=True)
    both, plain = (measure_flows("folder", copy, how).flows.flow for how in (varied, QUICK))
    assert not np.array_equal(both, plain)
    rewrite(copy, "brows,bob,1,6,12,50,1+2,surprise")
    np.testing.assert_array_equal(measure_flows("folder", copy, varied).flows.flow[0], both[1])


def test_drawn_framings_put_the_eyes_where_they_say(portrait: Portrait) -> None:
    from mien.face.recognition_crop import HEIGHT_PX, Framing, recognition_crop

    eyes = [portrait.face.landmarks[[a, b], :2].mean(0) for a, b in ((33, 133), (362, 263))]
    for seed in range(5):
        framing = Framing.drawn(np.random.default_rng(seed))
        crop = recognition_crop(portrait.face, framing)
        matrix = crop.to_image(HEIGHT_PX)
        drawn = [np.linalg.solve(matrix[:, :2], eye - matrix[:, 2]) for eye in eyes]
        width = framing.width_px
        assert drawn[0][1] == pytest.approx(drawn[1][1], abs=0.01)
        assert (drawn[1][0] - drawn[0][0]) / width == pytest.approx(
            framing.eye_distance_share, rel=0.02
        )
        row = (drawn[0][1] + 0.5 + framing.shift_shares[1] * width) / HEIGHT_PX
        assert row == pytest.approx(framing.eye_row_share, abs=0.01)


def test_an_onset_without_a_face(copy: Path) -> None:
    first = copy / "brows" / "000001.png"
    write_png(first, np.full_like(read_image(first), 99))
    with pytest.raises(FaceError, match="folder/bob/brows: found no face"):
        measure_flows("folder", copy, QUICK)


def test_an_apex_is_found_where_none_was_coded(copy: Path, clips: Path) -> None:
    row = "{},ann,0,,14,50,12,happiness"
    rewrite(copy, row.format("smile.mkv"), row.format("brows"))
    found = measure_flows("folder", copy, FlowsOptions(flow="dis", find_apex=True)).flows
    # From 0.12 to 0.16 s all is at its peak.
    for apex in (6, 7, 8):
        rewrite(copy, f"smile.mkv,ann,0,{apex},14,50,12,happiness")
        coded = measure_flows("folder", copy, QUICK).flows
        if np.array_equal(coded.flow[0], found.flow[0]):
            return
    pytest.fail("the apex that was found is not in frames 6 to 8")


def test_the_composite_takes_three_folders(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="casme2"):
        measure_flows("megc2019", tmp_path, QUICK)
    with pytest.raises(UsageError, match="for a single data set"):
        measure_flows("megc2019", tmp_path, FlowsOptions(frames=tmp_path))
    with pytest.raises(UsageError, match="megc2019"):
        measure_flows("megc2018", tmp_path, QUICK)
