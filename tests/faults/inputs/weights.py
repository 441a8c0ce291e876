"""Malformed weights: a card, and tensors in safetensors."""

from __future__ import annotations

import hashlib
import json
import shutil
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from mien.engines.motion_net.networks import load_motion_net
from mien.engines.ulme_gan.generator import load_generator
from mien.engines.weights import save_weights
from mien.engines.weights_card import WeightsCard
from tests.faults.inputs.reader import Reader
from tests.faults.inputs.special import special
from tests.faults.inputs.spoil import spoil_bytes, spoil_json, spoil_value

SIZES = (0, -1, 3, 1000, 10**5, 10**6, 10**9, 2**63, 10**300, 1.5, "64", None, True, [4], 1e308)


def _ulme_gan() -> tuple[object, dict[str, object]]:
    from dataclasses import asdict

    from mien.models.ulme_gan import GeneratorConfig
    from mien.models.ulme_gan_flow import build_generator

    config = GeneratorConfig(image_px=16, width=4, blocks=1, aus=("AU4L", "AU12"))
    return build_generator(config), asdict(config) | {"aus": list(config.aus)}


def _fomm() -> tuple[object, dict[str, object]]:
    from dataclasses import asdict

    from mien.models.fomm import Fomm, FommConfig

    config = FommConfig(
        image_px=64,
        detector_width=4,
        motion_width=4,
        max_width=8,
        hourglass_blocks=2,
        generator_width=4,
        generator_max_width=8,
        generator_blocks=1,
    )
    return Fomm(config), asdict(config)


@cache
def good(architecture: str) -> Path:
    """Small valid weights, for the life of the process."""
    folder = Path(mkdtemp(prefix="mien-weights-")) / architecture
    net, config = _ulme_gan() if architecture == "ulme-gan" else _fomm()
    card = WeightsCard(
        architecture=architecture,
        config=config,
        aus=tuple(config.get("aus", ())),  # type: ignore[arg-type]
        crop="a square",
        training_data="noise",
        recipe={"steps": 3},
        metrics={"left_share": 0.25},
    )
    save_weights(folder, net.state_dict(), card)  # type: ignore[attr-defined]
    return folder


def write(folder: Path, rng: Random) -> Path:
    """Write weights with a malformed card, or malformed tensors whose hash is right."""
    architecture = rng.choice(("ulme-gan", "fomm"))
    place = folder / architecture
    shutil.copytree(good(architecture), place)
    card, shard = place / "card.json", next(place.glob("*.safetensors"))
    values = json.loads(card.read_text())
    way = rng.random()
    if way < 0.08:
        chosen = rng.choice((card, shard))
        chosen.unlink()
        special(place, chosen.name, rng)
        return place
    if way < 0.2:
        card.write_bytes(spoil_json(values, rng))
        return place
    if way < 0.6:
        for name in rng.sample(sorted(values["config"]), rng.randrange(1, 4)):
            values["config"][name] = rng.choice(SIZES)
    elif way < 0.7:
        values["config"] = spoil_value(values["config"], rng)
    else:
        shard.write_bytes(_spoilt_tensors(shard.read_bytes(), rng))
        values["shards"][shard.name] = hashlib.sha256(shard.read_bytes()).hexdigest()
    card.write_text(json.dumps(values))
    return place


def _spoilt_tensors(data: bytes, rng: Random) -> bytes:
    """Spoil the header of safetensors, which is JSON after its length in eight bytes."""
    way = rng.randrange(4)
    if way == 0:
        return spoil_bytes(data, rng)
    if way == 1:
        return rng.choice((0, 7, 2**20, 2**40, 2**64 - 1)).to_bytes(8, "little") + data[8:]
    size = int.from_bytes(data[:8], "little")
    if way == 2:
        header = spoil_json(json.loads(data[8 : 8 + size]), rng)
    else:
        header = b'{"a":{"dtype":"F32","shape":[1000000000000],"data_offsets":[0,4000000000000]}}'
    return len(header).to_bytes(8, "little") + header + data[8 + size :]


def read(path: Path) -> None:
    """Read a network for use."""
    if path.name == "ulme-gan":
        load_generator(path, "cpu")
    else:
        load_motion_net("fomm", path, "cpu")


READERS = (Reader("weights", write, read, 1.5),)
