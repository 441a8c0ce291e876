from __future__ import annotations

from dataclasses import replace

import numpy as np

from mien.training.faces.fingerprint import face_set_fingerprint
from tests.training.conftest import clips_of, faces_of


def test_the_same_content_has_the_same_fingerprint() -> None:
    faces = faces_of(2, count=5)
    order = np.random.default_rng(0).permutation(len(faces.au_names))
    names = tuple(faces.au_names[i] for i in order)
    shuffled = replace(faces, aus=faces.aus[..., order], au_names=names, facts={"kind": "other"})
    assert face_set_fingerprint(faces) == face_set_fingerprint(faces_of(2, count=5))
    assert face_set_fingerprint(faces) == face_set_fingerprint(shuffled)


def test_any_other_content_has_another_one() -> None:
    faces = faces_of(2, count=5)
    aus = faces.aus.copy()
    aus[4, 1, 3] = 1.0
    images = faces.images.copy()
    images[2, 1, 7, 7, 1] ^= 1
    others = (
        replace(faces, aus=aus),
        replace(faces, images=images),
        replace(faces, identities=(*faces.identities[:4], "somebody")),
        replace(faces, rows=faces.rows[:4]),
        replace(faces, rows=faces.rows[::-1]),
    )
    found = {face_set_fingerprint(each) for each in (faces, *others)}
    assert len(found) == 6


def test_clips_of_other_lengths_have_another_one() -> None:
    clips = clips_of((2, 5, 3))
    later = clips.images.copy()
    later[9, 0, 7, 7, 1] ^= 1
    others = (
        replace(clips, starts=np.array([0, 3, 7, 10])),
        replace(clips, images=later),
        clips.as_single_pictures(),
    )
    assert len({face_set_fingerprint(each) for each in (clips, *others)}) == 4
    assert face_set_fingerprint(clips) == face_set_fingerprint(clips_of((2, 5, 3)))
