from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from mien.errors import WeightsError
from mien.training.official import reading
from mien.training.official.reading import main, named_tensors, read_checkpoint


class Explosive:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def said_of(file, capsys) -> str:
    assert main([str(file), str(file.parent / "out.safetensors"), "a"]) == reading._REFUSED
    assert not (file.parent / "out.safetensors").exists()
    (line,) = capsys.readouterr().out.splitlines()
    return line


def test_tensors_come_back_from_another_process(tmp_path):
    tensors = {"x": torch.arange(3.0), "half": torch.ones(2).half(), "count": torch.tensor(4)}
    torch.save({"a": tensors, "b": tensors, "epoch": 3}, tmp_path / "c.pth")
    read = read_checkpoint(tmp_path / "c.pth", ("a", "z"))
    assert {name: tensor.tolist() for name, tensor in read.items()} == {
        "a.x": [0, 1, 2],
        "a.half": [1, 1],
    }
    assert read["a.half"].dtype == torch.float32


def test_a_pickle_with_code_is_refused_and_not_run(tmp_path, capsys):
    trap = tmp_path / "trap"
    torch.save({"a": Explosive(trap)}, tmp_path / "c.pth")
    said = said_of(tmp_path / "c.pth", capsys)
    assert "a pickle can run any program" in said and said.endswith("state_dict() alone")
    assert not trap.exists()


def test_what_the_process_says_is_the_error(tmp_path, monkeypatch):
    def refusing(words, **options):
        return reading.subprocess.CompletedProcess(words, reading._REFUSED, "why not\n", "")

    (tmp_path / "c.pth").touch()
    monkeypatch.setattr(reading.subprocess, "run", refusing)
    with pytest.raises(WeightsError, match=r"cannot read .*c\.pth: why not$"):
        read_checkpoint(tmp_path / "c.pth", ())


def test_a_file_that_is_cut_short(tmp_path, capsys):
    torch.save({"a": {"x": torch.zeros(1000)}}, tmp_path / "c.pth")
    whole = (tmp_path / "c.pth").read_bytes()
    for length in (0, 10, len(whole) // 2, len(whole) - 30):
        (tmp_path / "short.pth").write_bytes(whole[:length])
        assert "PyTorch checkpoint" in said_of(tmp_path / "short.pth", capsys), length


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ([1, 2], "expected tensors by name, got a list"),
        ({"a": 3}, "expected tensors by name in its part a, got int; check --architecture"),
    ],
)
def test_no_tensors(tmp_path, capsys, content, line):
    torch.save(content, tmp_path / "c.pth")
    assert said_of(tmp_path / "c.pth", capsys) == line


def test_the_old_format_is_read(tmp_path):
    content = {"module.x": torch.ones(2)}
    torch.save(content, tmp_path / "c.pth", _use_new_zipfile_serialization=False)
    assert main([str(tmp_path / "c.pth"), str(tmp_path / "o.safetensors")]) == 0
    assert [name for name, _ in named_tensors(content, ())] == ["x"]


def test_no_file(tmp_path):
    with pytest.raises(WeightsError, match="it is not a file"):
        read_checkpoint(tmp_path, ())
