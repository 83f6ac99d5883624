"""Both main stories of Slack with the bot as its own process, over both modes: only the wire between (issue 4)."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from harness import KEY
from outside import Outside, key_of, outside
from screens import keys_of, words_of
from slack import Message

from bot.domain.audit import first_break
from storage.database import Database

pytestmark = pytest.mark.asyncio(loop_scope="module")
WEEK = 7 * 86_400.0
AGAIN = "返事しろ。いつまで待たせるんだ"
OUTSIDE = "このコマンドは、サポート担当の方のためのものです。"


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["socket", "http"])
async def here(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Outside]:
    """One process for all stories of a mode."""
    async with outside(request.param, tmp_path_factory.mktemp("town")) as made:
        await made.is_there()
        yield made
        await made.slack.settled()
        assert not made.slack.courier.unacknowledged, "every event, command and click was answered"
        assert await made.ends() == 0, made.said
    assert chain_is_whole(made.url)
    assert not made.slack.record.refusals and not made.slack.troubles
    assert not made.slack.posts("support") and not made.slack.crawled


def chain_is_whole(url: str) -> bool:
    database = Database(url, KEY)
    try:
        with database.read() as uow:
            return first_break(database.lookup.derive(b"audit"), uow.audit.entries(), uow.audit.head()) is None
    finally:
        database.close()


async def card(here: Outside, channel: str, *words: str, button: str = "") -> Message:
    """The newest card there that says all this and has this button."""

    def found() -> list[Message]:
        return [
            one for one in here.slack.cards(channel)
            if all(word in words_of(one) for word in words) and (not button or button in one.buttons)
        ]  # fmt: skip

    await here.slack.until(found)
    return found()[-1]


async def whispered(here: Outside, who: str, word: str, channel: str = "alert") -> None:
    person = here.slack.user(who)
    await here.slack.until(lambda: any(word in words_of(one) for one in person.private(channel)))


async def over(here: Outside, who: str) -> None:
    """This person takes what is open, and ends it."""
    while open := [one for one in here.slack.cards("alert") if {"ack", "resolve"} & set(one.buttons)]:
        action = "ack" if "ack" in open[-1].buttons else "resolve"
        await here.slack.user(who).presses(action, open[-1])
        await here.slack.until(lambda one=open[-1], action=action: action not in one.buttons)


async def test_five_same_messages_ping_no_answer_escalation_acknowledge_resolve_digest(here: Outside) -> None:
    slack, customer = here.slack, here.slack.user("UCUST")
    for _ in range(5):
        customer.says(AGAIN, "support")
        here.passes(20)
    await slack.settled()
    first = await card(here, "alert", "5", button="ack")
    assert first.pings == {"@USUPER1"}
    await slack.until(lambda: slack.posts(slack.direct("USUPER1").id))
    here.passes(301)
    await slack.until(lambda: any(one.pings == {"@USUPER2"} for one in slack.cards("alert")))
    second = next(one for one in slack.cards("alert") if one.pings == {"@USUPER2"})
    await slack.user("USUPER2").presses("ack", second)
    await whispered(here, "USUPER2", "引き受けました")
    await slack.until(lambda: "resolve" in first.buttons and "resolve" in second.buttons)
    assert all("高橋" in words_of(one) for one in (first, second)), "everybody sees who has it"
    await slack.user("USUPER2").presses("resolve", second)
    await slack.until(lambda: not {"ack", "resolve"} & {*first.buttons, *second.buttons})
    assert sorted(key_of(one) for one in slack.posts("alert")) == sorted({key_of(one) for one in slack.posts("alert")})
    here.passes(WEEK)
    digest = await card(here, "leads")
    assert "サポート1課" in words_of(digest) and key_of(digest).startswith("digest:")


async def test_reports_by_shortcut_by_command_and_by_one_word_to_the_bot(here: Outside) -> None:
    slack, agent = here.slack, here.slack.user("UAGENT")
    said = await slack.user("UCUST").says("無能が。<!channel> 殴ってやる", "support", raw=True)
    await agent.opens_shortcut("report_message", said)
    await slack.until(lambda: "quote" in keys_of(agent.modal))
    await agent.submits({"text": "電話口でも言われた"})
    assert "鈴木" in words_of(agent.modal) or "高橋" in words_of(agent.modal), "who comes"
    reported = await card(here, "alert", "電話口でも言われた", button="ack")
    assert "/archives/CSUPPORT/p" in str(reported.blocks), "a way to the conversation"
    assert "無能が" in words_of(reported) and reported.pings <= {"@USUPER1", "@USUPER2"}
    await over(here, "USUPER1")
    before = len(slack.cards("alert"))
    await agent.types("/kasuhara", "報告 無能と言われた #暴言 負担:4", "random")
    assert any("さん" in words_of(one) for one in agent.private("random")) and not slack.user("UCUST").private()
    await slack.until(lambda: len(slack.cards("alert")) > before)
    await over(here, "USUPER1")
    before = len(slack.cards("alert"))
    await agent.tells_bot("now")
    await slack.until(lambda: slack.posts(slack.direct("UAGENT").id))
    await slack.until(lambda: len(slack.cards("alert")) > before)
    await over(here, "USUPER1")
    before = len(slack.cards("alert"))
    for outsider in (slack.user("UCUST"), slack.user("UGUEST")):
        await outsider.types("/kasuhara", "now", "support")
        assert [words_of(one) for one in outsider.private()] == [OUTSIDE]
    assert len(slack.cards("alert")) == before, "a customer calls nobody"
