"""A frozen plan: all that the workers of a set read.

Sample i depends only on the plan's hash and on i. The hash covers all that determines a sample: the plan, the
portraits, the engines' weights, device and precision, and the versions of the packages that compute and encode. It does
not cover the number of samples and the size of the shards, so a set can be extended.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from mien.errors import DatasetError, MienError, UsageError
from mien.io.json_file import read_json
from mien.io.sidecar import InputFile
from mien.produce.engine_facts import check_engines, check_versions
from mien.produce.place import PLAN_NAME
from mien.produce.plan import ProducePlan

FORM = 2
"""Version of the format of ``plan.json`` and of the samples; sets of another version cannot be read."""

NOT_HASHED = ("count", "shard", "retries")
"""Fields of the plan that change no sample."""


@dataclass(frozen=True)
class FrozenPortrait:
    """A portrait of a set.

    Attributes:
        subject: The person.
        split: The person's split.
        name: File name of the picture.
        sha256: Hash of the picture.
        sources: IPTC digital source types that are written in the picture.
        files: SHA-256 of each file that the set has of the portrait. The keys are ``flow``, or the side of a square
            picture in pixels, such as ``256``.
    """

    subject: str
    split: str
    name: str
    sha256: str
    sources: tuple[str, ...]
    files: Mapping[str, str] = field(repr=False)

    @property
    def input_file(self) -> InputFile:
        """The picture as sidecars name it."""
        return InputFile(self.name, self.sha256, self.sources)


@dataclass(frozen=True)
class FrozenPlan:
    """A plan with everything that it depends on.

    Attributes:
        plan: The plan.
        portraits: The portraits.
        engines: Weights, device and precision by engine; an engine that has none is left out.
        versions: Versions of Mien and of the packages that can change a sample's bytes.
        left_out: Pictures that could not be used, with the reason.
    """

    plan: ProducePlan
    portraits: tuple[FrozenPortrait, ...] = field(repr=False)
    engines: Mapping[str, Any]
    versions: Mapping[str, str]
    left_out: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """SHA-256 of all that determines a sample, 64 hexadecimal digits."""
        return self._hash()

    @cache  # noqa: B019 - a process reads one or two plans
    def _hash(self) -> str:
        record = self._record()
        for name in NOT_HASHED:
            del record["plan"][name]
        del record["plan"]["portraits"], record["left_out"]
        text = json.dumps(record, sort_keys=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def __hash__(self) -> int:
        """Return a hash by identity, so that a plan can be the key of a cache within a process."""
        return id(self)

    @property
    def seed(self) -> int:
        """The seed of all draws: the hash's first 60 bits."""
        return int(self.hash[:15], 16)

    @property
    def shares(self) -> dict[str, tuple[int, ...]]:
        """Numbers of the portraits by split."""
        return {
            split: tuple(i for i, each in enumerate(self.portraits) if each.split == split)
            for split in self.plan.splits
        }

    def extended(self, count: int) -> FrozenPlan:
        """Return the plan with more samples.

        Raises:
            UsageError: Fewer samples than there are.
        """
        if count < self.plan.count:
            raise UsageError(
                f"expected --count of {self.plan.count} or more, got {count}: a set only grows"
            )
        return replace(self, plan=replace(self.plan, count=count))

    def text(self) -> str:
        """Return the content of ``plan.json``."""
        return json.dumps({"hash": self.hash, **self._record()}, indent=1) + "\n"

    def check_versions(self) -> None:
        """Refuse other versions; see `mien.produce.engine_facts.check_versions`."""
        check_versions(self.plan, self.versions)

    def check_facts(self) -> None:
        """Refuse other versions, weights, devices or precisions; see `mien.produce.engine_facts`."""
        self.check_versions()
        check_engines(self.plan, self.engines)

    def _record(self) -> dict[str, Any]:
        portraits = [asdict(each) | {"sources": list(each.sources)} for each in self.portraits]
        return {
            "synthetic": True,
            "form": FORM,
            "plan": self.plan.to_json(),
            "portraits": portraits,
            "engines": dict(self.engines),
            "versions": dict(self.versions),
            "left_out": list(self.left_out),
        }


def read_frozen(folder: Path) -> FrozenPlan:
    """Read a set's plan.

    Raises:
        UsageError: The folder is not a set.
        DatasetError: Its plan is damaged, or was edited.
    """
    path = folder / PLAN_NAME
    if not path.is_file():
        raise UsageError(
            f"expected a set that mien produce plan began, got {folder} without {PLAN_NAME}"
        )
    record = read_json(path, DatasetError, "restore it")
    try:
        if record["form"] != FORM:
            raise DatasetError(
                f"expected form {FORM} of {path}, got {record['form']!r}: another version of Mien made it"
            )
        portraits = tuple(
            FrozenPortrait(**{**each, "sources": tuple(each["sources"])})
            for each in record["portraits"]
        )
        frozen = FrozenPlan(
            ProducePlan.from_values(record["plan"]),
            portraits,
            record["engines"],
            record["versions"],
            tuple(record["left_out"]),
        )
        said = record["hash"]
    except (KeyError, TypeError, AttributeError) as error:
        raise DatasetError(f"{path} is damaged ({error!r}): restore it") from error
    except DatasetError:
        raise
    except MienError as error:
        raise DatasetError(f"{path} is damaged: {error}; restore it") from error
    if frozen.hash != said:
        raise DatasetError(
            f"{path} was edited: its content does not fit its hash; restore it, or plan another set"
        )
    return frozen
