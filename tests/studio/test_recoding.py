from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mien.au.envelope import Envelope
from mien.au.track import AUTrack
from mien.io.sidecar import sidecar_path
from mien.studio.lanes import lanes, straight_lanes

TIMES = np.arange(11) / 50


def test_straight_lanes_are_the_courses_that_linear_re_encoding_makes():
    course = np.interp(TIMES, [0, 0.06, 0.2], [0, 3, 0])
    track = AUTrack(("AU4", "AU12L"), np.stack([0 * course, course], 1), TIMES)
    (lane,) = straight_lanes(track)
    assert lane == Envelope("AU12L", 0.0, 0.06, 0.06, 0.2, 3.0, "linear")
    assert np.allclose(lane.intensity(TIMES), course, atol=1e-6)
    assert lanes(track, "linear") == lanes(track, "apex") == [lane]


def test_lanes_end_with_the_film_though_the_movement_is_not_over():
    course = np.interp(TIMES, [0, 0.1, 0.2], [0, 3, 2])
    track = AUTrack(("AU4",), course[:, None], TIMES)
    for mode in ("none", "smooth", "linear", "apex"):
        (lane,) = lanes(track, mode)
        assert lane.offset_seconds <= TIMES[-1]
        assert lane.peak_intensity > 1


def test_still_or_single_frames_have_no_lanes():
    still = AUTrack(("AU4",), np.zeros((11, 1)), TIMES)
    single = AUTrack(("AU4",), np.ones((1, 1)), TIMES[:1])
    assert lanes(still) == lanes(single, "linear") == []


@pytest.fixture
def measured(client, design, finish):
    smile = finish(client.post("/api/exports", json={"design": design, "kind": "mkv"}))["result"]
    content = client.get(smile["url"]).content
    clip = client.post("/api/clips?name=driver.mkv", content=content).json()
    return finish(client.post(f"/api/clips/{clip['id']}/measure", json={}))["result"]


@pytest.mark.parametrize("with_portrait", [False, True])
def test_a_given_apex_and_the_modes(client, portrait, measured, with_portrait):
    asked = {"threshold": 0, "portrait": portrait["id"] if with_portrait else None}

    def recode(**more):
        answer = client.post(f"/api/measurements/{measured['id']}/recode", json=asked | more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    linear = recode(mode="linear", apex_seconds=0.06)
    assert linear["apex_seconds"] == pytest.approx(0.06)
    assert len(linear["after"]["AU12L"]) == len(linear["times_seconds"]) == 11
    (lane,) = (each for each in linear["lanes"] if each["au"] == "AU12L")
    assert lane["shape"] == "linear"
    times = [lane[name] for name in ("onset_seconds", "apex_start_seconds", "offset_seconds")]
    assert times == pytest.approx([0, 0.06, 0.2])
    as_measured = recode(mode="none")
    if not with_portrait:
        assert as_measured["after"] == as_measured["before"] == measured["raw"]
    for made in (linear, as_measured, recode(mode="smooth", strength=0.03)):
        assert set(made["kept"]) == {each["au"] for each in made["lanes"]}
        assert not set(made["kept"]) & set(made["dropped"])
        moving = {name for name, course in made["before"].items() if max(course) >= 0.0501}
        assert moving <= {*made["kept"], *made["dropped"]}
    assert made["dropped"] and "AU12L" in made["kept"]
    half = recode(mode="none", strength=0.5)
    whole = np.array(as_measured["after"]["AU12L"])
    assert half["after"]["AU12L"] == pytest.approx(0.5 * whole, abs=2e-4)


@pytest.mark.parametrize("with_portrait", [False, True])
def test_a_threshold_that_nothing_reaches(client, portrait, measured, with_portrait):
    asked = {"threshold": 5, "portrait": portrait["id"] if with_portrait else None}
    answer = client.post(f"/api/measurements/{measured['id']}/recode", json=asked)
    error = answer.json()["error"]
    assert answer.status_code == 422 and error["kind"] == "BadTrackError"
    assert "lower the threshold" in error["message"] and "--" not in error["message"]


def test_a_level_that_is_held_throughout_stays_in_its_lane():
    # A fit with a baseline made a lane of 0.2 of it, which moved the face a tenth as far as the film.
    course = 2.0 + np.interp(TIMES, [0, 0.1, 0.2], [0, 0.2, 0])
    (lane,) = lanes(AUTrack(("AU4",), course[:, None], TIMES), "none")
    assert lane.peak_intensity == pytest.approx(2.1, abs=0.1)
    assert lane.intensity(TIMES).mean() == pytest.approx(course.mean(), rel=0.15)


def test_lanes_keep_the_films_intensities_and_the_gain_stands_beside_them(
    client, design, portrait, measured, finish
):
    def recode(**more):
        asked = {"mode": "none", "threshold": 0, "portrait": portrait["id"]} | more
        return client.post(f"/api/measurements/{measured['id']}/recode", json=asked).json()

    made, half = recode(), recode(strength=0.5)
    assert recode(portrait=None)["gain"] == 1.0 and recode(portrait=None)["notes"] == []
    assert 0.4 <= made["gain"] <= 2.5 and half["gain"] == pytest.approx(made["gain"], abs=0.05)
    peaks = {lane["au"]: lane["peak_intensity"] for lane in made["lanes"]}
    assert peaks["AU12L"] == pytest.approx(max(made["before"]["AU12L"]), rel=0.15)
    assert max(peaks.values()) * made["gain"] <= 5.0
    asked = design | {"envelopes": made["lanes"], "strength": made["gain"]}
    job = finish(client.post("/api/exports", json={"design": asked, "kind": "mkv"}))
    assert job["state"] == "done", job
    sidecar = json.loads(sidecar_path(Path(job["result"]["path"])).read_text())
    assert sidecar["settings"]["strength"] == made["gain"]
    column = sidecar["track"]["names"].index("AU12L")
    rendered = max(row[column] for row in sidecar["track"]["values"])
    assert rendered == pytest.approx(made["gain"] * peaks["AU12L"], rel=0.05)
    assert client.put("/api/projects/lanes", json={"design": asked}).status_code == 200
    opened = client.get("/api/projects/lanes").json()["design"]
    assert opened["strength"] == made["gain"] and opened["settings"] == {}
    code = client.post("/api/code", json={"design": opened, "file_name": "again"}).json()
    assert f"--strength {made['gain']}" in code["command"]


def test_lanes_begin_with_the_strongest_and_leave_out_what_is_not_seen():
    names = ("AU4", "AU12L", "AU12R", "AU17", "AU20L")
    peaks = np.array([1.0, 0.3, 3.0, 0.15, 0.1])
    course = np.interp(TIMES, [0, 0.1, 0.2], [0, 1, 0])
    track = AUTrack(names, course[:, None] * peaks, TIMES)
    # Both sides of an AU stand together, whichever is stronger.
    assert [each.au for each in lanes(track)] == ["AU12L", "AU12R", "AU4"]
    assert [each.au for each in lanes(track, least=0.12)] == ["AU12L", "AU12R", "AU4", "AU17"]
    assert [each.au for each in lanes(track, "linear", least=0.5)] == ["AU12R", "AU4"]


def test_only_what_was_measured_is_said_of_a_result(client, portrait, measured, finish):
    asked = {"mode": "none", "threshold": 0, "portrait": portrait["id"]}
    made = client.post(f"/api/measurements/{measured['id']}/recode", json=asked).json()
    frames = len(measured["times_seconds"])
    design = {
        "portrait": portrait["id"],
        "envelopes": made["lanes"],
        "duration_seconds": (frames - 1) / 50,
        "fps": measured["fps"],
    }

    def compared(**more):
        body = {"measurement": measured["id"], "design": design | more}
        return finish(client.post("/api/comparisons", json=body))

    fitted = compared(strength=made["gain"])["result"]
    assert fitted["score"]["amplitude"] == pytest.approx(1.0, abs=0.1)
    assert fitted["score"]["cosine"] > 0.8 and fitted["score"]["timing"] > 0.9
    assert len(fitted["times_seconds"]) == frames == len(fitted["raw"]["AU12L"])
    half = compared(strength=made["gain"] / 2)["result"]
    assert half["score"]["amplitude"] == pytest.approx(0.5, abs=0.15)
    assert max(half["raw"]["AU12L"]) < 0.75 * max(fitted["raw"]["AU12L"])
    whole = {"portrait": portrait["id"], "clip": measured["clip"]}
    body = {"measurement": measured["id"], "design": whole}
    carried = finish(client.post("/api/comparisons", json=body))["result"]
    assert carried["score"]["amplitude"] == pytest.approx(1.0, abs=0.15)

    wrong = compared(duration_seconds=0.5)
    assert wrong["state"] == "failed" and "two clips of one length" in wrong["error"]["message"]
    body["measurement"] = "0" * 16
    assert client.post("/api/comparisons", json=body).status_code == 404


def test_the_gain_is_measured_with_the_engine_that_moves_the_portrait(client, portrait, measured):
    asked = {"mode": "none", "threshold": 0, "portrait": portrait["id"]}
    path = f"/api/measurements/{measured['id']}/recode"
    shaded = client.post(path, json=asked | {"settings": {"shading": False}})
    assert shaded.status_code == 200
    refused = client.post(path, json=asked | {"engine": "nothing"})
    assert refused.status_code == 422 and "nothing" in refused.json()["error"]["message"]


def test_a_sample_film_is_made_when_it_is_asked_for(client, finish):
    film = client.post("/api/clips/sample")
    assert film.status_code == 201, film.text
    assert client.post("/api/clips/sample").json()["id"] == film.json()["id"]
    made = finish(client.post(f"/api/clips/{film.json()['id']}/measure", json={}))["result"]
    assert max(made["raw"]["AU12L"]) > 1 and made["spotted"]["onset_seconds"] < 0.25
    assert made["lanes"][0]["au"][:4] in ("AU12", "AU6L", "AU6R")
