from __future__ import annotations

from dataclasses import replace

import numpy as np

from mien.au.catalog import RIG_NAMES
from mien.training.ulme_gan.batches import make_batch
from tests.training.conftest import clips_of


def test_two_frames_of_one_clip_are_a_pair():
    clips = clips_of((2, 5, 3))
    # Frame v of clip c shows AU25 at c and AU26 at v, and is the brighter the larger v is.
    images, aus = np.zeros_like(clips.images), np.zeros_like(clips.aus)
    for clip, count in enumerate(clips.view_counts):
        for view in range(count):
            images[clips.place(clip, view)] = 100 + 10 * view
            aus[clips.place(clip, view)][RIG_NAMES.index("AU25")] = clip
            aus[clips.place(clip, view)][RIG_NAMES.index("AU26")] = view
    clips = replace(clips, images=images, aus=aus)
    batch = make_batch(clips, ("AU25", "AU26"), batch_size=200, seed=0, step=0)
    (clip, first), (other, second) = (
        (5 * part).round().int().T for part in (batch.own, batch.wanted)
    )
    assert (clip == other).all() and set(clip.tolist()) == {0, 1, 2}
    assert set(second[clip == 1].tolist()) == {0, 1, 2, 3, 4}
    assert 0.02 < (first == second).float().mean() < 0.2  # UNMOVED_SHARE is 0.08
    assert batch.targets is not None
    brighter = (batch.targets - batch.images).mean((1, 2, 3)).sign().int()
    assert (brighter == (second - first).sign()).all()
