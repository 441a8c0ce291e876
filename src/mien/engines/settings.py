"""The settings of an engine: a frozen dataclass whose fields describe options on the command line and in the studio.

The command line, project files, sidecars and the studio all read these descriptions; nothing else lists an engine's
settings. Imports nothing heavy.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from numbers import Integral, Real
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from mien.errors import UsageError
from mien.io.plain_values import plain_value

SettingKind: TypeAlias = Literal["switch", "number", "whole number", "choice", "text", "path"]

_KINDS: dict[type, SettingKind] = {
    bool: "switch",
    int: "whole number",
    float: "number",
    str: "text",
    Path: "path",
}
_TYPES: dict[SettingKind, type] = {
    "switch": bool,
    "whole number": int,
    "number": float,
    "choice": str,
    "text": str,
    "path": Path,
}
_KEY = "mien"
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """The description of one setting.

    Attributes:
        name: The dataclass field.
        kind: What values it takes.
        default: Its value if it is not given.
        help: One or two plain sentences.
        optional: Whether None is a value too.
        choices: The values of a ``choice``.
        least: Smallest allowed number; None for no limit.
        most: Largest allowed number; None for no limit.
        metavar: Placeholder of the value in the command line's help.
        advanced: Whether it concerns the machine or an experiment, not the result's content; the studio's panel
            leaves it out.
        needs: The setting that a choice needs, by choice.
    """

    name: str
    kind: SettingKind
    default: Any
    help: str
    optional: bool = False
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    metavar: str = ""
    advanced: bool = False
    needs: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def option(self) -> str:
        """The option on the command line, such as ``--au-mode``."""
        return f"--{self.name.replace('_', '-')}"

    def checked(self, value: Any) -> Any:
        """Return a value of the setting's kind, as a plain Python value.

        Any integer is a whole number and any real number is a number, including NumPy's; True and False are neither.

        Raises:
            UsageError: The value is of another kind or out of range.
        """
        value = plain_value(value)
        if value is None and self.optional:
            return None
        if self.kind == "path" and isinstance(value, str | Path) and str(value):
            return Path(value)
        if self.kind in ("number", "whole number") and not isinstance(value, bool):
            value = _as_number(value, self.kind)
        fits = type(value) is _TYPES[self.kind] and (not self.choices or value in self.choices)
        if fits and self.kind in ("number", "whole number"):
            least = -math.inf if self.least is None else self.least
            fits = least <= value < math.inf and (self.most is None or value <= self.most)
        if not fits:
            raise UsageError(f"expected {self.option} {self._values()}, got {self._said(value)}")
        return value

    def parsed(self, text: str) -> Any:
        """Read a value from the text of a command line or a form.

        Raises:
            UsageError: The value is of another kind or out of range.
        """
        if self.kind == "switch" and text in ("true", "false"):
            return text == "true"
        try:
            if self.kind == "whole number":
                return self.checked(int(text))
            if self.kind == "number":
                return self.checked(float(text))
        except ValueError:
            pass
        return self.checked(text)

    def _values(self) -> str:
        if self.choices:
            return _listed(self.choices)
        kind = {"switch": "true or false"}.get(self.kind, f"a {self.kind}")
        if self.least is not None and self.most is not None:
            return f"{kind} from {self.least:g} to {self.most:g}"
        if self.most is not None:
            return f"{kind} of at most {self.most:g}"
        return kind if self.least is None else f"{kind} of at least {self.least:g}"

    def _said(self, value: Any) -> str:
        """Return a refused value as text; with its type if it is a number or a bool of the wrong type."""
        if not isinstance(value, int | float):
            return repr(value)
        fits = type(value) is _TYPES[self.kind]
        return str(value) if fits else f"{value} ({type(value).__name__})"

    def to_json(self) -> dict[str, Any]:
        """Return the description as JSON values, for a form in the studio."""
        return dataclasses.asdict(self) | {"default": _plain(self.default)}


def setting(
    default: T,
    help: str,
    *,
    metavar: str = "",
    least: float | None = None,
    most: float | None = None,
    advanced: bool = False,
    needs: Mapping[str, str] | None = None,
) -> T:
    """Declare a field of an engine's settings; see `Setting` for the arguments."""
    facts: dict[str, Any] = {"help": help, "metavar": metavar, "advanced": advanced}
    facts |= {"least": least, "most": most, "needs": dict(needs or {})}
    return dataclasses.field(default=default, metadata={_KEY: facts})


@dataclass(frozen=True, kw_only=True)
class EngineSettings:
    """Base of all engines' settings; each field is declared with `setting`.

    A field's type is bool, int, float, str, Path, a Literal of strings, or one of these or None.

    Raises:
        UsageError: A value of another kind, or out of its range.

    Example:
        >>> @dataclass(frozen=True, kw_only=True)
        ... class Mine(EngineSettings):
        ...     sharpness: float = setting(1.0, "How sharp the result is.", least=0)
        >>> Mine(sharpness=2).sharpness
        2.0
    """

    def __post_init__(self) -> None:
        for each in self.described():
            object.__setattr__(self, each.name, each.checked(getattr(self, each.name)))

    @classmethod
    def described(cls) -> tuple[Setting, ...]:
        """Describe each setting, in the order of the fields.

        Raises:
            TypeError: A field that is not declared with `setting`, or of a type that a setting cannot have.
        """
        owner: type = cls
        return _described(owner)

    def check_transfer(self, *, blinks: bool) -> None:
        """Refuse a transfer that these settings do not allow, before any work.

        Args:
            blinks: Whether the lids move too.

        Raises:
            UsageError: The settings do not fit the transfer.
        """

    def to_json(self) -> dict[str, Any]:
        """Return the settings as JSON values; of paths only the last part, as folders are private."""
        return {each.name: _plain(getattr(self, each.name)) for each in self.described()}

    def given(self) -> dict[str, Any]:
        """Return the settings that differ from their defaults."""
        values = {each.name: (getattr(self, each.name), each.default) for each in self.described()}
        return {name: value for name, (value, default) in values.items() if value != default}


@cache
def _described(settings: type) -> tuple[Setting, ...]:
    hints = get_type_hints(settings)
    return tuple(
        _describe(field, hints[field.name], settings.__name__)
        for field in dataclasses.fields(settings)
    )


def _describe(field: dataclasses.Field[Any], hint: Any, owner: str) -> Setting:
    if _KEY not in field.metadata:
        raise TypeError(f"{owner}.{field.name}: declare it with mien.engines.settings.setting")
    parts = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    plain = [part for part in parts if part is not type(None)]
    if len(plain) != 1:
        raise TypeError(f"{owner}.{field.name}: expected one type or None, got {hint}")
    choices = get_args(plain[0]) if get_origin(plain[0]) is Literal else ()
    kind: SettingKind | None = "choice" if choices else _KINDS.get(plain[0])
    if kind is None:
        raise TypeError(f"{owner}.{field.name}: expected a plain type, got {hint}")
    return Setting(
        name=field.name,
        kind=kind,
        default=field.default,
        optional=len(parts) > len(plain),
        choices=choices,
        **field.metadata[_KEY],
    )


def _plain(value: Any) -> Any:
    return value.name if isinstance(value, Path) else value


def _as_number(value: Any, kind: SettingKind) -> Any:
    """Return a real number as float, or an integer as int; anything else unchanged."""
    if kind == "whole number":
        return int(value) if isinstance(value, Integral) else value
    try:
        return float(value) if isinstance(value, Real) else value
    except OverflowError:
        return math.inf


def _listed(words: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
