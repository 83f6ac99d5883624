"""The only reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain.errors import Refused

DEFAULT_URL: Final = "sqlite:///data/kasuhara.db"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; "" where it says nothing. See .env.example."""

    database_url: str = DEFAULT_URL
    policy: Path | None = None
    team: Path | None = None
    key: str = ""
    language: str = "ja"
    slack_bot_token: str = ""
    slack_app_token: str = ""
    slack_signing_secret: str = ""
    slack_api_url: str = "https://slack.com/api/"
    slack_mode: str = "socket"
    """socket or http."""
    slack_http_host: str = "127.0.0.1"
    slack_http_port: int = 3000
    slack_command: str = ""
    """As the app's manifest has it, such as /support-log; "" is /kasuhara."""
    discord_bot_token: str = ""
    discord_api_url: str = ""
    discord_gateway_url: str = ""
    discord_anywhere: bool = False
    """Whether these addresses may be neither Discord nor this machine."""
    playground_host: str = "127.0.0.1"
    """Another one than this machine's own needs a token."""
    playground_port: int = 8765
    playground_token: str = ""
    hook_url: str = ""
    hook_secret: str = ""
    account: str = "unknown"
    """Who is at the keyboard, for the audit: the account of the machine."""


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment, or from a mapping in its place."""
    env = os.environ if environment is None else environment

    def path(name: str) -> Path | None:
        return Path(env[name]) if env.get(name) else None

    return Settings(
        database_url=env.get("KASUHARA_DATABASE_URL") or DEFAULT_URL,
        policy=path("KASUHARA_POLICY"),
        team=path("KASUHARA_TEAM"),
        key=env.get("KASUHARA_KEY", ""),
        language=env.get("KASUHARA_LANG") or "ja",
        slack_bot_token=env.get("SLACK_BOT_TOKEN", ""),
        slack_app_token=env.get("SLACK_APP_TOKEN", ""),
        slack_signing_secret=env.get("SLACK_SIGNING_SECRET", ""),
        slack_api_url=env.get("SLACK_API_URL") or "https://slack.com/api/",
        slack_mode=env.get("SLACK_MODE") or "socket",
        slack_http_host=env.get("SLACK_HTTP_HOST") or "127.0.0.1",
        slack_http_port=port(env.get("SLACK_HTTP_PORT") or "3000"),
        slack_command=env.get("SLACK_COMMAND", "").strip(),
        discord_bot_token=env.get("DISCORD_BOT_TOKEN", ""),
        discord_api_url=env.get("DISCORD_API_URL", ""),
        discord_gateway_url=env.get("DISCORD_GATEWAY_URL", ""),
        discord_anywhere=env.get("DISCORD_ALLOW_OTHER_HOSTS", "") == "1",
        playground_host=env.get("KASUHARA_PLAYGROUND_HOST") or "127.0.0.1",
        playground_port=port(env.get("KASUHARA_PLAYGROUND_PORT") or "8765"),
        playground_token=env.get("KASUHARA_PLAYGROUND_TOKEN", ""),
        hook_url=env.get("KASUHARA_HOOK_URL", ""),
        hook_secret=env.get("KASUHARA_HOOK_SECRET", ""),
        account=env.get("SUDO_USER") or env.get("USER") or "unknown",
    )


NO_PORT: Final = -1
"""What stands for a port that is none, so that --help and the language can be told all the same."""


def port(word: str) -> int:
    """The number of a port, 0 for any that is free; NO_PORT for what is none."""
    right = word.isascii() and word.isdecimal() and len(word) < 6 and int(word) < 1 << 16
    return int(word) if right else NO_PORT


def check(found: Settings) -> None:
    """Refused, with the key of a sentence, for what cannot be started with."""
    if NO_PORT in (found.slack_http_port, found.playground_port):
        raise Refused("settings.port")
