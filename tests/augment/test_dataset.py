from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mien.augment import dataset
from mien.augment.dataset import make_dataset
from mien.augment.options import AugmentOptions
from mien.augment.plan import plan_clips, split_portraits
from mien.datasets.registry import load_dataset
from mien.engines.motion_net import engine
from mien.engines.weights import read_card
from mien.errors import (
    BadTrackError,
    DatasetError,
    FaceError,
    OutputError,
    UnreadableVideoError,
    UsageError,
)
from mien.flows.maps import measure_flows
from mien.flows.options import FlowsOptions
from mien.io.clips import open_clip
from mien.io.images import read_image, write_png
from mien.io.sidecar import read_sidecar
from mien.io.used_folder import used_folder
from mien.motion import amplitude
from mien.motion.field import measure_field
from tests.augment.sets import QUICK, files_of, manifest
from tests.engines.motion_net.nets import motion_weights
from tests.engines.ulme_gan.test_engine import weights
from tests.kills import killed_in_command


def test_the_loader_reads_what_was_planned(made: Path) -> None:
    copy = load_dataset("folder", made)
    plan = plan_clips(replace(QUICK, count=6), 2)
    assert not copy.problems and len(copy) == 6
    for sample, planned in zip(copy.samples, plan, strict=True):
        assert planned.expression is not None
        assert (sample.clip, sample.label, sample.emotion) == (
            *(planned.name, planned.label, planned.emotion),
        )
        assert sample.facs.names == tuple(e.au for e in planned.expression.envelopes)
        peaks = [e.peak_intensity for e in planned.expression.envelopes]
        levels = [unit.level for unit in sample.aus]
        np.testing.assert_allclose(levels, peaks, atol=0.5)
        assert sample.rise_seconds == pytest.approx(planned.expression.apex_seconds, abs=1e-4)
    assert Counter(sample.subject for sample in copy.samples) == {"ann": 3, "bob": 3}


def test_two_runs_give_the_same_bytes_and_a_stopped_one_goes_on(
    made: Path, people: Path, tmp_path: Path
) -> None:
    out = tmp_path / "again"

    def stop(done: int, total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_dataset(people, out, replace(QUICK, count=6), stop)
    assert not (out / "manifest.csv").exists()
    result = make_dataset(people, out, replace(QUICK, count=6))
    assert result.made == 2 and result.clips == 6
    assert files_of(out) == files_of(made)
    assert make_dataset(people, out, replace(QUICK, count=6)).made == 0
    # Half a clip, or one without its sidecar, is made again.
    (out / "clips" / "rig-0-000002.mkv.json").unlink()
    assert make_dataset(people, out, replace(QUICK, count=6)).made == 1
    assert files_of(out) == files_of(made)


def test_more_clips_leave_the_others_as_they_are(made: Path, people: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(made, tmp_path / "more"))
    assert make_dataset(people, out, replace(QUICK, count=7)).made == 1
    assert manifest(out)[:6] == manifest(made)


def test_a_damaged_clip_is_made_again(made: Path, people: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(made, tmp_path / "set"))
    clip = out / "clips" / "rig-0-000002.mkv"
    clip.write_bytes(clip.read_bytes()[:500])
    result = make_dataset(people, out, replace(QUICK, count=6))
    assert (result.made, result.measured) == (1, True) and files_of(out) == files_of(made)


def test_killed_runs_go_on(people: Path, tmp_path: Path) -> None:
    """A run that is killed is finished by the next one, which leaves nothing behind."""
    how = replace(QUICK, count=2)
    make_dataset(people, tmp_path / "whole", how)
    options = ("--portraits", people, "--count", 2, "--frames", "two", "--flow", "dis")
    for number in (3, 16, 36, 46):  # record, clip, manifest, maps
        out = tmp_path / f"{number}"
        killed = killed_in_command(number, out, "augment", *options, "--size", 96, "--out", out)
        make_dataset(people, out, how)
        assert killed and files_of(out) == files_of(tmp_path / "whole"), number


def test_a_second_run_at_once_is_refused(people: Path, tmp_path: Path) -> None:
    with used_folder(tmp_path / "set"), pytest.raises(OutputError, match="another process"):
        make_dataset(people, tmp_path / "set", replace(QUICK, count=2))


def test_another_seed_is_another_folder(made: Path, people: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="another seed: 0 then, 1 now"):
        make_dataset(people, made, replace(QUICK, seed=1))
    with pytest.raises(UsageError, match="another flow: 'dis' then, 'tvl1' now"):
        make_dataset(people, made, replace(QUICK, count=6, flow="tvl1"))
    one, two = (plan_clips(replace(QUICK, seed=seed), 2) for seed in (0, 1))
    assert one[0].expression != two[0].expression
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="new or empty folder"):
        make_dataset(people, tmp_path, QUICK)


def test_a_whole_clip_has_its_apex_where_the_manifest_says(people: Path, tmp_path: Path) -> None:
    how = AugmentOptions(count=2, fps=50, film=False, side_px=96, flow="dis", emotions="happiness")
    make_dataset(people, tmp_path / "set", how)
    for row in manifest(tmp_path / "set"):
        frames = [f.astype(int) for _, f in open_clip(tmp_path / "set" / row["file"])]
        change = [np.abs(frame - frames[0]).mean() for frame in frames]
        # Without film, nothing moves until the onset (2.5 frames of lead), and the apex moves most.
        assert change[int(row["onset"])] == 0 < change[int(row["apex"])]
        assert abs(int(np.argmax(change)) - int(row["apex"])) <= 1
        assert row["emotion"] == "happiness" and row["label"] == "positive"
        assert float(row["fps"]) == 50


def test_a_driver_moves_another_portrait(people: Path, tmp_path: Path) -> None:
    result = make_dataset(people, tmp_path / "set", replace(QUICK, engine="mesh", film=False))
    rows = manifest(tmp_path / "set")
    assert all({row["subject"], row["driver"]} == {"ann", "bob"} for row in rows)
    # The same draws by the rig itself: the carried motion is alike.
    rig = make_dataset(people, tmp_path / "rig", replace(QUICK, film=False))
    assert result.flows.label.tolist() == rig.flows.label.tolist()
    same_crop = FlowsOptions(flow="dis")
    maps = [measure_flows("folder", tmp_path / n, same_crop).flows.flow for n in ("set", "rig")]
    for mesh_map, rig_map in zip(*maps, strict=True):
        v, expected = mesh_map[..., 1].ravel(), rig_map[..., 1].ravel()
        assert np.corrcoef(v, expected)[0, 1] > 0.5


def test_the_strength_is_applied_once(people: Path, tmp_path: Path) -> None:
    """Labels hold the strength once, and so must what a mover shows and what is carried."""
    how = replace(QUICK, count=1, film=False, strength=0.5, emotions="happiness")
    peaks = []
    for name, asked in (("rig", how), ("mesh", replace(how, engine="mesh"))):
        make_dataset(people, tmp_path / name, asked)
        flow = measure_flows("folder", tmp_path / name, FlowsOptions(flow="dis"))
        (row,) = manifest(tmp_path / name)
        onset, apex = (frame for _, frame in open_clip(tmp_path / name / row["file"]))
        field = measure_field(zip([0.0, 0.1], [onset, apex], strict=True), choose="largest")
        peaks.append(float(np.linalg.norm(field.displacement_cm[1], axis=-1).max()))
        assert flow.flows.label.tolist() == [1]
    # At twice the strength in one of them the ratio would be 2 or 0.5.
    assert peaks[1] / peaks[0] == pytest.approx(1, abs=0.3)


def test_given_drivers(made: Path, people: Path, tmp_path: Path) -> None:
    how = replace(QUICK, engine="mesh", drivers=made, film=False)
    make_dataset(people, tmp_path / "set", how)
    sources = {f"folder/{row['subject']}/{row['clip']}": row for row in manifest(made)}
    for row in manifest(tmp_path / "set"):
        source = sources[row["driver"]]
        assert (row["label"], row["emotion"], row["aus"]) == tuple(
            source[name] for name in ("label", "emotion", "aus")
        )
    copy = Path(shutil.copytree(made, tmp_path / "bad"))
    text = (copy / "manifest.csv").read_text().replace(",0,1,1,", ",0,,1,")
    (copy / "manifest.csv").write_text(text)
    with pytest.raises(DatasetError, match="rig-0-000000: expected an apex"):
        make_dataset(people, tmp_path / "no", replace(how, drivers=copy))


def test_a_driver_with_a_gap(people: Path, tmp_path: Path) -> None:
    frame = read_image(people / "ann.png")
    for number in (3, 4, 6):
        (tmp_path / "drivers" / "a").mkdir(parents=True, exist_ok=True)
        write_png(tmp_path / "drivers" / "a" / f"{number}.png", frame)
    (tmp_path / "drivers" / "manifest.csv").write_text(
        "file,subject,onset,apex,offset,fps,label\na,ann,3,6,6,50,positive\n"
    )
    how = replace(QUICK, engine="mesh", drivers=tmp_path / "drivers")
    with pytest.raises(DatasetError, match=r"mesh-0-000000: expected frame 5 in .*a, got 3 to 6"):
        make_dataset(people, tmp_path / "set", how)


def test_a_damaged_driver_costs_its_clip_alone(made: Path, people: Path, tmp_path: Path) -> None:
    drivers = Path(shutil.copytree(made, tmp_path / "drivers"))
    how = replace(QUICK, engine="mesh", drivers=drivers, film=False)
    first, *_ = plan_clips(how, 2, load_dataset("folder", drivers).samples)
    assert first.driver is not None and first.driver.path is not None
    first.driver.path.write_bytes(b"damaged")
    with pytest.raises(UnreadableVideoError, match="mesh-0-000000: expected a video"):
        make_dataset(people, tmp_path / "set", how)
    result = make_dataset(people, tmp_path / "set", replace(how, skip_bad=True))
    assert result.clips == 2 and len(result.skipped) == 1


def test_a_strength_too_large_for_a_planned_clip(people: Path, tmp_path: Path) -> None:
    with pytest.raises(
        BadTrackError, match=r"strength 3 takes .* use a strength of at most "
    ) as no:
        make_dataset(people, tmp_path / "set", replace(QUICK, strength=3.0))
    assert not (tmp_path / "set").exists()
    largest = float(str(no.value).rsplit(" ", 1)[1])
    assert largest > 1.5 and len(plan_clips(replace(QUICK, strength=largest), 2)) == 3


def test_nobody_is_in_two_splits(people: Path, tmp_path: Path) -> None:
    how = replace(QUICK, count=6, validation=0.5)
    plan = plan_clips(how, 10)
    split_of = {clip.subject: {c.split for c in plan if c.subject == clip.subject} for clip in plan}
    assert all(len(splits) == 1 for splits in split_of.values())
    assert Counter(split_portraits(how, 10)) == {"train": 5, "val": 5}
    result = make_dataset(people, tmp_path / "set", how)
    assert result.validation is not None
    assert not set(result.flows.subjects) & set(result.validation.subjects)
    assert len(result.flows) == len(result.validation) == 3
    mesh = plan_clips(replace(how, engine="mesh", count=60), 10)
    splits = split_portraits(replace(how, engine="mesh"), 10)
    assert all(clip.mover is not None and splits[clip.mover] == clip.split for clip in mesh)
    twin = Path(shutil.copytree(people, tmp_path / "twin"))
    shutil.copy(twin / "ann.png", twin / "cy.png")
    with pytest.raises(DatasetError, match=r"ann\.png and cy\.png, the same picture"):
        make_dataset(twin, tmp_path / "no", how)
    assert not (tmp_path / "no").exists()
    left = make_dataset(twin, tmp_path / "one", replace(how, skip_bad=True))
    assert [line.split(" got ")[1] for line in left.skipped] == [
        "ann.png and cy.png, the same picture"
    ]
    assert "cy" not in left.flows.subjects


def test_too_few_clips_for_both_splits(people: Path, tmp_path: Path) -> None:
    how = replace(QUICK, count=3, validation=0.5)
    with pytest.raises(UsageError, match=r"both splits with --validation 0\.5, got all 3 in"):
        make_dataset(people, tmp_path / "set", how)
    assert not (tmp_path / "set").exists()


def test_a_folder_begun_otherwise_is_refused_before_faces_are_looked_for(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_dataset(people, tmp_path / "set", QUICK)
    monkeypatch.setattr(dataset, "find_portraits", lambda *a: pytest.fail("looked for faces"))
    with pytest.raises(UsageError, match="begun with another strength"):
        make_dataset(people, tmp_path / "set", replace(QUICK, strength=0.5))
    with pytest.raises(UsageError, match=rf"has {QUICK.count} clips already, expected --count"):
        make_dataset(people, tmp_path / "set", replace(QUICK, count=QUICK.count - 1))


def test_a_portrait_without_a_face(people: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(people, tmp_path / "people"))
    write_png(folder / "wall.png", np.full((96, 96, 3), 99, np.uint8))
    with pytest.raises(FaceError, match=r"wall\.png: found no face"):
        make_dataset(folder, tmp_path / "set", QUICK)
    result = make_dataset(folder, tmp_path / "set", replace(QUICK, skip_bad=True))
    assert result.clips == 3 and len(result.skipped) == 1


def test_a_run_goes_on_with_its_own_network_alone(people: Path, tmp_path: Path) -> None:
    """Weights of one name in two folders are two networks: the record holds their hashes."""
    one = weights(tmp_path / "one" / "w")
    other = weights(tmp_path / "other" / "w", width=5)
    how = replace(
        QUICK,
        count=1,
        engine="ulme-gan",
        engine_settings={"weights": one, "precision": "float32"},
        emotions=("happiness",),
    )
    make_dataset(people, tmp_path / "set", how)
    (row,) = manifest(tmp_path / "set")
    settings = read_sidecar(tmp_path / "set" / f"{row['file']}.json").settings
    hashes = read_card(one).shards
    assert settings["network"]["sha256"] == hashes and settings["weights"] == "w"
    record = json.loads((tmp_path / "set" / "augment.json").read_text())
    assert record["network"]["sha256"] == hashes
    assert make_dataset(people, tmp_path / "set", how).made == 0
    again = replace(how, engine_settings={"weights": other, "precision": "float32"})
    with pytest.raises(UsageError, match="begun with another network; choose another folder"):
        make_dataset(people, tmp_path / "set", again)


def test_a_network_is_read_once_and_its_notes_are_kept(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    load = engine.motion_net_for
    monkeypatch.setattr(engine, "motion_net_for", lambda *a: read.append(1) or load(*a))
    note = "the portrait moves less than the driver"
    monkeypatch.setattr(amplitude.Gain, "note", property(lambda gain: note))
    net = motion_weights(tmp_path / "net", prior="awp", jacobians=False)
    how = replace(QUICK, count=2, engine="fomm", engine_settings={"weights": net})
    made = make_dataset(people, tmp_path / "set", how)
    assert len(read) == 1
    assert made.notes == (f"fomm-0-000000: {note}", f"fomm-0-000001: {note}")
    settings = read_sidecar(tmp_path / "set" / "clips" / "fomm-0-000000.mkv.json").settings
    assert settings["notes"] == [note] and settings["network"]["gain"] > 0
