"""The rating server: what the page is told, what is written, and who is refused."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("fastapi", reason="needs the extra studio")
pytest.importorskip("httpx", reason="needs the extra test")

from fastapi.testclient import TestClient
from PIL import Image

from mien.rating.app import create_rating_app
from mien.rating.clips import find_clips
from mien.rating.settings import RatingSettings
from mien.rating.store import RatingStore, opened_store
from tests.studio.visitor import ADDRESS, visitor

SAID = {"answer": "anger", "rated_intensity": 5, "naturalness": 3}
WATCHED = {"plays": 2, "skipped_frames": 0, "rt_ms": 812.3}


def client_of(store: RatingStore) -> TestClient:
    return visitor(create_rating_app(store, Fraction(25)))


@pytest.fixture
def store(sheet: Path, tmp_path: Path) -> Iterator[RatingStore]:
    with opened_store(sheet, tmp_path / "ratings", RatingSettings()) as made:
        yield made


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def post(client: TestClient, trial: int, **more: Any) -> Any:
    return client.post(
        "/api/ratings", json={"rater": "ann", "trial": trial, **SAID, **WATCHED, **more}
    )


def test_a_session_from_the_first_clip_to_the_last(store: RatingStore) -> None:
    client = client_of(store)
    seen: list[str] = []
    for trial in range(1, 5):
        now = client.get("/api/session", params={"rater": "Ann"}).json()
        assert (now["rater"], now["trial"], now["total"]) == ("ann", trial, 4)
        seen.append(json.dumps(now["clip"]))
        assert post(client, trial, answer="fear" if trial == 2 else "anger").status_code == 200
    now = client.get("/api/session", params={"rater": "ann"}).json()
    assert now["clip"] is None and now["trial"] == 5
    written = rows(store.folder / "ann.csv")
    order = [each.file for each in store.session("ann")._order]
    assert [row["stimulus_file"] for row in written] == order
    assert [row["answer"] for row in written] == ["anger", "fear", "anger", "anger"]
    first = next(row for row in written if row["stimulus_file"] == "ann_fear_4")
    known = ("portrait", "correct_answer", "intensity", "level", "duration_ms", "plays", "rt_ms")
    assert [first[name] for name in known] == ["ann", "fear", "4.0", "D", "200", "2", "812.3"]
    assert (first["frames"], first["fps"], first["naturalness"]) == ("4", "25", "3")


def test_the_page_learns_neither_names_nor_levels(store: RatingStore) -> None:
    client = client_of(store)
    now = client.get("/api/session", params={"rater": "ann"})
    settings = now.json()["settings"]
    assert "contempt" in settings["answers"]  # not only those that occur
    told = now.text.replace(json.dumps(settings, separators=(",", ":")), "")
    for row in store.clips:
        assert row.file not in told and f'"{row.known["expression"]}"' not in told
    picture = client.get(now.json()["clip"]["pictures"][0])
    assert b"Synthetic" in picture.content and b"anger" not in picture.content
    assert "x.org" not in now.text and str(store.folder) not in now.text


def test_the_pictures_are_those_of_the_clip_in_order(store: RatingStore) -> None:
    client = client_of(store)
    clip = client.get("/api/session", params={"rater": "ann"}).json()["clip"]
    assert clip["steps"] == [0, 1, 0, 2] and clip["times_ms"] == [0, 40, 80, 120]
    greys = []
    for place in clip["pictures"]:
        with Image.open(BytesIO(client.get(place).content)) as image:
            greys.append(int(np.asarray(image)[0, 0, 0]))
    number = [each.file for each in store.clips].index(store.session("ann").next.file)  # type: ignore[union-attr]
    assert greys == [40, 90 + number, 200]
    assert client.get("/api/pictures/ann/2/0.png").status_code == 409  # nothing of a later trial
    assert client.get("/api/pictures/ann/1/3.png").status_code == 404


def test_a_rater_in_two_windows_writes_once(store: RatingStore) -> None:
    client = client_of(store)
    assert post(client, 1).status_code == 200
    late = post(client, 1, naturalness=7)
    assert late.status_code == 409 and late.json()["trial"] == 2
    assert post(client, 3).status_code == 409
    assert [row["naturalness"] for row in rows(store.folder / "ann.csv")] == ["3"]


def test_raters_have_their_own_orders_and_go_on_after_a_restart(
    sheet: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "ratings"
    with opened_store(sheet, folder, RatingSettings()) as store:
        orders = {tuple(c.file for c in store.session(f"r{n}")._order) for n in range(12)}
        assert len(orders) > 6
        assert post(client_of(store), 1).status_code == 200
        before = store.session("ann").next
    with opened_store(sheet, folder, RatingSettings()) as store:
        assert (store.session("ann").trial, store.session("ann").next) == (2, before)
        assert store.session("bob").trial == 1


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"answer": "joy"}, "one of the answers"),
        ({"rated_intensity": 8}, "rated_intensity as a whole number from 1 to 7"),
        ({"rated_intensity": 0}, "from 1 to 7"),
        ({"answer": "neutral"}, "rated_intensity as a whole number from 0 to 0"),
        ({"naturalness": True}, "naturalness as a whole number"),
        ({"plays": 0}, "plays as a whole number"),
        ({"rt_ms": -1}, "rt_ms in milliseconds"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    store: RatingStore, sent: dict[str, Any], why: str
) -> None:
    answer = post(client_of(store), 1, **sent)
    assert answer.status_code == 422 and why in answer.json()["error"]["message"]
    assert not (store.folder / "ann.csv").exists()


@pytest.mark.parametrize("code", ["", "../x", "con", "a b", "session", "x" * 41])
def test_codes_that_are_no_file_names(store: RatingStore, code: str) -> None:
    assert client_of(store).get("/api/session", params={"rater": code}).status_code == 422


def test_none_and_other(store: RatingStore) -> None:
    client = client_of(store)
    assert post(client, 1, answer="neutral", rated_intensity=0).status_code == 200
    assert post(client, 2, answer="other", other_word='joy,\n"mixed"').status_code == 200
    assert post(client, 3, other_word="not asked").status_code == 200
    assert post(client, 4, answer="other", other_word='=HYPERLINK("x")').status_code == 200
    written = rows(store.folder / "ann.csv")
    assert [row["answer"] for row in written] == ["neutral", "other", "anger", "other"]
    assert [row["other_word"] for row in written] == ["", 'joy, "mixed"', "", '\'=HYPERLINK("x")']


def test_strangers_are_refused(store: RatingStore) -> None:
    app = create_rating_app(store)
    stranger = TestClient(app, base_url=ADDRESS)
    assert stranger.get("/").status_code == 403
    assert stranger.get("/api/session", params={"rater": "ann"}).status_code == 403
    known = visitor(app)
    assert known.get("/").status_code == 200
    other = known.post("/api/ratings", json={}, headers={"origin": "http://evil.example"})
    assert other.status_code == 403
    assert known.get("/page/local.js").status_code == 200
    assert known.get("/page/..%2Fapp.py").status_code == 404


def test_a_single_play(sheet: Path, tmp_path: Path) -> None:
    with opened_store(sheet, tmp_path / "r", RatingSettings(replay=False)) as store:
        assert post(client_of(store), 1, plays=2).status_code == 422
        assert post(client_of(store), 1, plays=1).status_code == 200


def test_clips_of_a_folder_without_a_table(sheet: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(sheet / "bob_neutral", tmp_path / "any" / "b")
    shutil.copytree(sheet / "ann_fear_4", tmp_path / "any" / "a")
    (tmp_path / "any" / "notes.txt").write_text("x")
    found = find_clips(tmp_path / "any")
    assert [each.file for each in found] == ["a", "b"] and not found[0].synthetic
    assert found[0].known["correct_answer"] == ""


def test_two_windows_at_the_same_moment_write_once(store: RatingStore) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from mien.rating.answer import Judgement, Watched

    session = store.session("ann")

    def rate(number: int) -> bool:
        said = Judgement("anger", "", 1 + number % 7, 3)
        return session.rate(1, said, Watched(1, 0, 1.0), 4, Fraction(25))

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(rate, range(24)))
    assert done.count(True) == 1 and len(rows(store.folder / "ann.csv")) == 1


def test_clips_as_videos_of_mien(store: RatingStore, face_file: Path, tmp_path: Path) -> None:
    """The frames of a file are those that the page gets, in number and time."""
    import mien
    from mien.io.clips import open_clip
    from mien.rating.pictures import clip_pictures

    made = tmp_path / "clips" / "a.mkv"
    mien.generate(face_file, made, expression="surprise", fps=50, lead_seconds=0.1)
    (clip,) = find_clips(made.parent)
    assert clip.synthetic and clip.file == "a.mkv"
    shown = clip_pictures(clip)
    frames = [frame for _, frame in open_clip(made)]
    assert len(shown.steps) == len(frames) and shown.fps == 50
    assert shown.times_seconds[5] == pytest.approx(0.1)
    assert len(set(shown.steps[:5])) == 1 and len(shown.pictures) > 3
    for step, frame in zip(shown.steps, frames, strict=True):
        with Image.open(BytesIO(shown.pictures[step])) as image:
            assert np.array_equal(np.asarray(image), frame)
