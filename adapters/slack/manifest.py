"""The app as Slack is told of it: names, command, shortcuts, scopes and events; what the code uses and nothing more."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.commands import COMMAND, describe
from adapters.wording import say
from bot.domain.errors import Refused

Shape = Mapping[str, "Shape"] | Sequence["Shape"] | str | bool

NAME: Final = 35
LABEL: Final = 24
WORD: Final = 32
"""Slack's limits of an app's name, a shortcut's label and a command (platforms/slack.md 28)."""

HISTORY: Final = ("channels:history", "groups:history", "im:history")
ROOMS: Final = ("channels:read", "groups:read", "im:read")
SCOPES_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "auth.test": (),
    "bots.info": ("users:read",),
    "chat.delete": ("chat:write",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": HISTORY,
    "conversations.info": ROOMS,
    "conversations.members": ROOMS,
    "conversations.open": ("im:write",),
    "conversations.replies": HISTORY,
    "dnd.info": ("dnd:read",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "team.info": ("team:read",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.conversations": ROOMS,
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}
"""What Slack asks for each method, by the kinds of conversation that we are in: public, private, direct."""

USED: Final = frozenset({
    "auth.test", "chat.delete", "chat.getPermalink", "chat.postEphemeral", "chat.postMessage", "chat.update",
    "conversations.history", "conversations.info", "conversations.members", "conversations.open",
    "conversations.replies", "dnd.info", "files.completeUploadExternal", "files.getUploadURLExternal", "files.info",
    "usergroups.list", "usergroups.users.list", "users.info", "users.list", "views.open", "views.publish", "views.push",
    "views.update",
})  # fmt: skip
"""The methods that adapters/slack calls with the bot token; a test compares this with the code."""

EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "app_home_opened": (),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unshared": ("channels:read", "groups:read"),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "subteam_members_changed": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}
"""What is listened to, with what Slack asks for it: speech, the home tab, and whatever changes who can read what."""

SCOPES: Final = tuple(sorted({"commands"}.union(*(SCOPES_OF[method] for method in USED), *EVENTS.values())))
"""Of the bot token; the app token needs connections:write alone."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What people see of the app; "" stands for what is proposed in `language`.

    With a command of its own every label is neutral, for guests see commands and shortcuts, too: where customers are
    guests, nothing in sight may accuse them.
    """

    language: str = "ja"
    name: str = ""
    command: str = COMMAND
    shortcut: str = ""

    @property
    def neutral(self) -> bool:
        return self.command != COMMAND


def manifest(labels: Labels, url: str = "") -> dict[str, Shape]:
    """The manifest for Socket Mode, or with the HTTPS address at which Slack reaches us; Refused for what Slack would
    not take."""
    _checked(labels, url)
    asked: dict[str, Shape] = {"request_url": url} if url else {}
    choices: dict[str, Shape] = {"message_menu_options_url": url} if url else {}
    return {
        "display_information": {
            "name": _name(labels), "description": _say(labels, "description"),
        },
        "features": _features(labels, url),
        "oauth_config": {"scopes": {"bot": SCOPES}},
        "settings": {
            "event_subscriptions": {**asked, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **asked, **choices},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }  # fmt: skip


def written(shape: Shape) -> str:
    """It as YAML; every string stands in double quotes, so that nothing in it can mean anything else."""
    return "\n".join(_lines(shape)) + "\n"


def _features(labels: Labels, url: str) -> dict[str, Shape]:
    label = labels.shortcut or _say(labels, "shortcut_neutral" if labels.neutral else "shortcut")
    return {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": _name(labels), "always_online": True},
        "shortcuts": [
            {
                "name": label,
                "type": "message",
                "callback_id": "report_message",
                "description": _say(labels, "message_told"),
            },
            {"name": label, "type": "global", "callback_id": "report", "description": _say(labels, "global_told")},
        ],
        "slash_commands": [_command(labels, url)],
    }


def _command(labels: Labels, url: str) -> dict[str, Shape]:
    """Mentions arrive as <@U1|name> (slack.md 20)."""
    words = [word for word in describe() if word.key == "help" or not labels.neutral]
    return {
        "command": labels.command,
        **({"url": url} if url else {}),
        "description": _say(labels, "command"),
        "usage_hint": " | ".join(word.name.ja if labels.language == "ja" else word.name.en for word in words),
        "should_escape": True,
    }


def _checked(labels: Labels, url: str) -> None:
    word = labels.command.removeprefix("/")
    plain = word == word.lower() and all(sign.isalnum() or sign in "-_" for sign in word)
    if not labels.command.startswith("/") or not word or not plain or len(labels.command) > WORD:
        raise Refused("slack.command_form")
    if len(labels.name) > NAME or len(labels.shortcut) > LABEL:
        raise Refused("slack.label_long")
    if url and not url.startswith("https://"):
        raise Refused("slack.url_form")


def _name(labels: Labels) -> str:
    return labels.name or _say(labels, "name")


def _say(labels: Labels, key: str) -> str:
    return say(labels.language, f"manifest.{key}")


def _lines(shape: Shape) -> Iterator[str]:
    if isinstance(shape, Mapping):
        for key, value in shape.items():
            if isinstance(value, str | bool):
                yield f"{key}: {_scalar(value)}"
            else:
                yield f"{key}:"
                yield from ("  " + line for line in _lines(value))
    elif isinstance(shape, str | bool):
        yield _scalar(shape)
    else:
        for value in shape:
            first, *rest = _lines(value)
            yield f"- {first}"
            yield from ("  " + line for line in rest)


def _scalar(value: str | bool) -> str:
    return json.dumps(value, ensure_ascii=False)
