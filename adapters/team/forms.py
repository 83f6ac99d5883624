"""How an account, a channel and a workspace are written."""

import re
from typing import Final

from bot.domain.model import Platform, is_group

CHATS: Final = tuple(platform.value for platform in Platform if platform is not Platform.EMAIL)

_MAIL: Final = re.compile(r"[^@\s:;,]+@[^@\s:;,]+\.[^@\s:;,]+")
_ID: Final = re.compile(r"[^\s:;#@][^\s:;]*")


def is_account(text: str) -> bool:
    """`platform:workspace:id`, or `email::address`."""
    platform, _, rest = text.partition(":")
    if platform == Platform.EMAIL:
        return rest.startswith(":") and bool(_MAIL.fullmatch(rest[1:]))
    return _is_chat_place(text, 3)


def is_user_group(text: str) -> bool:
    """`platform:workspace:group:id`: everybody in a user group of the platform."""
    return is_group(text) and _is_chat_place(text.replace(":group:", ":", 1), 3)


def is_channel(text: str) -> bool:
    """`platform:workspace:channel`."""
    return _is_chat_place(text, 3)


def is_workspace(text: str) -> bool:
    """`platform:workspace`."""
    return _is_chat_place(text, 2)


def _is_chat_place(text: str, parts: int) -> bool:
    platform, *ids = text.split(":")
    return platform in CHATS and len(ids) == parts - 1 and all(_ID.fullmatch(one) for one in ids)
