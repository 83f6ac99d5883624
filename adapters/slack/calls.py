"""Calls of Slack's Web API: the answer, or what went wrong as a DeliveryFailed; Retry-After is kept for each method."""

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from slack_sdk.errors import SlackApiError, SlackRequestError

from adapters.chat.calls import PATIENCE, called
from adapters.chat.pacing import Pace
from bot.domain.errors import DeliveryFailed

LOG: Final = logging.getLogger("kasuhara.slack")
PAGE: Final = 200
PAGES: Final = 50
"""Pages of one list that are read before saying that one cannot tell."""

_NEVER: Final = {
    "deactivated": "user_not_found user_disabled users_not_found",
    "closed": "cannot_dm_bot messages_tab_disabled user_not_visible cannot_message_user",
    "archived": "channel_not_found is_archived",
    "gone": "message_not_found thread_not_found cannot_reply_to_message",
    "forbidden": (
        "not_in_channel restricted_action restricted_action_read_only_channel restricted_action_thread_locked "
        "restricted_action_thread_only_channel restricted_action_non_threadable_channel missing_scope no_permission "
        "cant_update cant_update_message edit_window_closed cant_delete_message not_allowed_token_type"
    ),
    "broken": (
        "invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long no_text too_many_attachments "
        "invalid_attachments invalid_metadata_format invalid_metadata_schema metadata_too_large block_mismatch "
        "invalid_arguments invalid_arg_name invalid_array_arg invalid_charset invalid_form_data invalid_json"
    ),
}
NEVER: Final = {word: reason for reason, words in _NEVER.items() for word in words.split()}
"""Slack's word → ours, for what trying again cannot mend."""
_NOT_LET_IN: Final = (
    "invalid_auth not_authed account_inactive token_revoked token_expired org_login_required ekm_access_denied "
    "team_access_not_granted team_added_to_org two_factor_setup_required accesslimited"
)
TOKEN: Final = frozenset(_NOT_LET_IN.split())
"""The bot itself is not let in: nothing is lost, everything waits until somebody has mended it (slack.md 30)."""
_STUMBLES: Final = (SlackRequestError, AttributeError, ValueError)
"""What slack_sdk ends with over an answer that is no JSON."""
_WORD: Final = re.compile(r"[a-z][a-z_]{0,60}")


class Calls:
    """What a method was told to wait for is waited for before it is called again, here and by the Courier."""

    def __init__(self, held: Pace | None = None) -> None:
        self._held = held or Pace(0, patience=PATIENCE)

    async def __call__(
        self, method: Callable[..., Awaitable[Any]], *, place: str = "", sends: bool = False, **arguments: Any
    ) -> Any:
        """The answer; DeliveryFailed, and nothing else on purpose. `place`: the method is limited for each by itself.

        `sends`: an unclear end leaves a doubt whether people can see something.
        """
        key = f"{method.__name__}:{place}"

        def refused(error: Exception) -> DeliveryFailed | None:
            return failure(error, sends=sends) if isinstance(error, SlackApiError) else None

        return await called(lambda: method(**arguments), self._held, key, refused, _STUMBLES, sends=sends)

    async def every(
        self, method: Callable[..., Awaitable[Any]], name: str, **arguments: Any
    ) -> AsyncIterator[dict[str, Any]]:
        """Each entry of a list that Slack gives in pages; DeliveryFailed where it has no end."""
        cursor = ""
        for _ in range(PAGES):
            answer = await self(method, cursor=cursor or None, limit=PAGE, **arguments)
            for entry in answer[name] or ():
                yield entry
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return
        raise DeliveryFailed("refused")


def failure(error: SlackApiError, *, sends: bool = False) -> DeliveryFailed:
    """What Slack's answer means for the Courier; a word that nobody knows is tried again."""
    status = int(getattr(error.response, "status_code", 0) or 0)
    word = word_of(error)
    if status == 429 or word in ("ratelimited", "rate_limited"):
        return DeliveryFailed("busy", retry_after=seconds_of(error))
    if word in NEVER:
        return DeliveryFailed(NEVER[word], permanent=True)
    if word in TOKEN:
        LOG.error("slack.not_let_in error=%s", word)
        return DeliveryFailed("refused")
    LOG.warning("slack.refused status=%d error=%s", status, word)
    return DeliveryFailed("refused" if word else "unreachable", doubtful=sends)


def word_of(error: SlackApiError) -> str:
    """Slack's word, and nothing that is no word: an answer may hold what a person wrote."""
    data = getattr(error.response, "data", None)
    found = data.get("error") if isinstance(data, dict) else ""
    return found if isinstance(found, str) and _WORD.fullmatch(found) else ""


def seconds_of(error: SlackApiError, without: float = 1.0) -> float:
    """Retry-After; `without` where it is missing or no number."""
    headers = getattr(error.response, "headers", None) or {}
    try:
        return max(0.0, float(headers.get("Retry-After", without)))
    except (TypeError, ValueError):
        return without
