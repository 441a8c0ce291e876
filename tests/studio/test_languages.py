from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import mien.studio
from mien.experiment.design import Design
from mien.studio.studies import StudyRequest

SCRIPTS = Path(mien.studio.__file__).parent / "static" / "js"


def texts(language: str) -> dict[str, str]:
    """All texts of a language, which has a file for each part of the page."""
    found: dict[str, str] = {}
    for file in sorted(SCRIPTS.glob(f"strings_*{language}.js")):
        lines = re.findall(
            r"""^  "([\w.-]+)":\s+(["'])(.*)\2,$""", file.read_text(encoding="utf-8"), re.MULTILINE
        )
        here = {key: text for key, _, text in lines}
        assert not here.keys() & found.keys()
        found |= here
    return found


def test_both_languages_have_the_same_texts_with_the_same_values() -> None:
    english, chinese = texts("en"), texts("zh")
    assert len(english) > 100
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", chinese[key])), key


def test_the_study_dialog_names_the_keys_that_it_lacks() -> None:
    lacking = {field.name for field in fields(Design)} - StudyRequest.model_fields.keys()
    for language in ("en", "zh"):
        said = set(re.findall(r"[a-z_]+", texts(language)["study.more"].split("build")[1]))
        assert said & {field.name for field in fields(Design)} == lacking


def test_every_text_that_a_script_names_is_there() -> None:
    english = texts("en")
    for script in SCRIPTS.glob("*.js"):
        for key in re.findall(r'\bt\("([\w.-]+)"', script.read_text(encoding="utf-8")):
            assert key in english, f"{script.name}: {key}"
