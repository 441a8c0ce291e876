"""Flow sets: what they refuse, and that files give back what was written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mien.au.catalog import RIG_NAMES
from mien.errors import DatasetError
from mien.io.au_labels import AULabels
from mien.io.flow_sets import FlowSet

COMPOSITE = Path(__file__).parents[2] / ".." / "shared" / "data" / "megc2019" / "flows.npz"


def arrays(count: int = 4) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {
        "flow": rng.integers(0, 256, (count, 28, 28, 3), dtype=np.uint8),
        "label": np.arange(count) % 3,
        "subject": np.array([f"folder_s{i // 2}" for i in range(count)]),
        "dataset": np.array(["folder"] * count),
        "clip": np.array([f"clip{i}" for i in range(count)]),
    }


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    written = FlowSet(**arrays())
    written.write_npz(tmp_path / "made" / "flows.npz")
    read = FlowSet.from_npz(tmp_path / "made" / "flows.npz")
    for name, array in arrays().items():
        assert np.array_equal(getattr(read, name), array)
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["flows.npz"]
    assert read.counts == {"negative": 2, "positive": 1, "surprise": 1}
    assert read.subjects == ("folder_s0", "folder_s1")


def test_aus_stay_beside_their_maps(tmp_path: Path) -> None:
    aus = AULabels.of_peaks([{"AU12L": 2.0}, {}, {"AU4": 1.0}, {"AU26": 3.0}])
    FlowSet(**arrays(), aus=aus).write_npz(tmp_path / "flows.npz")
    read = FlowSet.from_npz(tmp_path / "flows.npz")
    assert read.aus is not None
    np.testing.assert_array_equal(read.aus.present, aus.present)
    np.testing.assert_array_equal(read.aus.intensity, aus.intensity)
    taken = read.take([3, 0])
    assert taken.aus is not None
    assert taken.aus.intensity[0, RIG_NAMES.index("AU26")] == 3
    assert taken.aus.intensity[1, RIG_NAMES.index("AU12L")] == 2
    old = arrays()
    old["clip"] = np.array([f"old{i}" for i in range(4)])
    both = FlowSet.joined([FlowSet(**old), read])
    assert both.aus is not None and (both.aus.present[:4] == -1).all()
    np.testing.assert_array_equal(both.aus.intensity[4:], aus.intensity)


def test_files_without_aus_are_read_and_half_labels_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "old.npz", **arrays())
    old = FlowSet.from_npz(tmp_path / "old.npz")
    assert old.aus is None and old.take([1]).aus is None
    np.savez(tmp_path / "half.npz", **arrays(), au_name=np.array(["AU4L"]))
    with pytest.raises(DatasetError, match="no au_present and no au_intensity"):
        FlowSet.from_npz(tmp_path / "half.npz")
    with pytest.raises(DatasetError, match="AUs of 4 samples, got those of 3"):
        FlowSet(**arrays(), aus=AULabels.unknown(3))


def test_arrays_cannot_be_changed_and_the_callers_stay_writeable() -> None:
    given = arrays()
    made = FlowSet(**given)
    with pytest.raises(ValueError, match="read-only"):
        made.flow[0] = 0
    given["flow"][0] = 0


def test_a_sample_without_a_class_is_counted_in_none(tmp_path: Path) -> None:
    FlowSet(**arrays() | {"label": np.array([2, -1, 0, -1])}).write_npz(tmp_path / "some.npz")
    read = FlowSet.from_npz(tmp_path / "some.npz")
    assert read.label.tolist() == [2, -1, 0, -1]
    assert read.counts == {"negative": 1, "positive": 0, "surprise": 1} and len(read) == 4


def test_take_and_joined() -> None:
    whole = FlowSet(**arrays())
    parts = [whole.take([3, 0]), whole.take(whole.label == 1)]
    assert parts[0].clip.tolist() == ["clip3", "clip0"]
    assert FlowSet.joined(parts).clip.tolist() == ["clip3", "clip0", "clip1"]
    with pytest.raises(DatasetError, match="each clip once, got folder_s0 clip0 twice"):
        FlowSet.joined([whole, whole])


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("flow", np.zeros((4, 28, 28, 3)), "uint8"),
        ("flow", np.zeros((4, 28, 28, 2), np.uint8), r"got uint8 \(4, 28, 28, 2\)"),
        ("label", np.array([0, 1, 2, 3]), "got 3"),
        ("label", np.array([0, 1, 2, -2]), "got -2"),
        ("label", np.zeros(4), "integers"),
        ("label", np.zeros(3, int), r"\(3,\)"),
        ("clip", np.array(["a", "b", "c", ""]), "clip for each sample"),
        ("subject", np.array([1, 2, 3, 4]), "subject as text"),
        ("dataset", np.array(["a", "b", "a", "a"]), "got folder_s0 in a and b"),
    ],
)
def test_what_is_no_flow_set_is_refused(name: str, value: np.ndarray, text: str) -> None:
    with pytest.raises(DatasetError, match=text):
        FlowSet(**arrays() | {name: value})


def test_files_that_are_no_flow_set(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="got no file"):
        FlowSet.from_npz(tmp_path / "none.npz")
    text = tmp_path / "text.npz"
    text.write_text("flow")
    with pytest.raises(DatasetError, match=r"not an \.npz"):
        FlowSet.from_npz(text)
    np.savez(tmp_path / "less.npz", flow=arrays()["flow"], label=arrays()["label"])
    with pytest.raises(DatasetError, match="no subject and no dataset and no clip"):
        FlowSet.from_npz(tmp_path / "less.npz")
    np.savez(tmp_path / "pickled.npz", **arrays() | {"clip": np.array([{}] * 4, dtype=object)})
    with pytest.raises(DatasetError, match="without pickled objects"):
        FlowSet.from_npz(tmp_path / "pickled.npz")
    np.savez(tmp_path / "strange.npz", **arrays() | {"label": np.full(4, 9)})
    with pytest.raises(DatasetError, match=r"strange\.npz: expected labels"):
        FlowSet.from_npz(tmp_path / "strange.npz")
    with pytest.raises(DatasetError, match=r"ending in \.npz"):
        FlowSet(**arrays()).write_npz(tmp_path / "flows.dat")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"'shape': (4,)", b"'shape': (4, "),  # half a header
        # The central directory's: flags say enciphered, method says 99.
        (b"PK\1\2-\3-\0\0\0", b"PK\1\2-\3-\0\1\0"),
        (b"PK\1\2-\3-\0\0\0\0\0", b"PK\1\2-\3-\0\0\0\x63\0"),
    ],
)
def test_damaged_files(before: bytes, after: bytes, tmp_path: Path) -> None:
    place = tmp_path / "damaged.npz"
    np.savez(place, **arrays())
    whole = place.read_bytes()
    assert before in whole
    place.write_bytes(whole.replace(before, after))
    with pytest.raises(DatasetError, match=r"expected undamaged arrays.*damaged\.npz"):
        FlowSet.from_npz(place)


@pytest.mark.skipif(not COMPOSITE.exists(), reason="needs the composite's flow maps")
def test_the_composite_is_a_flow_set() -> None:
    composite = FlowSet.from_npz(COMPOSITE)
    assert len(composite) == 442
    assert len(composite.subjects) == 68
    assert composite.counts == {"negative": 250, "positive": 109, "surprise": 83}
