from __future__ import annotations

from dataclasses import asdict

import pytest

pytest.importorskip("torch")

from mien.errors import UsageError
from mien.models.avd import AvdConfig
from mien.models.fomm import FommConfig
from mien.models.mraa import MraaConfig
from mien.models.patch_discriminator import PatchDiscriminatorConfig
from mien.models.ulme_gan import DiscriminatorConfig, GeneratorConfig

CONFIGS = (
    *(GeneratorConfig, DiscriminatorConfig, FommConfig, MraaConfig, AvdConfig),
    PatchDiscriminatorConfig,
)


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.__name__)
def test_each_number_has_a_kind_and_a_bound(config):
    """A card that asks for terabytes is refused before a network is built."""
    for name, value in asdict(config()).items():
        if type(value) is int:
            for wrong in (10**6, 2**63, 10**300, 1.5, "64", True):
                with pytest.raises(UsageError, match=name):
                    config(**{name: wrong})
        elif type(value) is float:
            for wrong in (float("nan"), float("inf"), "1"):
                with pytest.raises(UsageError):
                    config(**{name: wrong})
        elif type(value) is bool:
            with pytest.raises(UsageError, match=name):
                config(**{name: 1})


def test_lists_have_a_bound():
    with pytest.raises(UsageError, match="at most 256 widths"):
        AvdConfig(widths=(4,) * 257)
    with pytest.raises(UsageError, match="widths of at most"):
        AvdConfig(widths=(10**9,))
