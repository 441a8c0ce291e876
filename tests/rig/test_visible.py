from __future__ import annotations

import numpy as np

from mien.face.mesh import canonical_vertices
from mien.rig.visible import unseen_aus


def test_aus_of_the_part_that_is_outside_are_unseen() -> None:
    y = canonical_vertices()[:, 1]
    assert unseen_aus(np.ones(468, bool)) == ()
    # Without the lower third of the face neither mouth nor chin is there.
    upper = unseen_aus(y < np.quantile(y, 0.6))
    assert {"AU12L", "AU12R", "AU17", "AU26"} <= set(upper)
    assert not {"AU1L", "AU4R", "AU45L", "AU7R"} & set(upper)
    x = canonical_vertices()[:, 0]
    assert {"AU12L", "AU4L"} <= set(unseen_aus(x < 0)) ^ set(unseen_aus(x > 0))


def test_one_side_of_the_face() -> None:
    x = canonical_vertices()[:, 0]
    image_left = set(unseen_aus(x < 0))  # the subject's right side is shown
    assert "AU12L" in image_left and "AU12R" not in image_left
