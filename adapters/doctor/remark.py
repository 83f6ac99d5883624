"""What the doctor says: how grave, what is wrong and where, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from adapters.wording import say
from adapters.wording.clean import clean


class Grade(StrEnum):
    """How grave; a hint is worth knowing and no fault."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


GOOD: Final = 0
WARNED: Final = 3
BAD: Final = 1


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding; `key` names its words, `fields` say where."""

    grade: Grade
    key: str
    fields: tuple[tuple[str, object], ...] = ()


def error(key: str, **fields: object) -> Remark:
    return Remark(Grade.ERROR, key, tuple(fields.items()))


def warning(key: str, **fields: object) -> Remark:
    return Remark(Grade.WARNING, key, tuple(fields.items()))


def hint(key: str, **fields: object) -> Remark:
    return Remark(Grade.HINT, key, tuple(fields.items()))


def told(remark: Remark, language: str) -> str:
    """Two lines: what is wrong and where; what to do."""
    fields = {name: clean(value) if isinstance(value, str) else value for name, value in remark.fields}
    what, deed = (say(language, f"doctor.{key}", **fields) for key in (remark.key, f"{remark.key}_do"))
    return f"{say(language, f'doctor.grade.{remark.grade}')} {what}\n  → {deed}"


def summary(remarks: Iterable[Remark], language: str) -> str:
    """How many of each grade; or that nothing is wrong."""
    found = list(remarks)
    errors, warnings = (sum(one.grade is grade for one in found) for grade in (Grade.ERROR, Grade.WARNING))
    key = "sum" if errors or warnings else "sum_good"
    return say(language, f"doctor.{key}", errors=errors, warnings=warnings)


def status(remarks: Iterable[Remark]) -> int:
    """The exit status: 1 with errors, 3 with warnings, else 0."""
    grades = {remark.grade for remark in remarks}
    return BAD if Grade.ERROR in grades else WARNED if Grade.WARNING in grades else GOOD
