from __future__ import annotations

from mien.au.expression import Expression
from mien.au.timeline import AUEvent
from mien.evaluate.agreement import evaluate_agreement
from mien.experiment.design import Design
from mien.experiment.stimuli import study_stimuli
from mien.io.timelines.sidecar_events import events_of_sidecar

MOVED = "AU4=3@0-0.1-0.12-0.2"
HELD = "AU4=1.4@0-0-0.21-0.21"
ALSO_HELD = "AU15=2@0-0-0.21-0.21"


def record(*envelopes: str, frames: int = 11, **settings: object) -> dict[str, object]:
    return {
        "synthetic": True,
        "fps": "50/1",
        "frames": frames,
        "settings": {"envelopes": list(envelopes), **settings},
    }


def test_what_is_held_throughout_is_an_event_of_the_whole_clip():
    made, notes = events_of_sidecar(record("AU12L=3@0-0.1-0.12-0.2", ALSO_HELD))
    assert made.events == (
        AUEvent("AU12L", 0.0, 0.2, 0.1, 0.12, 3.0),
        AUEvent("AU15", 0.0, 0.22, 0.0, 0.22, 2.0),
    )
    assert made.end_seconds == 0.22
    assert notes == ("held throughout the clip, one event each: AU15",)


def test_an_au_that_moves_and_is_held_has_the_exact_times_of_its_movement():
    made, notes = events_of_sidecar(record(MOVED, HELD, ALSO_HELD))
    assert made.events == (
        AUEvent("AU4", 0.0, 0.2, 0.1, 0.12, 3.0),
        AUEvent("AU15", 0.0, 0.22, 0.0, 0.22, 2.0),
    )
    assert notes[1:] == ("held too, so the event is only the movement above that: AU4 at 1.4",)


def test_a_movement_below_what_is_held_is_left_out():
    made, notes = events_of_sidecar(record(MOVED.replace("=3", "=1"), HELD))
    assert made.events == (AUEvent("AU4", 0.0, 0.22, 0.0, 0.22, 1.4),)
    assert notes[1] == "left out a movement that is not stronger than the held intensity: AU4"


def test_a_hold_that_is_not_up_in_every_frame_keeps_its_times():
    later, _ = events_of_sidecar(record(MOVED, ALSO_HELD, frames=16, lead_seconds=0.1))
    assert later.of("AU15") == (AUEvent("AU15", 0.1, 0.31, 0.1, 0.31, 2.0),)
    assert later.of("AU4") == (AUEvent("AU4", 0.1, 0.3, 0.2, 0.22, 3.0),)
    before, notes = events_of_sidecar(record(MOVED, ALSO_HELD, frames=16, tail_seconds=0.1))
    assert before.of("AU15") == (AUEvent("AU15", 0.0, 0.21, 0.0, 0.21, 2.0),)
    assert notes == ()


def test_a_mask_after_the_face_is_no_part_of_what_is_held():
    made, _ = events_of_sidecar(record(MOVED, ALSO_HELD, frames=16))
    assert (made.of("AU15")[0].offset_seconds, made.end_seconds) == (0.22, 0.32)


def test_why_exact_times_are_not_used_is_said():
    made, notes = events_of_sidecar(record(MOVED, "AU4=2@0.1-0.15-0.15-0.2"))
    assert made is None
    (note,) = notes
    assert note.startswith("the exact times of the clip's movements cannot be used")
    assert "events of AU4 that do not overlap" in note
    for broken in (record("AU4=x"), record(MOVED, lead_seconds="x"), {**record(MOVED), "fps": "x"}):
        made, notes = events_of_sidecar(broken)
        assert made is None and len(notes) == 1 and "\n" not in notes[0]
    short = record(MOVED)
    del short["frames"]
    assert "no usable 'frames'" in events_of_sidecar(short)[1][0]
    assert events_of_sidecar({"names": ["AU4"]}) == (None, ())
    assert events_of_sidecar({"settings": {}}) == (None, ())


def test_study_stimuli_on_a_background_have_exact_times(tmp_path):
    """Anger and fear share AU4 with sadness."""
    design = Design.from_values(
        {
            "name": "s", "portraits": str(tmp_path), "expressions": ["anger", "fear"],
            "backgrounds": ["neutral", "sadness"], "intensities": ["C"], "durations_ms": [200],
        }
    )  # fmt: skip
    found = {}
    for stimulus in study_stimuli(design, {"a": tmp_path / "a.png"}):
        frames = len(Expression(tuple(stimulus.envelopes)).track(60))
        texts = [envelope.format() for envelope in stimulus.envelopes]
        clip = {**record(*texts, frames=frames), "fps": "60/1"}
        found[stimulus.name], _ = events_of_sidecar(clip)
    for name in ("anger", "fear"):
        alone, on_sadness = (found[f"a_{name}_3_200ms_both{on}"] for on in ("", "_on_sadness"))
        assert "AU4" in alone.names
        for event in alone.events:
            assert on_sadness.of(event.au) == (event,)
        (held,) = on_sadness.of("AU15")
        assert (held.onset_seconds, held.offset_seconds) == (0.0, on_sadness.end_seconds)


def test_agreement_says_why(small_face, tmp_path):
    import mien

    clip = mien.generate(
        small_face, tmp_path / "a.mkv", au=("AU4=3@0-0.1-0.1-0.3", "AU4=2@0.1-0.2-0.2-0.4"), fps=25
    )
    made = evaluate_agreement(clip.sidecar, clip.sidecar)
    assert made.aus["AU4"].kappa == 1
    assert made.notes[0].startswith("a.mkv.json: the exact times of the clip's movements cannot")
