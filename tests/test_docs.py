"""README and docs agree with the code: their snippets run, and their tables list what there is."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest
import skimage.data
from PIL import Image

import mien
from mien.cli import commands
from mien.cli.engine_flags import WithEngineFlags
from mien.cli.main import main
from mien.cli.parse import load, second_words
from mien.cli.subcommands import subcommands
from mien.engines.registry import engine_specs
from mien.engines.settings import Setting
from mien.stimuli.batch import RowResult
from mien.stimuli.batch_table import COLUMNS

ROOT = Path(__file__).resolve().parents[1]
READMES = (ROOT / "README.md", ROOT / "README.zh.md")
PAGES = [*READMES, *sorted((ROOT / "docs").glob("*.md"))]
CHINESE = [page for page in PAGES[2:] if page.name.endswith(".zh.md")]
RUN = [page for page in [READMES[0], *PAGES[2:]] if page not in CHINESE]
"""A Chinese page has the snippets of its English one, which are run."""

COMMUNITY = [ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md")]
CLI_PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^## mien (.+)$", CLI_PAGE, re.MULTILINE)

INSTALLS = re.compile(r"(make|source|python3?\.?\d*|\.venv/bin/\w+) ")
"""Lines of a shell snippet that set Mien up; all others must be ``mien`` commands, and are run."""

_FENCE = re.compile(r"^```(\w+)[ ]?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#]*)(?:#([^)]*))?\)")


@dataclass(frozen=True)
class Snippet:
    """A fenced block: its language, what follows that, its text, and where it begins."""

    language: str
    file: str
    text: str
    line: int


def snippets(page: Path) -> Iterator[Snippet]:
    text = page.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        yield Snippet(match[1], match[2], match[3], text[: match.start()].count("\n") + 2)


def documented(page: str, heading: str) -> list[str]:
    """Return the names in the first column of the first table under a heading, in order."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    section = re.split(rf"^## {re.escape(heading)}\n", text, flags=re.MULTILINE)[1]
    section = re.split(r"^## ", section, flags=re.MULTILINE)[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run in, with the picture that all pages speak of."""
    head = skimage.data.astronaut()[0:256, 96:352]
    # Small, so that the snippets are quick; no page speaks of its size.
    Image.fromarray(head).resize((176, 176), Image.Resampling.LANCZOS).save(
        tmp_path / "portrait.jpg", quality=95
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.name)
def test_snippets_run(page: Path, folder: Path) -> None:
    names: dict[str, Any] = {"__name__": "snippet"}
    for snippet in snippets(page):
        where = f"{page.name}, line {snippet.line}"
        if snippet.language in ("csv", "toml"):
            (folder / snippet.file).write_text(snippet.text, encoding="utf-8")
        elif snippet.language == "python":
            source = "\n" * (snippet.line - 1) + snippet.text  # so that errors name the line
            exec(compile(source, str(page), "exec", dont_inherit=True), names)
        elif snippet.language == "sh":
            for line in snippet.text.splitlines():
                run_line(line, where)
        else:
            assert snippet.language in ("text", "powershell"), f"{where}: {snippet.language}"


def run_line(line: str, where: str) -> None:
    if not line.startswith("mien "):
        assert INSTALLS.match(line), f"{where}: neither mien nor an installation: {line}"
        return
    words = shlex.split(line, comments=True)[1:]
    if words[0] == "studio":  # it serves until Ctrl-C; tests/studio starts it
        return
    assert main(words) == 0, f"{where}: {line}"
    if "--out" in words and "--dry-run" not in words:
        assert Path(words[words.index("--out") + 1]).exists(), f"{where}: {line}"


def _slug(heading: str) -> str:
    """The anchor that GitHub gives a heading: no punctuation, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


CHANGES = ROOT / "CHANGELOG.md"


@pytest.mark.parametrize("page", [*PAGES, *COMMUNITY, CHANGES], ids=lambda page: page.name)
def test_no_merge_was_left_unfinished(page: Path) -> None:
    marks = re.findall(
        r"^(?:<{7}|>{7}|\|{7}) .*$|^={7}$|@@[A-Z]\w*@@", page.read_text("utf-8"), re.MULTILINE
    )
    assert marks == []


@pytest.mark.parametrize("page", [*PAGES, *COMMUNITY], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    for target, anchor in _LINK.findall(text):
        file = page.parent / target if target else page
        assert file.is_file(), f"{page.name} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {_slug(heading) for heading in headings}, anchor


@pytest.mark.parametrize("chinese_page", [READMES[1], *CHINESE], ids=lambda page: page.name)
def test_both_languages_say_the_same(chinese_page: Path) -> None:
    """The snippets are compared here, so that running the English ones is enough."""
    english_page = chinese_page.with_name(chinese_page.name.replace(".zh.md", ".md"))
    english, chinese = (page.read_text(encoding="utf-8") for page in (english_page, chinese_page))
    assert [each.text for each in snippets(chinese_page)] == [
        each.text for each in snippets(english_page)
    ]
    for part in (r"^## ", r"^\| ", r"^- "):  # headings, rows of tables, points of lists
        count = len(re.findall(part, english, re.MULTILINE))
        assert count == len(re.findall(part, chinese, re.MULTILINE)), part
    files = [
        {target.replace(".zh.md", ".md") for target, _ in _LINK.findall(text) if target}
        - {english_page.name}  # each links to the other
        for text in (english, chinese)
    ]
    assert files[0] == files[1] != set()


def test_the_readme_is_short() -> None:
    assert all(len(page.read_text(encoding="utf-8").splitlines()) <= 150 for page in READMES)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_documented(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*command.split(), "--help"])
    helped = capsys.readouterr().out
    # The first column of the help; what an option means stands further right.
    options = re.findall(r"^[│ ] {1,2}(-.*?)(?:  |$)", helped, re.MULTILINE)
    named = {name for option in options for name in re.findall(r"--[\w-]+", option)}
    assert "--help" in named
    assert "(default: )" not in helped
    # Settings of engines have a table of their own.
    own = set(documented("cli.md", f"mien {command}")) | engine_settings_of(command)
    assert own == named - {"--help"}


def engine_settings_of(command: str) -> set[str]:
    """Return the options of a command that are settings of engines."""
    first, *second = command.split()
    kind = load(first)
    kind = subcommands(kind).get(second[0], kind) if second else kind
    if not issubclass(kind, WithEngineFlags):
        return set()
    specs = engine_specs(kind.task).values()
    return {name for s in specs for each in s.settings.described() for name in spellings(each)}


def spellings(setting: Setting) -> list[str]:
    """Return a setting's option, and for a switch the one that turns it off."""
    off = [setting.option.replace("--", "--no-", 1)] if setting.kind == "switch" else []
    return [setting.option, *off]


def test_every_package_is_documented() -> None:
    source = ROOT / "src" / "mien"
    packages = {path.parent.name for path in source.glob("*/__init__.py")}
    modules = {path.stem for path in source.glob("[a-z]*.py")}
    assert set(documented("architecture.md", "Packages")) == packages | modules


def test_every_public_name_is_documented() -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    rows = [line for line in (mien.__doc__ or "").splitlines() if line.startswith("| `")]
    assert rows and all(row in page.splitlines() for row in rows)


def test_every_command_is_documented() -> None:
    assert set(commands.COMMANDS) == {command.split()[0] for command in COMMANDS}
    for command in commands.COMMANDS:
        parts = [f"{command} {second}" for second in second_words(load(command))]
        assert command in COMMANDS or set(parts) <= set(COMMANDS), command


def test_sidecar_fields(folder: Path) -> None:
    assert main(shlex.split("generate portrait.jpg --expression fear --fps 25 --out a.mkv")) == 0
    sidecar = json.loads((folder / "a.mkv.json").read_text(encoding="utf-8"))
    assert documented("formats.md", "The sidecar") == list(sidecar)
    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    for part in ("inputs", "format", "track"):
        inner = sidecar[part][0] if isinstance(sidecar[part], list) else sidecar[part]
        row = next(line for line in text.splitlines() if line.startswith(f"| `{part}`"))
        assert set(re.findall(r"`(\w+)`", row.split("|")[2])) == set(inner), part
    assert "envelopes" in sidecar["settings"]


def test_batch_columns() -> None:
    assert documented("formats.md", "Batch tables") == list(COLUMNS)


def test_manifest_columns() -> None:
    assert documented("formats.md", "The manifest") == [field.name for field in fields(RowResult)]


def test_refusals_in_the_limits(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = "generate portrait.jpg --out a.mp4"
    for options, says in (
        ("--au AU17L=2@0-.1-.2-.3", "midline"),
        ("--au AU12=6@0-.1-.2-.3", "0 to 5"),
        ("--au AU99=2@0-.1-.2-.3", "AU99"),
        ("--au AU12=2@0-.3-.2-.4", "AU12"),
        ("--expression anger --seed 1", "--sample"),
        ("--expression anger --intensity D --strength 2", "maximum of 5"),
    ):
        assert main(shlex.split(f"{start} {options}")) == 2, options
        said = capsys.readouterr().err
        assert said.startswith("mien: error: ") and said.count("\n") == 1 and says in said, said
    assert [entry.name for entry in folder.iterdir()] == ["portrait.jpg"]
