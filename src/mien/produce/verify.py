"""Check that a set is complete, unaltered and balanced, has no duplicates, and that its labels are true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from mien.errors import DatasetError, MienError
from mien.io.clip_hash import sha256_file
from mien.io.sample_tar import read_samples
from mien.produce.counting import plural
from mien.produce.frozen import FrozenPlan, read_frozen
from mien.produce.report import SetReport
from mien.produce.rows import MADE, members_hash, need_parquet, read_manifest
from mien.produce.shard import (
    ShardStats,
    finished,
    manifest_path,
    stats_path,
    stem,
    tar_path,
)
from mien.produce.stored_portraits import FOLDER, check_stored, flows_name, square_name
from mien.produce.turns import Turns
from mien.produce.verify_sample import SampleChecks

OnShard = Callable[[int, int], None]
"""Called after each shard with the number of shards checked and the total."""

COUNTED = ("split", "label", "emotion", "engine", "camera", "size_px", "fps")

MOST_UNEVEN = 2
"""Largest difference between the sizes of one person's classes, failed samples aside."""

MOST_DUPLICATES = 0.01
"""If a larger share of the samples look like another sample, the report has a note."""


def verify_set(
    folder: Path, sample: int, on_shard: OnShard = lambda done, total: None
) -> SetReport:
    """Check a set.

    Args:
        folder: The set.
        sample: Number of samples that are decoded, made again and compared, and whose movement is measured.
        on_shard: Called with the progress.

    Raises:
        UsageError: The folder is not a set.
        DatasetError: Its plan is damaged or was edited.
        MissingExtraError: pyarrow is not installed.
    """
    need_parquet()
    frozen = read_frozen(folder)
    rng = np.random.default_rng([frozen.seed, 8])
    chosen = rng.choice(frozen.plan.count, min(sample, frozen.plan.count), replace=False)
    return _Check(folder, frozen, set(chosen.tolist())).report(on_shard)


class _Check:
    """A check in progress."""

    def __init__(self, folder: Path, frozen: FrozenPlan, chosen: set[int]) -> None:
        self.folder, self.frozen, self.chosen = folder, frozen, chosen
        self.problems: list[str] = []
        # The "frame rate" of a pair is one over its rise time.
        self.counted = [name for name in COUNTED if name != "fps" or frozen.plan.kind == "clips"]
        self.counts: dict[str, Counter[str]] = {name: Counter() for name in self.counted}
        self.first_with: dict[str, str] = {}
        self.duplicates: list[tuple[str, str]] = []
        self.checked = self.made = self.failed = 0
        self.split_of: dict[str, str] = {}
        self.turns = Turns(frozen)
        self.labels_of: dict[str, Counter[str]] = {}
        self.failed_of: Counter[str] = Counter()
        self.samples: SampleChecks | None = None
        if chosen:
            try:
                frozen.check_facts()
                self.samples = SampleChecks(folder, frozen)
            except MienError as error:
                self.problems.append(f"samples cannot be made again: {error}")

    def report(self, on_shard: OnShard) -> SetReport:
        """Check all and return what was found."""
        self._portraits()
        for shard in range(self.frozen.plan.shards):
            try:
                self._shard(shard)
            except DatasetError as error:
                self.problems.append(f"{stem(shard)}: {error}")
            on_shard(shard + 1, self.frozen.plan.shards)
        self._balance()
        own, other = None, None
        if self.samples is not None:
            own, other = self.samples.cosines()
            self.problems += self.samples.problems
        return SetReport(
            shards=self.frozen.plan.shards,
            checked=self.checked,
            made=self.made,
            failed=self.failed,
            compared=0 if self.samples is None else self.samples.compared,
            counts={name: dict(sorted(counted.items())) for name, counted in self.counts.items()},
            duplicates=tuple(self.duplicates),
            own_cosine=own,
            other_cosine=other,
            problems=tuple(self.problems),
            notes=tuple(self._notes()),
        )

    def _portraits(self) -> None:
        for number, portrait in enumerate(self.frozen.portraits):
            for kind, sha256 in portrait.files.items():
                name = flows_name(number) if kind == "flow" else square_name(number, int(kind))
                try:
                    check_stored(self.folder / name, sha256)
                except DatasetError as error:
                    self.problems.append(f"{portrait.subject}: {error}")
        if not (self.folder / FOLDER).is_dir():
            self.problems.append(f"the folder {FOLDER} is missing")

    def _shard(self, shard: int) -> None:
        frozen, folder = self.frozen, self.folder
        stats = finished(folder, shard, frozen.hash, frozen.plan.samples_of(shard))
        if stats is None:
            self.problems.append(self._why_unfinished(shard))
            return
        self.checked += 1
        tar, manifest = tar_path(folder, shard), manifest_path(folder, shard)
        altered = sha256_file(tar) != stats.tar.sha256
        if sha256_file(manifest) != stats.manifest.sha256:
            self._altered(manifest)
        rows = self._read_rows(manifest, tar, altered)
        self._rows(shard, stats, rows)
        if altered:
            self._altered(tar, self._damage(shard, rows))
        else:
            self.problems += [f"sample {key}: {what}" for key, what in self._members(shard, rows)]

    def _why_unfinished(self, shard: int) -> str:
        if not stats_path(self.folder, shard).is_file():
            return f"{stem(shard)} is not finished: mien produce run"
        return f"{stem(shard)} has files that do not fit its stats: mien produce run makes it again"

    def _read_rows(self, manifest: Path, tar: Path, altered: bool) -> list[dict[str, Any]]:
        try:
            return read_manifest(manifest)
        except DatasetError:
            if altered:
                self._altered(tar)
            raise

    def _altered(self, path: Path, damage: str = "") -> None:
        self.problems.append(
            f"{path.name} was altered after it was made{damage}: remove {path.stem}.json, then mien produce run"
        )

    def _damage(self, shard: int, rows: list[dict[str, Any]]) -> str:
        """Return how many samples of an altered tar differ, so that one line reports them all."""
        try:
            keys = sorted({key for key, _ in self._members(shard, rows)})
        except DatasetError:
            return " (it cannot be read to its end)"
        return f" ({plural(len(keys), 'sample')} damaged, such as {keys[0]})" if keys else ""

    def _rows(self, shard: int, stats: ShardStats, rows: list[dict[str, Any]]) -> None:
        indices = [row["index"] for row in rows]
        if indices != list(self.frozen.plan.samples_of(shard)):
            self.problems.append(
                f"{stem(shard)}: expected one row for each of the samples {stats.start} to {stats.stop - 1}, in order"
            )
        made = [row for row in rows if row["status"] == MADE]
        self.made += len(made)
        self.failed += len(rows) - len(made)
        if len(made) != stats.made:
            self.problems.append(
                f"{stem(shard)}: expected {stats.made} samples as its stats say, got {len(made)} in its manifest"
            )
        for row in rows:
            if row["status"] != MADE and row["index"] is not None:
                portrait = self.frozen.portraits[self.turns.subject(row["index"])]
                self.failed_of[portrait.subject] += 1
        for row in made:
            if row["label"] is not None:
                self.labels_of.setdefault(row["subject"], Counter())[row["label"]] += 1
            before = self.split_of.setdefault(row["subject"], row["split"])
            if before != row["split"]:
                self.problems.append(
                    f"sample {row['key']}: {row['subject']} is in the splits {before} and {row['split']}"
                )
            for name in self.counted:
                if row[name] is not None:
                    self.counts[name][str(row[name])] += 1
            looks = row["perceptual_hash"]
            first = self.first_with.setdefault(looks, row["key"])
            if first != row["key"]:
                self.duplicates.append((row["key"], first))

    def _members(self, shard: int, rows: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
        """Compare the samples of the tar with the rows of the manifest; yield keys with what is wrong."""
        expected = {row["key"]: row for row in rows if row["status"] == MADE}
        found = set()
        for key, members in read_samples(tar_path(self.folder, shard)):
            row = expected.get(key)
            if row is None or key in found:
                yield key, "in the tar, but not once in the manifest"
                continue
            found.add(key)
            if sorted(members) != row["members"] or members_hash(members) != row["sha256"]:
                yield key, "its members are not those of the manifest"
            if row["index"] in self.chosen and self.samples is not None:
                try:
                    self.samples.check(row, members)
                except MienError as error:
                    yield key, str(error)
        for key in sorted(expected.keys() - found):
            yield key, "in the manifest, but not in the tar"

    def _balance(self) -> None:
        """Compare the sizes of the classes, which take turns: they differ by more than one only if samples failed."""
        labels = self.counts["label"]
        whole = self.checked == self.frozen.plan.shards
        if whole and labels and max(labels.values()) - min(labels.values()) > 1 + self.failed:
            counted = ", ".join(f"{number} {label}" for label, number in sorted(labels.items()))
            self.problems.append(f"expected classes of equal size, got {counted}")
        if whole:
            self._labels_of_people()

    def _notes(self) -> list[str]:
        """Return a note if many samples look alike, which one AU, few portraits and a still camera make unavoidable."""
        if len(self.duplicates) <= MOST_DUPLICATES * self.made:
            return []
        key, first = self.duplicates[0]
        return [
            f"{len(self.duplicates)} of {self.made} samples look like another one, such as {key} like {first}: "
            "for more variety, add portraits, AUs, levels or the film camera to the plan"
        ]

    def _labels_of_people(self) -> None:
        """Compare the classes of each person, so that a network cannot learn a class from the face.

        Over as many rounds as there are classes, each person shows each class equally often. The remaining rounds, at
        most two, add a difference of at most two, so people with one or two samples always pass.
        """
        labels = sorted(self.counts["label"])
        uneven = []
        for subject, counted in self.labels_of.items():
            numbers = [counted[label] for label in labels]
            if max(numbers) - min(numbers) > MOST_UNEVEN + self.failed_of[subject]:
                shown = ", ".join(f"{counted[label]} {label}" for label in labels)
                uneven.append(f"{subject} with {shown}")
        if uneven:
            self.problems.append(
                f"expected classes of equal size for each person, got {len(uneven)} of {len(self.labels_of)} people "
                f"with others, such as {uneven[0]}: the face reveals the class"
            )
