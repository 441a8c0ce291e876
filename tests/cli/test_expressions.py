from __future__ import annotations

import json

from mien.au.presets import PRESETS
from mien.au.statistics import statistics_table


def test_json_lists_presets_and_counts(run):
    ran = run("expressions", "--json")
    record = json.loads(ran.out)
    assert ran.out.count("\n") == 1
    happiness = record["expressions"][0]
    assert happiness["name"] == "happiness" and happiness["aus"] == {"AU12": 2.0, "AU6": 1.4}
    assert happiness["level"] == "B" and 0.2 < happiness["duration_seconds"] <= 0.5
    total = sum(sum(counts.values()) for counts in record["emotions"].values())
    table = statistics_table()
    assert total == sum(c.rows for t in table.tables.values() for e in t.values() for c in e)


def test_the_table_names_every_preset_and_emotion(run):
    said = run("expressions").out
    assert "others: coders saw a micro-expression" in said
    for name in (*PRESETS, *statistics_table().emotions, *statistics_table().datasets):
        assert name in said


def test_eighty_columns_are_enough(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("expressions").out.splitlines()
    assert max(map(len, lines)) <= 80
    fear = next(line for line in lines if line.split()[:1] == ["fear"])
    assert fear.split()[-4:] == ["AU20", "1.4", "170", "390"]  # on one line
