"""Nouns as values of a row and back: enumerations by their value, tuples as lists."""

from dataclasses import fields
from enum import Enum
from typing import Any


def values_of(noun: Any, *left_out: str) -> dict[str, Any]:
    """The fields of a noun as a row keeps them, without its id and those left out."""
    names = (field.name for field in fields(noun) if field.name not in {"id", *left_out})
    return {name: _kept(getattr(noun, name)) for name in names}


def fields_of(noun: type[Any], row: Any) -> dict[str, Any]:
    """What a row has for the fields of a noun, as the row keeps it; what it does not have is left out."""
    found = row._mapping
    return {field.name: found[field.name] for field in fields(noun) if field.name in found}


def _kept(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value
