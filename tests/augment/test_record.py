from __future__ import annotations

from pathlib import Path

import pytest

from mien.augment.dataset import make_dataset
from mien.augment.options import AugmentOptions
from mien.augment.record import RECORD_NAME, check_count, check_same
from mien.errors import OutputError, UsageError


def test_a_record_that_is_none_is_told(tmp_path: Path) -> None:
    check_same(tmp_path, {"strength": 1.0})  # nothing was begun here
    for damaged in ("[]", "{", '"strength"'):
        (tmp_path / RECORD_NAME).write_text(damaged, encoding="utf-8")
        with pytest.raises(
            OutputError,
            match=r"(cannot read|expected the record of mien augment in) .*augment\.json",
        ):
            check_same(tmp_path, {"strength": 1.0})
    (tmp_path / RECORD_NAME).write_text('{"strength": 0.5}', encoding="utf-8")
    with pytest.raises(UsageError, match=r"another strength: 0\.5 then, 1\.0 now"):
        check_same(tmp_path, {"strength": 1.0})


def test_fewer_clips_than_there_are(tmp_path: Path) -> None:
    check_count(tmp_path, 6, 6)
    with pytest.raises(UsageError, match="has 6 clips already, expected --count of at least"):
        check_count(tmp_path, 5, 6)


def test_a_manifest_that_augment_did_not_write_or_cannot_read(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.csv"
    manifest.write_bytes(b"clip\n" + 30 * b"a.mp4\n")
    with pytest.raises(UsageError, match="expected"):  # of the portraits: nothing is counted here
        make_dataset(tmp_path / "nobody", tmp_path, AugmentOptions(count=3))
    (tmp_path / RECORD_NAME).write_text("{}", encoding="utf-8")
    for damaged in (b"clip\n\xff\xfe\n", b"clip\n" + b"a" * 200_000 + b"\n"):
        manifest.write_bytes(damaged)
        with pytest.raises((OutputError, UsageError)) as told:
            make_dataset(tmp_path / "nobody", tmp_path, AugmentOptions(count=3))
        assert "\n" not in str(told.value)
