"""Projects and drafts on the server: nothing is replaced unseen, and what a page shows is kept."""

from __future__ import annotations

import json

import pytest

from mien.studio import drafts


def put(client, name, design, revision=None):
    return client.put(f"/api/projects/{name}", json={"design": design, "revision": revision})


def test_the_second_of_two_that_save_is_told(client, design, tmp_path):
    first = put(client, "mine", design, "new").json()["revision"]
    opened = client.get("/api/projects/mine").json()["revision"]
    assert opened == first
    second = put(client, "mine", design | {"duration_seconds": 0.3}, first)
    assert second.status_code == 200 and second.json()["revision"] != first

    place = tmp_path / "studio" / "projects" / "mine.json"
    was = place.read_bytes()
    for late in (first, "new"):
        refused = put(client, "mine", design | {"duration_seconds": 0.4}, late)
        assert refused.status_code == 409 and refused.json()["error"]["kind"] == "Conflict"
        assert "saved elsewhere" in refused.json()["error"]["message"]
    assert place.read_bytes() == was
    # Who was told may replace it.
    assert put(client, "mine", design, None).status_code == 200
    assert place.read_bytes() != was

    client.delete("/api/projects/mine")
    gone = put(client, "mine", design, first)
    assert gone.status_code == 409 and "deleted or renamed" in gone.json()["error"]["message"]
    assert not place.exists()


def test_renamed_but_never_onto_another(client, design, portrait):
    kept = put(client, "one", design).json()["revision"]
    put(client, "two", design | {"duration_seconds": 0.5})
    assert client.post("/api/projects/one/rename", json={"name": "two"}).status_code == 409
    made = client.post("/api/projects/one/rename", json={"name": "three"})
    assert made.json() == {"name": "three", "revision": kept}
    listed = client.get("/api/projects").json()["projects"]
    assert {each["name"] for each in listed} == {"two", "three"}
    assert {each["portrait"] for each in listed} == {portrait["id"]}
    assert listed[0]["aus"] == [design["envelopes"][0]["au"]]
    assert client.post("/api/projects/one/rename", json={"name": "four"}).status_code == 404
    assert client.post("/api/projects/two/rename", json={"name": "../x"}).status_code == 422


def test_a_project_that_cannot_be_read_does_not_hide_the_others(client, design, tmp_path):
    put(client, "good", design)
    (tmp_path / "studio" / "projects" / "bad.json").write_text("{")
    listed = client.get("/api/projects").json()["projects"]
    assert {each["name"]: each["portrait"] for each in listed}["bad"] is None
    assert len(listed) == 2


def test_drafts_are_kept_listed_and_deleted(client, portrait, monkeypatch, tmp_path):
    ids = [f"{number:016x}" for number in range(4)]
    for number, draft in enumerate(ids):
        state = {"tab": "design", "number": number}
        asked = {"title": f"no {number}", "portrait": portrait["id"], "state": state}
        assert client.put(f"/api/drafts/{draft}", json=asked).status_code == 204
    assert client.get(f"/api/drafts/{ids[2]}").json()["state"] == {"tab": "design", "number": 2}
    newest = client.get("/api/drafts").json()["drafts"][0]
    assert (newest["id"], newest["title"], newest["unsaved"]) == (ids[3], "no 3", True)

    client.delete(f"/api/drafts/{ids[3]}")
    assert client.get(f"/api/drafts/{ids[3]}").status_code == 404
    (tmp_path / "studio" / "drafts" / f"{ids[2]}.json").write_text(json.dumps([1]))
    assert [each["id"] for each in client.get("/api/drafts").json()["drafts"]] == [ids[1], ids[0]]

    monkeypatch.setattr(drafts, "MOST_DRAFTS", 2)
    client.put(f"/api/drafts/{ids[1]}", json={"state": {}})
    assert len(list((tmp_path / "studio" / "drafts").glob("*.json"))) == 2
    assert client.get(f"/api/drafts/{ids[1]}").json()["state"] == {}


def test_drafts_with_unsaved_work_stay_longest(client, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 3)
    ids = [f"{number:016x}" for number in range(6)]
    for number, draft in enumerate(ids):
        asked = {"title": draft, "unsaved": number == 0, "state": {}}
        assert client.put(f"/api/drafts/{draft}", json=asked).status_code == 204
    kept = [each["id"] for each in client.get("/api/drafts").json()["drafts"]]
    assert kept == [ids[5], ids[4], ids[0]]


@pytest.mark.parametrize("draft", ["x", "../../projects/a", "0" * 15, "G" * 16])
def test_only_ids_name_drafts(client, draft):
    assert client.put(f"/api/drafts/{draft}", json={"state": {}}).status_code in (404, 405, 422)
