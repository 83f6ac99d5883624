"""Notices as the outbox keeps them: the name of their class and their facts as JSON, without prose."""

from functools import cache
from typing import Any, Final, get_args

from pydantic import TypeAdapter, ValidationError

from bot.domain.errors import KasuharaError
from bot.domain.notices import Posted

_KINDS: Final = {notice.__name__: notice for notice in get_args(Posted)}


class UnknownKind(KasuharaError):
    """Facts that this version cannot read: a class that it does not have, or one that has other fields here."""


def kind_of(notice: Posted) -> str:
    """The name under which the facts of this notice are read again."""
    return type(notice).__name__


def written(notice: Posted) -> str:
    """The facts as JSON; instants are written with their offset."""
    return _form(kind_of(notice)).dump_json(notice).decode()


def read(kind: str, facts: str) -> Posted:
    """What `written` was given; UnknownKind if a newer or older version wrote it."""
    try:
        notice: Posted = _form(kind).validate_json(facts)
    except ValidationError as error:
        raise UnknownKind(kind) from error
    return notice


@cache
def _form(kind: str) -> TypeAdapter[Any]:
    if kind not in _KINDS:
        raise UnknownKind(kind)
    return TypeAdapter(_KINDS[kind])
