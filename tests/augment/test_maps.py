"""The flow maps of a made data set are those of its manifest, however a run was stopped."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mien.au.catalog import RIG_NAMES
from mien.augment.dataset import make_dataset
from mien.flows.maps import measure_flows
from mien.flows.options import FlowsOptions
from mien.io.clip_hash import sha256_clip
from mien.io.flow_sets import FlowSet
from mien.io.sidecar import read_sidecar, sidecar_path, sidecar_text
from tests.augment.sets import QUICK, files_of, manifest


def test_flows_are_those_that_mien_flows_measures(made: Path) -> None:
    flows = FlowSet.from_npz(made / "flows.npz")
    again = measure_flows("folder", made, FlowsOptions(flow="dis", vary_crop=True)).flows
    np.testing.assert_array_equal(flows.flow, again.flow)
    assert flows.counts == {"negative": 2, "positive": 2, "surprise": 2}
    assert flows.clip.tolist() == [row["clip"] for row in manifest(made)]


def test_intensities_beside_the_maps_are_those_of_the_clips_own_tracks(made: Path) -> None:
    flows = FlowSet.from_npz(made / "flows.npz")
    assert flows.aus is not None
    for row, level in zip(manifest(made), flows.aus.intensity, strict=True):
        track = read_sidecar(sidecar_path(made / row["file"])).track
        assert track is not None
        apex = track.to_sided()[int(row["apex"])]
        assert np.count_nonzero(apex) and apex.max() > 0.9
        for name, value, asked in zip(RIG_NAMES, level, apex, strict=True):
            assert value == pytest.approx(asked, abs=0.02), name


def test_a_run_stopped_while_it_measures_leaves_no_maps_of_other_clips(
    made: Path, people: Path, tmp_path: Path
) -> None:
    out = tmp_path / "set"
    make_dataset(people, out, replace(QUICK, count=2))

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_dataset(people, out, replace(QUICK, count=6), on_flow=stop)
    assert not (out / "flows.npz").exists()
    result = make_dataset(people, out, replace(QUICK, count=6))
    assert result.made == 0 and len(result.flows) == 6
    assert files_of(out) == files_of(made)


def test_clips_without_a_map_are_listed_by_each_run(
    made: Path, people: Path, tmp_path: Path
) -> None:
    out = Path(shutil.copytree(made, tmp_path / "set"))
    clip = out / "clips" / "rig-0-000002.mkv"
    clip.write_bytes(b"damaged")
    sidecar = replace(read_sidecar(sidecar_path(clip)), sha256=sha256_clip(clip))
    sidecar_path(clip).write_text(sidecar_text(sidecar))
    (out / "flows.npz").unlink()
    how = replace(QUICK, count=6, skip_bad=True)
    for _ in range(2):
        result = make_dataset(people, out, how)
        assert len(result.flows) == 5
        (line,) = result.skipped
        assert "rig-0-000002: " in line


@pytest.mark.parametrize("fault", ["no record", "of fewer clips", "cut", "validation gone"])
def test_maps_that_are_not_of_the_manifest_are_measured_again(
    made: Path, people: Path, tmp_path: Path, fault: str
) -> None:
    """As a run that was killed while it extended the set left them once, and as accidents leave them."""
    how = replace(QUICK, count=6)
    if fault == "validation gone":
        how = replace(how, validation=0.5)
        out = tmp_path / "set"
        make_dataset(people, out, how)
        whole = files_of(out)
        (out / "flows-val.npz").unlink()
    else:
        out = Path(shutil.copytree(made, tmp_path / "set"))
        whole = files_of(made)
        if fault == "no record":
            (out / "maps.json").unlink()
        elif fault == "cut":
            (out / "flows.npz").write_bytes((out / "flows.npz").read_bytes()[:500])
        else:
            make_dataset(people, tmp_path / "two", replace(QUICK, count=2))
            shutil.copy(tmp_path / "two" / "flows.npz", out)
            shutil.copy(tmp_path / "two" / "maps.json", out)
    result = make_dataset(people, out, how)
    assert (result.made, result.measured) == (0, True)
    assert files_of(out) == whole
    assert not make_dataset(people, out, how).measured
