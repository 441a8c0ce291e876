"""The description of an engine: its name, tasks, settings and how to build it.

Imports nothing heavy: the command line's help and the studio's list are made from specs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from mien.engines.settings import EngineSettings
from mien.errors import MissingExtraError, UsageError
from mien.install import install_command, own_extra
from mien.io.digital_source import DIGITAL_SOURCES, DigitalSource

if TYPE_CHECKING:
    from mien.engines.base import Engine

Task: TypeAlias = Literal["generate", "transfer"]
TASKS: tuple[Task, ...] = ("generate", "transfer")

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Extra:
    """Optional packages that an engine needs.

    Attributes:
        install: What pip installs, such as ``my-engine[torch]``. ``mien[torch]`` is that extra of this copy of Mien.
        packages: The import names to look for.
    """

    install: str
    packages: tuple[str, ...]

    @property
    def missing(self) -> str | None:
        """The first package that is not installed; None if all are there."""
        return next((name for name in self.packages if find_spec(name) is None), None)

    @property
    def command(self) -> str:
        """What the user types to install them."""
        extra = own_extra(self.install)
        return f'pip install "{self.install}"' if extra is None else install_command(extra)

    @property
    def label(self) -> str:
        """The name of the packages in a table."""
        extra = own_extra(self.install)
        return f"`{self.install}`" if extra is None else f"the extra `{extra}`"


@dataclass(frozen=True, kw_only=True)
class EngineSpec:
    """The description of an engine.

    Attributes:
        name: Lower-case letters, digits and hyphens.
        tasks: ``generate``: the engine renders AU tracks, and ``build`` gives a `TrackEngine`. ``transfer``: it can
            be driven by a clip. With ``generate`` beside it, the driver's AUs are measured and rendered; alone, the
            engine carries the motion itself, and ``build`` gives a `MotionEngine`.
        settings: The dataclass of its settings.
        about: One line for people.
        build: Makes the engine from its settings; networks are read only when a portrait is prepared.
        extra: Optional packages that it needs.
        fast: Whether it renders faster than real time.
        digital_source: IPTC's digital source type, which is written into its clips: ``compositeSynthetic`` if the
            engine moves the portrait's own pixels, ``compositeWithTrainedAlgorithmicMedia`` if a trained network makes
            new ones.

    Raises:
        UsageError: A name, tasks or settings that an engine cannot have: for example a field of the settings that is
            not declared with `setting`, or a default that the field itself would refuse.
    """

    name: str
    tasks: tuple[Task, ...]
    settings: type[EngineSettings]
    about: str
    build: Callable[[Any], Engine]
    extra: Extra | None = None
    fast: bool = False
    digital_source: DigitalSource = "compositeSynthetic"

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise UsageError(f"expected an engine's name such as my-engine, got {self.name!r}")
        if not self.tasks or set(self.tasks) - set(TASKS):
            raise UsageError(
                f"engine {self.name}: expected each task to be one of {TASKS}, got {self.tasks}"
            )
        if self.digital_source not in DIGITAL_SOURCES:
            raise UsageError(
                f"engine {self.name}: expected the digital source to be one of {DIGITAL_SOURCES}, got "
                f"{self.digital_source!r}"
            )
        if not (isinstance(self.settings, type) and issubclass(self.settings, EngineSettings)):
            raise UsageError(f"engine {self.name}: expected settings derived from EngineSettings")
        try:
            self.settings()  # a field that cannot be described or a bad default fails here, not in a user's run
        except (TypeError, NameError, UsageError) as error:
            raise UsageError(
                f"engine {self.name}: expected settings that can be made from their defaults, got "
                f"{self.settings.__name__}: {error}"
            ) from error

    @property
    def uses_aus(self) -> bool:
        """Whether AU tracks move the engine, so that a driver's AUs can be re-encoded and written down."""
        return "generate" in self.tasks

    def make(self, settings: EngineSettings | None = None) -> Engine:
        """Make the engine.

        Args:
            settings: Its settings; None for the defaults.

        Raises:
            MissingExtraError: A package that it needs is not installed.
        """
        if self.extra is not None and (package := self.extra.missing) is not None:
            raise MissingExtraError(
                f"the {self.name} engine needs {package}, which is not installed: "
                f"{self.extra.command}"
            )
        return self.build(self.settings() if settings is None else settings)
