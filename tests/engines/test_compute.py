"""Where a network computes in bfloat16."""

from __future__ import annotations

import pytest
import torch

from mien.engines.compute import uses_bfloat16


@pytest.mark.parametrize("has_it", [True, False])
def test_auto_asks_the_processor(has_it: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": has_it})
    cpu = torch.device("cpu")
    assert uses_bfloat16(cpu, "auto") is has_it
    assert uses_bfloat16(cpu, "bfloat16") and not uses_bfloat16(cpu, "float32")


@pytest.mark.parametrize("has_it", [True, False])
def test_a_gpu_that_only_emulates_it_does_not_count(
    has_it: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def supported(*, including_emulation: bool = True) -> bool:
        return has_it or including_emulation

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", supported)
    assert uses_bfloat16(torch.device("cuda"), "auto") is has_it
