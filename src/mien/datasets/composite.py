"""The composite of the second facial micro-expression challenge (MEGC2019, See et al., FG 2019).

442 clips of 68 people in three classes, from the user's own copies of CASME II, SAMM and SMIC-HS:

- CASME II: disgust and repression are negative, happiness is positive, surprise is surprise. Other
  emotions are left out, and so are two clips.
- SAMM: anger, contempt, disgust, fear and sadness are negative, happiness is positive, surprise is
  surprise. Clips coded as "Other" are left out.
- SMIC-HS: as labelled.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from mien.au.emotions import LABELS, Label
from mien.datasets.dataset import Dataset
from mien.datasets.labels import label_of
from mien.datasets.sample import Sample
from mien.errors import DatasetError

CASME2_EMOTIONS: dict[str, Label] = {
    "disgust": "negative",
    "repression": "negative",
    "happiness": "positive",
    "surprise": "surprise",
}
"""The class of each emotion of CASME II that is in the composite."""

CASME2_LEFT_OUT = frozenset({("sub04", "EP12_01f"), ("sub05", "EP09_05f")})
"""Subject and clip that the challenge left out."""

COUNTS: dict[str, dict[Label, int]] = {
    "casme2": {"negative": 88, "positive": 32, "surprise": 25},
    "samm": {"negative": 92, "positive": 26, "surprise": 15},
    "smic": {"negative": 70, "positive": 51, "surprise": 43},
}
"""Number of clips of each part and class: 145 + 133 + 164 = 442."""

SUBJECTS = {"casme2": 24, "samm": 28, "smic": 16}
"""Number of people of each part, 68 in all."""


@dataclass(frozen=True)
class Composite:
    """The clips of the composite, in the order CASME II, SAMM, SMIC.

    Attributes:
        samples: The clips, each with the composite's label.
    """

    samples: tuple[Sample, ...] = field(repr=False)

    def __post_init__(self) -> None:
        for sample in self.samples:
            if sample.label is None:
                raise DatasetError(f"{sample.id}: expected a label in the composite, got none")

    def __len__(self) -> int:
        """Return the number of clips."""
        return len(self.samples)

    @property
    def people(self) -> tuple[str, ...]:
        """The person in each clip, such as ``casme2_sub01``; clips are split by it."""
        return tuple(sample.person for sample in self.samples)

    @property
    def label_numbers(self) -> tuple[int, ...]:
        """The class of each clip: 0 negative, 1 positive, 2 surprise."""
        return tuple(LABELS.index(s.label) for s in self.samples if s.label is not None)

    def differences(self) -> tuple[str, ...]:
        """Return the differences from the published numbers of clips and people, one line each."""
        found = []
        for part, expected in COUNTS.items():
            here = [sample for sample in self.samples if sample.dataset == part]
            counts = Counter(sample.label for sample in here)
            found += [
                f"{part}: expected {number} {label} clips, got {counts[label]}"
                for label, number in expected.items()
                if counts[label] != number
            ]
            people = len({sample.subject for sample in here})
            if people != SUBJECTS[part]:
                found.append(f"{part}: expected {SUBJECTS[part]} people, got {people}")
        return tuple(found)


def megc2019(casme2: Dataset, samm: Dataset, smic: Dataset, *, whole: bool = True) -> Composite:
    """Put the composite together.

    Args:
        casme2: A copy of CASME II.
        samm: A copy of SAMM.
        smic: A copy of SMIC-HS.
        whole: Refuse a composite whose numbers differ from the published ones. If False, call
            :meth:`Composite.differences` to see them.

    Raises:
        DatasetError: A data set that is given as another one; an emotion without a class; or, with
            ``whole``, a wrong number of clips or people.
    """
    for expected, dataset in (("casme2", casme2), ("samm", samm), ("smic", smic)):
        if dataset.name != expected:
            raise DatasetError(f"expected the data set {expected}, got {dataset.name}")
    samples = [
        *(
            replace(sample, label=CASME2_EMOTIONS[sample.emotion])
            for sample in casme2.samples
            if sample.emotion in CASME2_EMOTIONS
            and (sample.subject, sample.clip) not in CASME2_LEFT_OUT
        ),
        *(
            replace(sample, label=label_of(sample.emotions))
            for sample in samm.samples
            if sample.emotion != "others"
        ),
        *(replace(sample, label=label_of(sample.emotions)) for sample in smic.samples),
    ]
    composite = Composite(tuple(samples))
    if whole and composite.differences():
        raise DatasetError(
            f"expected the {sum(sum(c.values()) for c in COUNTS.values())} clips of the MEGC2019 "
            f"composite, got {len(composite)}: {'; '.join(composite.differences())}"
        )
    return composite
