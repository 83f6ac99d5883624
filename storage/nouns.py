"""Nouns as values of a row and back: enumerations by their value, tuples as lists."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import time
from enum import Enum
from typing import Any

from bot.domain.model import Hours, Week


def values_of(noun: Any, *left_out: str) -> dict[str, Any]:
    """The fields of a noun as a row keeps them, without its id and those left out."""
    names = (field.name for field in fields(noun) if field.name not in {"id", *left_out})
    return {name: _kept(getattr(noun, name)) for name in names}


def fields_of(noun: type[Any], row: Any) -> dict[str, Any]:
    """What a row has for the fields of a noun, as the row keeps it; what it does not have is left out."""
    found = row._mapping
    return {field.name: found[field.name] for field in fields(noun) if field.name in found}


def week_kept(week: Week) -> list[list[list[str]]] | None:
    """Support hours as a row keeps them; None for none."""
    return [[[_clock(span.opens), _clock(span.closes)] for span in day] for day in week] or None


def week_of(kept: Sequence[Sequence[Sequence[str]]] | None) -> Week:
    """Support hours from a row."""
    return tuple(tuple(Hours(*map(_time, span)) for span in day) for day in kept or ())


def _clock(at: time) -> str:
    return "24:00" if at == time.max else f"{at:%H:%M}"


def _time(clock: str) -> time:
    return time.max if clock == "24:00" else time.fromisoformat(clock)


def _kept(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value
