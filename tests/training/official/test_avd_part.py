"""AVD comes with an official checkpoint of MRAA."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from mien.engines.motion_net.avd import load_avd
from mien.engines.motion_net.mraa import MraaEngine
from mien.engines.motion_net.networks import load_motion_net
from mien.engines.motion_net.settings import MraaSettings
from mien.engines.weights import read_card
from mien.errors import UsageError, WeightsError
from mien.models.mraa import MraaConfig
from mien.models.regions import Regions
from mien.training.run import import_weights
from tests.engines.motion_net.nets import motion_weights
from tests.training.official import reference
from tests.training.official.states import checkpoint, read_here, saved, with_avd


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)


def written(folder: Path, state: dict[str, object]) -> Path:
    torch.save(state, folder / "cpk.pth")
    return folder / "cpk.pth"


def regions(seed: int, points: int) -> Regions:
    """Turned anywhere, so that the trace and the first number often differ in their sign."""
    rng = torch.Generator().manual_seed(seed)
    shift = torch.rand(2, points, 2, generator=rng) - 0.5
    affine = torch.randn(2, points, 2, 2, generator=rng) / 5
    return Regions(shift, affine @ affine.mT, affine)


@pytest.mark.parametrize("name, points", [("mraa", 10), ("mraa-awp", 18)])
def test_avd_maps_regions_as_the_paper_s_system_does(
    tmp_path: Path, name: str, points: int
) -> None:
    state = with_avd(name)
    out, avd = tmp_path / "w", tmp_path / "avd"
    made = import_weights(written(tmp_path, state), out, name, avd=avd, licence="MIT")
    assert made.notes == (f"avd_network is in {avd}: drive with --driving avd --avd {avd}",)
    net = load_motion_net("mraa", out)
    loaded = load_avd(avd, net.config)
    own, driving = regions(0, points), regions(1, points)
    turned = own.affine @ torch.linalg.inv(driving.affine)
    first, trace = turned[..., 0, 0], turned.diagonal(dim1=-2, dim2=-1).sum(-1)
    assert (first.sign() != trace.sign()).any()
    with torch.inference_mode():
        got = loaded(own, driving)
    tensors = state["avd_network"]
    assert isinstance(tensors, dict)
    wanted: tuple[Tensor, ...] = reference.avd_regions(
        tensors, (own.shift, own.affine), (driving.shift, driving.affine)
    )
    for part, each in zip(got, wanted, strict=True):
        torch.testing.assert_close(part, each, atol=1e-5, rtol=0)
    card = read_card(avd, "avd")
    assert card.licence == "MIT" and card.recipe == made.card.recipe and card.aus == ()
    assert card.crop == made.card.crop
    assert card.config == {
        **{"points": points, "identity_size": 3, "pose_size": 5, "widths": [4, 6, 8]},
        "conventions": "published",
    }


def test_it_drives_with_mraa(tmp_path: Path) -> None:
    out, avd = tmp_path / "w", tmp_path / "avd"
    import_weights(written(tmp_path, with_avd()), out, "mraa", avd=avd)
    engine = MraaEngine(MraaSettings(weights=out, driving="avd", avd=avd))
    own, driver = (tuple(each) for each in (regions(0, 10), regions(1, 10)))
    with torch.inference_mode():
        posed = engine.articulated().absolute(tuple(part[:1] for part in own), driver)
    assert posed[0].shape == (2, 10, 2) and posed[0].isfinite().all()
    assert engine.record()["avd"]["architecture"] == "avd"


def test_it_does_not_drive_a_network_with_other_conventions(tmp_path: Path) -> None:
    import_weights(written(tmp_path, with_avd()), tmp_path / "w", "mraa", avd=tmp_path / "avd")
    other = motion_weights(tmp_path / "own", "mraa", prior="none")
    engine = MraaEngine(MraaSettings(weights=other, driving="avd", avd=tmp_path / "avd"))
    with pytest.raises(UsageError, match="network's conventions mien, got those with published"):
        _ = engine.avd
    with pytest.raises(UsageError, match=r"for 18 regions.*got those for 10"):
        load_avd(tmp_path / "avd", MraaConfig(prior="awp", conventions="published"))


def test_without_the_option_a_note_names_it(tmp_path: Path) -> None:
    made = import_weights(written(tmp_path, with_avd()), tmp_path / "w", "mraa")
    assert made.notes == ("the file also holds avd_network: import it with --avd FOLDER",)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["cpk.pth", "w"]


def changed(**tensors: Tensor | None) -> dict[str, object]:
    """A checkpoint with other tensors of AVD; None leaves one out."""
    state = with_avd()
    own = state["avd_network"]
    assert isinstance(own, dict)
    new = {name.replace("__", "."): tensor for name, tensor in tensors.items()}
    return state | {"avd_network": {k: v for k, v in (own | new).items() if v is not None}}


@pytest.mark.parametrize(
    "state, said",
    [
        (checkpoint("mraa"), "with avd_network for --avd, got one without"),
        (with_avd("mraa-awp")["avd_network"], "the 10 regions of mraa, got one for 108 numbers"),
        (changed(decoder__0__weight=torch.zeros(8, 9)), r"decoder.0.weight has the shape \(8, 8\)"),
        (changed(pose_encoder__4__bias=None), "got one without avd_network.pose_encoder.4.bias"),
        (changed(id_encoder__0__weight=None), "got one without avd_network.id_encoder.0.weight"),
        (
            changed(id_encoder__0__weight=torch.zeros(4)),
            r"id_encoder.0.weight has the shape \(4,\)",
        ),
        (changed(gate__weight=torch.zeros(4)), "with avd_network.gate.weight, which is not a part"),
    ],
    ids=["none", "regions", "shape", "missing", "no first layer", "one axis", "more"],
)
def test_another_network_is_refused_and_nothing_is_written(
    tmp_path: Path, state: dict[str, object], said: str
) -> None:
    if "generator" not in state:
        state = checkpoint("mraa") | {"avd_network": state}
    with pytest.raises(WeightsError, match=said):
        import_weights(written(tmp_path, state), tmp_path / "w", "mraa", avd=tmp_path / "avd")
    assert [path.name for path in tmp_path.iterdir()] == ["cpk.pth"]


def test_folders_are_checked_before_the_file_is_read(tmp_path: Path) -> None:
    none = tmp_path / "none.pth"
    for avd in ("w", "w/avd", "."):
        with pytest.raises(UsageError, match="expected --avd beside --out"):
            import_weights(none, tmp_path / "w", "mraa", avd=tmp_path / avd)
    with pytest.raises(
        UsageError, match="expected --avd with a checkpoint of MRAA, got one of fomm"
    ):
        import_weights(saved(tmp_path, "fomm"), tmp_path / "w", "fomm", avd=tmp_path / "avd")
