from __future__ import annotations

from dataclasses import replace

import numpy as np

from mien.au.catalog import RIG_NAMES
from mien.training.ulme_gan.batches import make_batch
from tests.training.conftest import clips_of


def test_two_frames_of_one_clip_are_a_pair():
    clips = clips_of((2, 5, 3))
    # Clip c is as bright as 10 c and its frame v shows AU26 at v.
    images, aus = np.zeros_like(clips.images), np.zeros_like(clips.aus)
    for clip, count in enumerate(clips.view_counts):
        for view in range(count):
            images[clips.place(clip, view)] = 10 * clip + view
            aus[clips.place(clip, view)][RIG_NAMES.index("AU26")] = view
    clips = replace(clips, images=images, aus=aus)
    batch = make_batch(clips, ("AU26",), batch_size=200, seed=0, step=0, augment=False)
    assert batch.targets is not None
    first, second = (
        ((part[:, 0, 0, 0] + 1) * 127.5).round().int() for part in (batch.images, batch.targets)
    )
    assert (first // 10 == second // 10).all()
    assert set((first // 10).tolist()) == {0, 1, 2}
    assert set((second[first // 10 == 1] % 10).tolist()) == {0, 1, 2, 3, 4}
    np.testing.assert_allclose(5 * batch.own[:, 0], first % 10, atol=1e-5)
    np.testing.assert_allclose(5 * batch.wanted[:, 0], second % 10, atol=1e-5)
    assert 0.02 < (first == second).float().mean() < 0.2  # UNMOVED_SHARE is 0.08
