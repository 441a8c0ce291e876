"""The errors that a user can cause.

Every error a user can cause is a :class:`MienError`. Its message is one line that says what was expected, what came
and what to do; the command line prints it and exits with :data:`EXIT_CODE`.
"""

from __future__ import annotations

EXIT_CODE = 2
"""Exit code of the command line for every :class:`MienError`."""


MAX_WORD = 300
"""Longest word of a message, in characters. A damaged file could put a number of 30,000 digits into a message."""

MAX_MESSAGE = 2000
"""Longest message, in characters."""


class MienError(Exception):
    """Base of all errors that a user can cause and fix."""

    def __str__(self) -> str:
        """Return the message; words and messages that are too long are cut in the middle."""
        text = super().__str__()
        if len(text) <= MAX_WORD:
            return text
        words = (_cut(word, MAX_WORD) for word in text.split(" "))
        return _cut(" ".join(words), MAX_MESSAGE)


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    end = most // 3
    return f"{text[: most - end - 3]}...{text[-end:]}"


class UsageError(MienError):
    """Options that do not fit together, or a value out of its range."""


class UnreadableImageError(MienError):
    """A file that is not an image, is damaged, or is too small or too large."""


class UnreadableVideoError(MienError):
    """A file that is not a video, or that is damaged."""


class FaceError(MienError):
    """A picture whose face cannot be used."""


class NoFaceError(FaceError):
    """No face was found."""


class SeveralFacesError(FaceError):
    """More than one face was found and none was chosen."""


class ProfileFaceError(FaceError):
    """The head is turned too far to the side."""


class BadTrackError(MienError):
    """AU intensities or times that are not a valid track, envelope or expression."""


class UnknownAUError(BadTrackError):
    """A name that is not in the AU catalogue."""


class DatasetError(MienError):
    """A data set whose annotations or files are not as its makers published them."""


class WeightsError(MienError):
    """Weights that are missing, altered, of another network, or in a format that Mien never reads, such as pickle."""


class OutputError(MienError):
    """An output that cannot be written to the given place."""


class InUseError(OutputError):
    """An output that another process is writing."""


class MissingExtraError(MienError):
    """A feature whose optional packages are not installed."""
