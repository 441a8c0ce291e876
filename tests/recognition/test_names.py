from __future__ import annotations

from mien.recognition.names import MODEL_NAMES, NET_NAMES
from mien.recognition.nets import NETS


def test_every_net_has_a_builder():
    assert tuple(NETS) == NET_NAMES
    assert set(MODEL_NAMES) == {"kernel", *NET_NAMES, "svm"}
