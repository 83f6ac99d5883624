"""team.toml: who belongs to which support team and in what role, and what applying it would change."""

from adapters.team.difference import Change, ChangeKind, difference, warnings
from adapters.team.forms import CHATS, is_account, is_channel, is_workspace
from adapters.team.reading import load

__all__ = [
    "CHATS",
    "Change",
    "ChangeKind",
    "difference",
    "is_account",
    "is_channel",
    "is_workspace",
    "load",
    "warnings",
]
