from __future__ import annotations

import struct
import threading

import cv2
import numpy as np

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.generate.frames import render_frames
from mien.io.images import read_image
from tests.studio.envelope import ENVELOPE


def decoded(data: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]


def stream_pictures(data: bytes) -> list[np.ndarray]:
    pictures = []
    while data:
        (size,) = struct.unpack("<I", data[:4])
        pictures.append(decoded(data[4 : 4 + size]))
        data = data[4 + size :]
    return pictures


def test_a_frame_is_the_export_s(client, design, face_file):
    asked = {"design": design, "time_seconds": 0.081, "format": "png"}
    answer = client.post("/api/preview/frame", json=asked)
    expression = Expression((Envelope(**ENVELOPE),))
    frames = list(render_frames(face_file, expression, fps=50))
    assert np.array_equal(decoded(answer.content), frames[4])
    assert (frames[4] != frames[0]).any()


def test_what_is_seen_of_a_frame_is_a_part_of_it(client, design):
    asked = {"design": design, "time_seconds": 0.1, "format": "png"}
    whole = decoded(client.post("/api/preview/frame", json=asked).content)
    part = client.post("/api/preview/frame", json=asked | {"window_px": [10, 20, 90, 2000]})
    assert np.array_equal(decoded(part.content), whole[20:, 10:90])
    nothing = client.post("/api/preview/frame", json=asked | {"window_px": [50, 0, 50, 9]})
    height, width = whole.shape[:2]
    assert nothing.status_code == 422 or nothing.status_code == 400
    assert f"a window in a picture of {width}x{height} px" in nothing.json()["error"]["message"]


def test_difference_and_smaller(client, design):
    asked = {"design": design, "time_seconds": 0.1, "format": "png", "size_px": 96}
    small = decoded(client.post("/api/preview/frame", json=asked).content)
    assert max(small.shape[:2]) == 96
    moved = decoded(client.post("/api/preview/frame", json=asked | {"view": "difference"}).content)
    asked["time_seconds"] = 0.0
    still = decoded(client.post("/api/preview/frame", json=asked | {"view": "difference"}).content)
    assert (still == 128).all() and np.ptp(moved) > 40


def test_all_frames_and_an_empty_design(client, design, face_file):
    asked = {"design": design, "format": "png"}
    pictures = stream_pictures(client.post("/api/preview/clip", json=asked).content)
    assert len(pictures) == 11
    empty = asked | {"design": design | {"envelopes": []}}
    still = stream_pictures(client.post("/api/preview/clip", json=empty | {"step": 5}).content)
    assert len(still) == 3 and np.array_equal(still[2], read_image(face_file))


def test_arrows(client, design):
    made = client.post("/api/preview/motion", json={"design": design}).json()
    moved = np.array(made["displacement_px"])
    assert moved.shape == (11, len(made["points_px"]), 2) and not moved[0].any()
    assert np.isclose(np.linalg.norm(moved, axis=-1).max(), made["largest_px"], atol=0.01)
    assert max(made["intensities"]["AU12L"]) == 4.0


def test_what_is_wrong_is_said(client, design):
    late = design | {"duration_seconds": 0.1}
    answer = client.post("/api/preview/check", json={"design": late})
    assert answer.status_code == 422 and "make the clip longer" in answer.json()["error"]["message"]
    wrong = design | {"envelopes": [ENVELOPE | {"peak_intensity": 9}]}
    answer = client.post("/api/preview/frame", json={"design": wrong})
    assert answer.json()["error"]["kind"] == "BadTrackError"
    nan = client.post(
        "/api/preview/frame",
        content=b'{"design": {"portrait": "0123456789abcdef", "duration_seconds": NaN}}',
        headers={"content-type": "application/json"},
    )
    assert nan.status_code == 422 and nan.json()["error"]["kind"] == "InvalidRequest"
    gone = client.post("/api/preview/frame", json={"design": design | {"portrait": "0" * 16}})
    assert gone.status_code == 404
    good = client.post("/api/preview/check", json={"design": design}).json()
    assert (good["frames"], good["is_micro"], good["notes"]) == (11, True, [])


def test_ten_clients_at_once(client, design):
    asked = {"design": design, "time_seconds": 0.1, "size_px": 128, "format": "png"}
    got: list[bytes] = []

    def ask() -> None:
        for _ in range(3):
            got.append(client.post("/api/preview/frame", json=asked).content)

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 30 and len(set(got)) == 1
