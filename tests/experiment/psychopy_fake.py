"""A small ``psychopy`` for the tests: a window that counts what each refresh shows, a clock that it moves, and keys."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from weakref import WeakSet


class Clock:
    """A clock that counts from its last reset."""

    def __init__(self) -> None:
        self.start = Screen.now

    def reset(self) -> None:
        self.start = Screen.now

    def getTime(self) -> float:
        return Screen.now - self.start


class Screen:
    """A window. Each flip keeps what was drawn for one refresh."""

    now = 0.0

    def __init__(self, hz: float | None = 60.0, size: tuple[int, int] = (1280, 720)) -> None:
        self.hz, self.size = hz, size
        self.drawn: list[str] = []
        self.refreshes: list[tuple[str, ...]] = []
        self.calls: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []
        self.late: set[int] = set()
        self.closed = False
        self.alive: WeakSet[Stimulus] = WeakSet()
        self.most_alive = 0
        self.patch_places: set[tuple[float, float]] = set()

    def getActualFrameRate(self, **_: object) -> float | None:
        return self.hz

    def callOnFlip(self, call: Callable[..., Any], *arguments: Any) -> None:
        self.calls.append((call, arguments))

    def flip(self) -> float:
        missed = 1 if len(self.refreshes) in self.late else 0
        Screen.now += (1 + missed) / (self.hz or 60.0)
        self.refreshes.append(tuple(self.drawn))
        self.drawn = []
        calls, self.calls = self.calls, []
        for call, arguments in calls:
            call(*arguments)
        return Screen.now

    def clearBuffer(self) -> None:
        self.drawn = []

    def close(self) -> None:
        self.closed = True


class Stimulus:
    """Anything that is drawn; it is called by its picture's name, its text, or ``patch``."""

    def __init__(self, win: Screen, image: str = "", text: str | None = None, **more: Any) -> None:
        self.win, self.image, self.text, self.more = win, image, text, more
        if image:
            assert Path(image).is_file()
            win.alive.add(self)
            win.most_alive = max(win.most_alive, len(win.alive))
        elif text is None:
            win.patch_places.add(more["pos"])

    def draw(self) -> None:
        what = Path(self.image).stem if self.image else self.text
        self.win.drawn.append("patch" if what is None else what)


@contextmanager
def fake_psychopy(screen: Screen, keys: Iterator[str], participant: str = "1") -> Iterator[None]:
    """Put a small ``psychopy`` in place of the real one.

    Args:
        screen: The window that a script gets.
        keys: What is pressed whenever a key is waited for.
        participant: What is entered in the dialog.
    """

    def wait_keys(keyList: list[str] | None = None, timeStamped: Any = False) -> list[Any]:
        key = next(keys) if keyList != ["space", "escape"] else "space"
        assert keyList is None or key in keyList
        Screen.now += 0.4
        return [(key, timeStamped.getTime())] if timeStamped else [key]

    def dialog(values: dict[str, str], **_: object) -> Any:
        values["participant"] = participant
        return type("Dialog", (), {"OK": True})

    def leave(*_: object) -> None:
        raise SystemExit

    def wait(seconds: float) -> None:
        Screen.now += seconds

    parts: dict[str, dict[str, Any]] = {
        "core": {"getTime": lambda: Screen.now, "wait": wait, "quit": leave, "Clock": Clock},
        "event": {"waitKeys": wait_keys, "clearEvents": lambda: None},
        "gui": {"DlgFromDict": dialog},
        "visual": {
            **dict.fromkeys(("ImageStim", "TextStim", "Rect"), Stimulus),
            "Window": lambda **_: screen,
        },
    }
    modules = {"psychopy": ModuleType("psychopy")}
    for name, values in parts.items():
        modules[f"psychopy.{name}"] = module = ModuleType(f"psychopy.{name}")
        module.__dict__.update(values)
        setattr(modules["psychopy"], name, module)
    before = {name: sys.modules.get(name) for name in (*modules, "mien_study")}
    sys.modules.pop("mien_study", None)
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, module in before.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module
