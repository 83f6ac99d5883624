"""User groups of Slack that teams list: who is in them becomes rows, at start, on a change and every few minutes."""

import asyncio
import logging
from time import monotonic
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.asking import KEPT
from adapters.chat.roll import Roll
from adapters.slack.calls import word_of
from adapters.slack.people import People
from bot.domain.events import GroupSeen
from bot.intake import Intake

LOG: Final = logging.getLogger("kasuhara.slack")
BEAT: Final = 30.0
"""Seconds between two looks at which groups the teams list: a group that was just listed is read within this time."""
GONE: Final = frozenset({"no_such_subteam", "subteam_not_found", "usergroup_not_found"})
"""Slack's words for a group that there is not any more: nobody is in it."""
MARK: Final = ":group:"


class Groups:
    """Reads the groups of one workspace; guests and strangers in a group get nothing by it (slack.md 24)."""

    def __init__(self, client: AsyncWebClient, people: People, roll: Roll, intake: Intake, beat: float = BEAT) -> None:
        self._client = client
        self._people = people
        self._roll = roll
        self._intake = intake
        self._beat = beat
        self._read: dict[str, float] = {}
        """When each group was read last."""
        self._changed = asyncio.Event()

    def changed(self, group: str = "") -> None:
        """Slack says that this group is another now, by its bare id; "" = any may be."""
        for known in [known for known in self._read if known.endswith(f"{MARK}{group}") or not group]:
            del self._read[known]
        self._changed.set()

    async def mind(self) -> None:
        """Keep the rows true until cancelled; what cannot be read keeps its members and is tried at the next beat."""
        while True:
            try:
                await self.renew()
            except Exception as error:  # the rows could not be asked or written
                LOG.warning("slack.groups error=%s", type(error).__name__)
            try:
                async with asyncio.timeout(self._beat):
                    await self._changed.wait()
            except TimeoutError:
                continue
            self._changed.clear()

    async def renew(self) -> None:
        """Read every listed group that was not read within ten minutes."""
        teams = (await self._roll.now(kept=0.0)).teams
        here = f"slack:{self._people.me.team}{MARK}"
        listed = dict.fromkeys(one.account for team in teams for one in team.groups if one.account.startswith(here))
        self._read = {group: at for group, at in self._read.items() if group in listed}
        for group in listed:
            if group in self._read and monotonic() - self._read[group] < KEPT - self._beat:
                continue
            self._read[group] = monotonic()
            try:
                members = await self._members(group.removeprefix(here))
                await self._intake.submit(GroupSeen(group=group, members=members))
                self._roll.forget()
            except Exception as error:  # what it was before stays, and it is read at the next beat
                self._read.pop(group, None)
                LOG.warning("slack.group_unread error=%s", type(error).__name__)

    async def _members(self, group: str) -> tuple[tuple[str, str], ...]:
        """Accounts and names of our own people in it."""
        try:
            answer: Any = await self._client.usergroups_users_list(usergroup=group)
        except SlackApiError as error:
            if word_of(error) in GONE:
                return ()
            raise
        everybody = self._people.each([str(id) for id in answer["users"]])
        ours = [person async for person in everybody if person.inside and not person.gone]
        return tuple((f"slack:{person.team}:{person.id}", person.name) for person in ours)
