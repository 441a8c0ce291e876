"""The experiment in the format of PsychoPy's Builder (``.psyexp``): routines of components, and a flow with loops."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from mien.experiment.design import Design
from mien.experiment.program_texts import keys_of

VERSION = "2024.1.4"
"""Version of PsychoPy whose format is written; newer ones read it."""

Params = Mapping[str, tuple[str, str]]
"""Value and kind of each parameter."""

DATA = (
    "'data/' + ''.join(c if c.isalnum() or c in '._-' else '_' for c in "
    "f\"{expInfo['participant']}_{expName}_{expInfo['date']}\")"
)

BEGIN = """
import sys
sys.path.insert(0, _thisDir)
from mien_study import Study
mien = Study(_thisDir)
participant_code = str(expInfo['participant']).strip()
mien.check(win, participant_code)
order_file = mien.order_file(participant_code)
consent_text, training_text, task_text = (mien.texts[name] for name in ('consent', 'training', 'task'))
question_text, end_text = mien.texts['question'], mien.texts['end']
pause_text = feedback_text = ''
last_block = 1
"""

PAUSE = """
pause_text = mien.texts['pause'].replace('{block}', str(block))
if block == last_block:
    continueRoutine = False
last_block = block
"""

LOAD = "shown = mien.load(win, int(showing))"

DRAW = """
if not shown.draw():
    continueRoutine = False
"""

ANSWER = """
given_answer = mien.answer_of(answer_key.keys)
right_answer = correct_answer if part == 'answer' else training_answer
thisExp.addData('level', facs_level or '')  # Builder reads an empty cell as None
thisExp.addData('answer', given_answer)
thisExp.addData('correct', int(given_answer == right_answer))
thisExp.addData('rt_ms', round(1000 * answer_key.rt, 1))
for measured_name, measured_value in shown.measured().items():
    thisExp.addData(measured_name, measured_value)
"""

FEEDBACK = """
feedback_text = 'Right.' if given_answer == right_answer else f'It was {right_answer}.'
feedback_text += '\\n\\nPress the space bar.'
"""


def builder_file(design: Design, *, training: bool) -> str:
    """Return the text of the ``.psyexp``.

    Args:
        design: The design.
        training: Whether trials with feedback come before the task.
    """
    root = Element("PsychoPy2experiment", encoding="utf-8", version=VERSION)
    settings = SubElement(root, "Settings")
    for name, (value, kind) in _settings(design).items():
        _param(settings, name, value, kind)
    routines = SubElement(root, "Routines")
    for name, parts in _routines(design, training=training).items():
        routine = SubElement(routines, "Routine", name=name)
        for part, (component, params) in parts.items():
            element = SubElement(routine, component, name=part)
            for param, (value, kind) in {"name": (part, "code"), **params}.items():
                _param(element, param, value, kind)
    flow = SubElement(root, "Flow")
    _flow(flow, training=training)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" ?>\n{text}\n'


def _settings(design: Design) -> Params:
    return {
        "expName": (design.name.replace("$", ""), "str"),
        "Experiment info": ("{'participant': ''}", "code"),
        "Show info dlg": ("True", "bool"),
        "Full-screen window": ("True", "bool"),
        "Show mouse": ("False", "bool"),
        "Units": ("height", "str"),
        "color": ("128, 128, 128", "color"),
        "colorSpace": ("rgb255", "str"),
        "Save wide csv file": ("True", "bool"),
        "Data file delimiter": ("comma", "str"),
        "Data filename": (DATA, "code"),
        "Enable Escape": ("True", "bool"),
        "measureFrameRate": ("False", "bool"),
        "End Message": ("", "str"),
    }


Parts = Mapping[str, tuple[str, Params]]


def _routines(design: Design, *, training: bool) -> dict[str, Parts]:
    made: dict[str, Parts] = {
        "consent": {
            "begin": _code({"Begin Experiment": BEGIN}),
            "consent_words": _text("$consent_text"),
            "consent_key": _keyboard("'space'"),
        },
        "pause": {
            "new_block": _code({"Begin Routine": PAUSE}),
            "pause_words": _text("$pause_text", changes=True),
            "pause_key": _keyboard("'space'"),
        },
        "cross": {
            "load": _code({"Begin Routine": LOAD}),
            "cross_sign": _text("+", seconds="0.5"),
        },
        "faces": {
            "frames": _code({"Each Frame": DRAW, "End Routine": "shown.close()"}),
            # Builder ends a routine at once if it has only code. This text is empty and draws nothing.
            "faces_stay": _text(""),
        },
        "question": {
            "answer_key": _keyboard(_answer_keys(design)),
            "save_answer": _code({"End Routine": ANSWER}),
            "question_words": _text("$question_text"),
        },
        "goodbye": {
            "goodbye_words": _text("$end_text"),
            "goodbye_key": _keyboard("'space'"),
        },
    }
    if training:
        made["training"] = {
            "training_words": _text("$training_text"),
            "training_key": _keyboard("'space'"),
        }
        made["feedback"] = {
            "say_feedback": _code({"Begin Routine": FEEDBACK}),
            "feedback_words": _text("$feedback_text", changes=True),
            "feedback_key": _keyboard("'space'"),
        }
        made["task"] = {"task_words": _text("$task_text"), "task_key": _keyboard("'space'")}
    return made


def _answer_keys(design: Design) -> str:
    """Return the keys of the answers in Builder's form, including those of the number pad."""
    keys = list(keys_of(design))
    return ",".join(f"'{key}'" for key in (*keys, *(f"num_{key}" for key in keys if key.isdigit())))


def _code(parts: Mapping[str, str]) -> tuple[str, Params]:
    params = {name: (text.strip("\n"), "extendedCode") for name, text in parts.items()}
    return "CodeComponent", {"Code Type": ("Py", "str"), **params}


def _text(text: str, seconds: str = "", *, changes: bool = False) -> tuple[str, Params]:
    return "TextComponent", {
        "text": (text, "set every repeat" if changes else "str"),
        "color": ("black", "color"),
        "letterHeight": ("0.035", "num"),
        "wrapWidth": ("1.2", "num"),
        "font": ("Open Sans", "str"),
        "startType": ("time (s)", "str"),
        "startVal": ("0.0", "code"),
        "stopType": ("duration (s)", "str"),
        "stopVal": (seconds, "code"),
    }


def _keyboard(keys: str) -> tuple[str, Params]:
    return "KeyboardComponent", {
        "allowedKeys": (keys, "list"),
        "store": ("last key", "str"),
        "forceEndRoutine": ("True", "bool"),
        "discard previous": ("True", "bool"),
        "syncScreenRefresh": ("True", "bool"),
        "startType": ("time (s)", "str"),
        "startVal": ("0.0", "code"),
        "stopType": ("duration (s)", "str"),
        "stopVal": ("", "code"),
    }


def _flow(flow: Element, *, training: bool) -> None:
    _routine(flow, "consent")
    if training:
        _routine(flow, "training")
        _loop(flow, "training_trials", "training.csv", ("cross", "faces", "question", "feedback"))
        _routine(flow, "task")
    _loop(flow, "trials", "$order_file", ("pause", "cross", "faces", "question"))
    _routine(flow, "goodbye")


def _routine(flow: Element, name: str) -> None:
    SubElement(flow, "Routine", name=name)


def _loop(flow: Element, name: str, conditions: str, routines: tuple[str, ...]) -> None:
    begin = SubElement(flow, "LoopInitiator", loopType="TrialHandler", name=name)
    for param, value, kind in (
        ("conditionsFile", conditions, "file"),
        ("isTrials", "True", "bool"),
        ("loopType", "sequential", "str"),
        ("nReps", "1", "num"),
        ("name", name, "code"),
        ("random seed", "", "code"),
        ("Selected rows", "", "str"),
    ):
        _param(begin, param, value, kind)
    for routine in routines:
        _routine(flow, routine)
    SubElement(flow, "LoopTerminator", name=name)


def _param(element: Element, name: str, value: str, kind: str) -> None:
    updates = "constant"
    if kind == "set every repeat":
        kind, updates = "str", "set every repeat"
    elif element.tag == "Settings":
        updates = "None"
    # Builder writes line breaks as the text "&#10;".
    attributes = {"val": value.replace("\n", "&#10;"), "valType": kind, "updates": updates}
    SubElement(element, "Param", attributes, name=name)
