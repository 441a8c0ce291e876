"""The MEGC2019 composite, from annotation tables of full size with the true counts of each class."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from mien.au.emotions import LABELS
from mien.datasets.composite import CASME2_LEFT_OUT, megc2019
from mien.datasets.registry import load_dataset
from mien.datasets.splits import leave_one_subject_out
from mien.errors import DatasetError
from tests.conftest import SHARED
from tests.datasets import copies

CASME2 = {
    **{"happiness": 32, "disgust": 63, "repression": 27, "surprise": 25},
    **{"others": 99, "sadness": 7, "fear": 2},
}
SAMM = {
    **{"Anger": 57, "Contempt": 12, "Disgust": 9, "Fear": 8, "Sadness": 6},
    **{"Happiness": 26, "Surprise": 15, "Other": 26},
}
SMIC = {"negative": 70, "positive": 51, "surprise": 43}
LABEL_WORDS = {"negative": ("disgust", "Anger"), "positive": ("happiness", "Happiness")}


def spread(counts, subjects):
    """Yield an emotion and a subject for each clip, the subjects taking turns."""
    emotions = [emotion for emotion, number in counts.items() for _ in range(number)]
    for index, emotion in enumerate(emotions):
        yield index, emotion, subjects[index % len(subjects)]


def casme2_row(subject, clip, emotion):
    return (subject, clip, None, 46, 59, 86, None, "4", emotion)


def samm_row(subject, clip, emotion):
    return (subject, clip, 1, 12, 18, 30, 19, "Micro - 1/2", "4", emotion, 1, None)


def write(root, casme2_rows, samm_rows, smic_rows):
    copies.casme2_table(root / "casme2" / "CASME2-coding-20140508.xlsx", casme2_rows)
    copies.samm_table(root / "samm" / "SAMM_Micro_FACS_Codes_v2.xlsx", samm_rows)
    copies.smic_table(root / "smic" / "SMIC-HS-E_annotation.xlsx", smic_rows)
    return root


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """Tables with as many clips and people as the real ones, all else made up."""
    kept = [n for n in range(1, 27) if n not in (10, 18)]
    composite = {e: n for e, n in CASME2.items() if e in ("happiness", "repression", "surprise")}
    left_out = [casme2_row(int(s[3:]), clip, "disgust") for s, clip in sorted(CASME2_LEFT_OUT)]
    casme2_rows = [
        *(casme2_row(s, f"EP{i:03d}", e) for i, e, s in spread({**composite, "disgust": 61}, kept)),
        *left_out,
        *(  # two people show nothing that the composite has
            casme2_row(s, f"EP{i:03d}x", e)
            for i, e, s in spread({e: CASME2[e] for e in ("others", "sadness", "fear")}, [10, 18])
        ),
    ]
    people = [n for n in range(6, 38) if n not in (8, 25, 27, 29)]
    real = {emotion: number for emotion, number in SAMM.items() if emotion != "Other"}
    samm_rows = [
        *(samm_row(s, f"{s:03d}_{i}_1", e) for i, e, s in spread(real, people)),
        *(samm_row(s, f"{s:03d}_{i}_9", e) for i, e, s in spread({"Other": 26}, [8, 25, 6])),
    ]
    smic_people = [1, 2, 3, 4, 5, 6, 8, 9, 11, 12, 13, 14, 15, 18, 19, 20]
    smic_rows = [
        (s, f"s{s}_{e[:2]}_{i:02d}", 10, 20, 11, e) for i, e, s in spread(SMIC, smic_people)
    ]
    return write(tmp_path_factory.mktemp("full"), casme2_rows, samm_rows, smic_rows)


def load(root):
    return {name: load_dataset(name, root / name) for name in ("casme2", "samm", "smic")}


def test_442_clips_of_68_people(full):
    parts = load(full)
    assert [len(part) for part in parts.values()] == [255, 159, 164]
    composite = megc2019(**parts)
    assert len(composite) == 442
    assert Counter(s.dataset for s in composite.samples) == {
        "casme2": 145,
        "samm": 133,
        "smic": 164,
    }
    assert Counter(composite.label_numbers) == {0: 250, 1: 109, 2: 83}
    assert len(leave_one_subject_out(composite.people)) == 68
    assert composite.differences() == ()
    # Outside the composite CASME II's fear has a class; the composite's rule leaves it out.
    fears = [s for s in parts["casme2"].samples if s.emotion == "fear"]
    assert {s.label for s in fears} == {"negative"} and not set(fears) & set(composite.samples)


def test_an_incomplete_copy(full, tmp_path):
    parts = load(full)
    rows = [samm_row(6, f"006_{n}_1", "Surprise") for n in range(15)]
    copies.samm_table(tmp_path / "SAMM_Micro_FACS_Codes_v2.xlsx", rows)
    parts["samm"] = load_dataset("samm", tmp_path)
    with pytest.raises(
        DatasetError, match=r"got 324: samm: expected 92 negative clips, got 0; .*people"
    ):
        megc2019(**parts)
    composite = megc2019(**parts, whole=False)
    assert composite.differences() == (
        "samm: expected 92 negative clips, got 0",
        "samm: expected 26 positive clips, got 0",
        "samm: expected 28 people, got 1",
    )


def test_a_data_set_in_anothers_place(full):
    parts = load(full)
    with pytest.raises(DatasetError, match="expected the data set samm, got smic"):
        megc2019(parts["casme2"], parts["smic"], parts["samm"])


def test_an_unknown_emotion_is_not_left_out_silently(full, tmp_path):
    parts = load(full)
    copies.smic_table(tmp_path / "SMIC-HS-E_annotation.xlsx", [(1, "s1_x_1", 1, 2, 2, "tense")])
    parts["smic"] = load_dataset("smic", tmp_path)
    with pytest.raises(DatasetError, match="smic/s01/s01_x_1: expected a label in the composite"):
        megc2019(**parts, whole=False)


def test_the_same_clips_as_the_published_composite(tmp_path):
    """Tables that name the real composite's clips, and more that the rule must leave out."""
    path = SHARED / "megc2019" / "flows.npz"
    if not path.exists():
        pytest.skip("needs ../shared/data/megc2019")
    with np.load(path) as data:
        table = zip(data["dataset"], data["subject"], data["clip"], data["label"], strict=True)
        real = {(str(d), str(s), str(c)): int(label) for d, s, c, label in table}
    rows = {"casme2": [], "samm": [], "smic": []}
    for (part, person, clip), number in real.items():
        subject = int("".join(filter(str.isdigit, person.removeprefix("casme2"))))
        label = LABELS[number]
        if part == "casme2":
            word = LABEL_WORDS.get(label, ("surprise",))[0]
            rows[part].append(casme2_row(subject, clip, word))
        elif part == "samm":
            rows[part].append(samm_row(subject, clip, LABEL_WORDS.get(label, ("", "Surprise"))[1]))
        else:  # the published table does not pad its subjects
            short = clip.replace(f"s{subject:02d}_", f"s{subject}_")
            rows[part].append((subject, short, 10, 20, 11, label))
    rows["casme2"] += [casme2_row(int(s[3:]), c, "disgust") for s, c in sorted(CASME2_LEFT_OUT)]
    rows["casme2"] += [casme2_row(10, "EP06_01", e) for e in ("others", "fear", "sadness")]
    rows["samm"] += [samm_row(25, "025_3_1", "Other")]
    composite = megc2019(**load(write(tmp_path, *rows.values())))
    made = {
        (s.dataset, s.person, s.clip): number
        for s, number in zip(composite.samples, composite.label_numbers, strict=True)
    }
    assert made == real and len(made) == 442
