"""Hostile words in every field, through the real Bolt app: nobody is called, no post refused, nothing cut silently."""

import sys
import time
from dataclasses import dataclass

import pytest
from conftest import Town
from hostile import forbidden, hostile, raw, some, unintended, whispers
from screens import keys_of, words_of
from slack import Message, User
from slack.user import Kind

from adapters.chat.cutting import lined
from adapters.imports.slack_message import unescape
from bot.domain.events import CustomersImported
from bot.domain.model import CustomerRecord

CALLED = {"@USUPER1", "@USUPER2", "@ULEAD", "@UBOSS"}
"""By a ping, or for a second opinion; none of the texts names them."""
NAMES = tuple(filter(None, (text[:80].strip() for text in hostile()[:130])))
"""Customers of the company; so many that a form's list is searched."""
FIELD = 3_000
"""Characters that Slack takes in one field of a form."""
NAME = 80


@dataclass
class Trial:
    """One text in every field that somebody can fill; `who` is the customer that it names and that says it."""

    here: Town
    number: int
    text: str

    @property
    def who(self) -> str:
        return f"UH{self.number:03}"

    async def everywhere(self) -> None:
        slack, text, agent = self.here.slack, self.text, self.here.slack.user("UAGENT")
        slack.workspace.add(User(self.who, text[:NAME], Kind.STRANGER, "TCUST"))
        channel = slack.channel("CSUPPORT")
        channel.members.append(self.who)
        slack.news.renamed(channel, text[:NAME])
        said = await slack.user(self.who).says(text, "CSUPPORT", raw=True)
        await agent.opens_shortcut("report_message", said)
        await slack.until(lambda: "text" in keys_of(agent.modal))
        await self._offered()
        await agent.submits({"text": text[:FIELD]})
        await self._reported()
        await agent.types("/kasuhara", f"報告 顧客:{text}", "CRANDOM")
        await agent.types("/kasuhara", text, "CRANDOM")
        await self._judged()

    async def _offered(self) -> None:
        """Typed into the list of customers: whoever has it in their name is found, in entries that Slack takes."""
        slack, agent = self.here.slack, self.here.slack.user("UAGENT")
        await agent.searches("customer", self.text[:NAME])
        offered = slack.offered["UAGENT", "customer"]
        assert all(0 < len(one["text"]["text"]) <= 75 and len(one["value"]) <= 150 for one in offered)
        assert {one["text"]["type"] for one in offered} <= {"plain_text"}
        assert offered or self.text[:NAME].strip() not in NAMES

    async def _reported(self) -> None:
        """Stored as it was written; a text that says nothing at all is asked for again, at its field."""
        form = self.here.slack.user("UAGENT").modal
        if form.errors:
            assert not self.text.strip("\u200b\ufeff \r\n\t\0"), form.errors
            return
        report = self.here.company.report(self.here.house.one("SELECT max(id) FROM reports"))
        if "\0" not in self.text:
            assert report.text == self.text[:FIELD]

    async def _judged(self) -> None:
        """The text as the reason of a verdict."""
        boss, incident = self.here.slack.user("USUPER1"), self.here.house.one("SELECT max(id) FROM incidents")
        await boss.types("/kasuhara", f"判定 {incident} 確定 {self.text}", "CRANDOM")
        await boss.types("/kasuhara", f"判定 {incident}", "CRANDOM")


async def tried(here: Town, texts: list[str]) -> None:
    """Every text in every field, then a look at all that the bot said."""
    began = time.monotonic()
    records = tuple(CustomerRecord(name=name, source="s") for name in NAMES)
    await here.house.submit(CustomersImported(records=records, actor="cli:test"))
    for number, text in enumerate(texts):
        await Trial(here, number, text).everywhere()
    await here.slack.settled()
    await here.slack.until(lambda: not here.company.posts())
    said = [*here.slack.posts(), *whispers(here.slack)]
    called = [one for message in said for one in unintended(message, CALLED)]
    refused = [call for call in here.slack.record.refusals if call.answer and call.answer["error"] != "not_found"]
    sys.stdout.write(
        f"\nhostile: texts={len(texts)} messages={len(said)} unintended_mentions={len(called)} refused={len(refused)} "
        f"reports={here.house.one('SELECT count(*) FROM reports')} seconds={time.monotonic() - began:.1f}\n"
    )
    assert not called and not refused and not here.slack.troubles
    assert not forbidden(here.slack) and not here.slack.crawled
    assert not here.slack.posts("CSUPPORT") and '"mrkdwn"' not in "".join(map(raw, whispers(here.slack)))
    nothing_cut_silently(said, texts)


def nothing_cut_silently(said: list[Message], texts: list[str]) -> None:
    """Wherever a text begins it stands as a whole, or an ellipsis says that more was written."""
    whole = {bare(part) for text in [*texts, *NAMES] for part in (text, text[:FIELD], text[:NAME])}
    begun = {text[:20]: [other for other in whole if text[:20] in other] for text in whole if len(text) > 20}
    for message in said:
        shown = bare(words_of(message))
        for start, those in begun.items():
            assert start not in shown or "…" in shown or any(text in shown for text in those), (start, shown)


def bare(text: str) -> str:
    """Without spaces, signs for new lines, and Slack's escapes, however often they were made."""
    return "".join(unescape(unescape(lined(text))).replace("⏎", "").split())


async def test_hostile_words_do_nothing_in_any_field(here: Town) -> None:
    await tried(here, some(1 if here.slack.courier.mode == "http" else 2))


@pytest.mark.soak
@pytest.mark.parametrize("here", ["socket"], indirect=True)
async def test_two_hundred_hostile_words_do_nothing_in_any_field(here: Town) -> None:
    await tried(here, hostile())
