"""Posts of the outbox reach Slack: nothing into a channel that an outsider can read, once as far as Slack can tell."""

from collections.abc import Mapping
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.pacing import Pace
from adapters.slack.layout import Message, messages_of
from adapters.slack.people import People
from adapters.wording import Card, card_of, say
from bot.domain.errors import DeliveryFailed
from bot.domain.model import MessageRef
from bot.domain.notices import Letter
from bot.domain.policy import Policy

EVENT: Final = "kasuhara_post"
"""metadata.event_type of everything that the outbox sends; the payload names its key (reliability D3)."""
GAP: Final = 1.0
"""Seconds between posts into one channel (slack.md 11)."""
LOOKED: Final = 100
"""Messages of a channel's newest history in which an own one is looked for."""
NEVER: Final = {
    "channel_not_found": "closed", "is_archived": "archived", "not_in_channel": "forbidden",
    "user_not_found": "deactivated", "account_inactive": "deactivated", "user_disabled": "deactivated",
    "cannot_dm_bot": "closed", "restricted_action": "forbidden", "missing_scope": "forbidden",
    "no_permission": "forbidden", "message_not_found": "closed", "cant_update_message": "forbidden",
    "messages_tab_disabled": "closed", "restricted_action_read_only_channel": "forbidden",
}  # fmt: skip
"""Slack's word → ours, for what trying again cannot mend."""


class SlackChat:
    """ports.Chat for Slack."""

    def __init__(self, client: AsyncWebClient, people: People, policy: Policy, pace: Pace | None = None) -> None:
        self._client = client
        self._people = people
        self._policy = policy
        self._pace = pace or Pace(GAP)

    async def post(self, letter: Letter) -> MessageRef:
        """Say it; pages after the first stand in its thread."""
        channel = await self._place(letter)
        first, *rest = messages_of(self._card(letter), letter.post.to.people if letter.post.to.channel else ())
        ref = await self._send(channel, first, _mark(letter))
        for number, page in enumerate(rest, start=2):
            await self._send(channel, page, _mark(letter, f"/{number}"), thread=ref.id)
        return ref

    async def edit(self, letter: Letter) -> MessageRef:
        """Change the message that the post made; whom it called still stands on it, and Slack rings nobody again."""
        if letter.ref is None:
            raise DeliveryFailed("closed", permanent=True)
        channel = letter.ref.channel.rpartition(":")[2]
        await self._checked(letter, channel)
        page = messages_of(self._card(letter), letter.post.to.people if letter.post.to.channel else ())[0]
        await self._pace.turn(channel)
        await _tried(
            self._client.chat_update(
                channel=channel, ts=letter.ref.id, text=page.text, blocks=list(page.blocks),
                attachments=list(page.attachments), metadata=_mark(letter),
            )
        )  # fmt: skip
        return letter.ref

    async def find(self, letter: Letter) -> MessageRef | None:
        """An own message with this key in the newest history; DeliveryFailed where that cannot be read."""
        channel = await self._place(letter)
        answer = await _tried(
            self._client.conversations_history(channel=channel, limit=LOOKED, include_all_metadata=True)
        )
        for message in answer["messages"]:
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") == EVENT and payload.get("key") == letter.post.key:
                return self._ref(channel, str(message["ts"]))
        return None

    def _card(self, letter: Letter) -> Card:
        card = card_of(letter.post.notice, letter.language, self._policy, letter.quotes)
        if not letter.doubtful:
            return card
        again = say(letter.language, "door.sent_again")
        return Card(f"{again} {card.title}", card.tone, card.sections, card.buttons, card.footer, card.chart)

    async def _place(self, letter: Letter) -> str:
        """The channel that really takes it: the one named, or the direct one of the person."""
        to = letter.post.to
        if to.channel:
            channel = to.channel.rpartition(":")[2]
        else:
            user = to.people[0].rpartition(":")[2]
            answer = await _tried(self._client.conversations_open(users=user))
            channel = str(answer["channel"]["id"])
        await self._checked(letter, channel)
        return channel

    async def _checked(self, letter: Letter, channel: str) -> None:
        """Inside means that nobody outside can read it; asked before every post (design.md 4)."""
        try:
            inside = await self._people.inside(channel)
        except SlackApiError as error:
            raise _failed(error) from error
        except (OSError, TimeoutError) as error:
            raise DeliveryFailed("unreachable") from error
        if not inside:
            raise DeliveryFailed("outsiders", permanent=True)

    async def _send(
        self, channel: str, page: Message, mark: Mapping[str, Any], thread: str | None = None
    ) -> MessageRef:
        await self._pace.turn(channel)
        try:
            answer = await _tried(
                self._client.chat_postMessage(
                    channel=channel, text=page.text, blocks=list(page.blocks), attachments=list(page.attachments),
                    metadata=dict(mark), thread_ts=thread, unfurl_links=False, unfurl_media=False,
                )
            )  # fmt: skip
        except DeliveryFailed as failed:
            if failed.retry_after is not None:
                self._pace.hold(channel, failed.retry_after)
            raise
        return self._ref(channel, str(answer["ts"]))

    def _ref(self, channel: str, ts: str) -> MessageRef:
        return MessageRef(f"slack:{self._people.me.team}:{channel}", ts)


def _mark(letter: Letter, part: str = "") -> dict[str, Any]:
    return {"event_type": EVENT, "event_payload": {"key": letter.post.key + part}}


async def _tried(call: Any) -> Any:
    """The answer, or what happened as a DeliveryFailed: a cut connection may have got through."""
    try:
        return await call
    except SlackApiError as error:
        raise _failed(error) from error
    except (OSError, TimeoutError) as error:
        raise DeliveryFailed("unreachable", doubtful=True) from error


def _failed(error: SlackApiError) -> DeliveryFailed:
    response = error.response
    status = getattr(response, "status_code", 0)
    word = str(response.get("error", "")) if hasattr(response, "get") else ""
    if status == 429 or word in ("ratelimited", "rate_limited"):
        after = (getattr(response, "headers", None) or {}).get("Retry-After", "1")
        return DeliveryFailed("busy", retry_after=float(after))
    if word in NEVER:
        return DeliveryFailed(NEVER[word], permanent=True)
    return DeliveryFailed("refused" if word else "unreachable", doubtful=status >= 500)
