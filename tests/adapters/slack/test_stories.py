"""The main stories with a look at the rows; test_main_stories.py tells them over both modes from outside (issue 4)."""

from conftest import ON_SOCKETS, Town

from bot.domain.model import PingState

pytestmark = ON_SOCKETS


def cards(here: Town, channel: str) -> list[str]:
    """What the bot's messages in a channel say now."""
    return [message.text for message in here.slack.cards(channel)]


async def test_five_same_messages_bring_somebody(here: Town) -> None:
    customer = here.slack.user("UCUST")
    for _ in range(5):
        customer.says("返事しろ。いつまで待たせるんだ", "support")
        here.slack.clock.passes(20)
    await here.slack.settled()
    await here.slack.until(lambda: cards(here, "alert"))
    story = await here.house.only()
    assert story.detection.count == 5
    assert here.company.called() == ["USUPER1"]
    assert "<@USUPER1>" in cards(here, "alert")[0]
    here.slack.clock.passes(300)
    await here.slack.until(lambda: len(cards(here, "alert")) == 2)
    assert here.company.called() == ["USUPER1", "USUPER2"]
    await here.slack.user("USUPER2").presses("ack", here.slack.cards("alert")[-1])
    await here.slack.until(lambda: here.company.ping().state is PingState.ACKNOWLEDGED)
    await here.slack.until(lambda: all("resolve" in str(card.blocks) for card in here.slack.cards("alert")))
    await here.slack.user("USUPER2").presses("resolve", here.slack.cards("alert")[-1])
    await here.slack.until(lambda: here.company.pings()[0].state is PingState.RESOLVED)
    assert not here.slack.cards("support"), "the bot says nothing where a customer reads"


async def test_a_word_in_a_direct_message_calls_somebody(here: Town) -> None:
    here.slack.user("UAGENT").tells_bot("いますぐ")
    await here.slack.settled()
    await here.slack.until(lambda: cards(here, "alert"))
    assert here.company.called() == ["USUPER1"]
    told = here.slack.posts(here.slack.direct("UAGENT").id)
    assert "鈴木" in told[0].text


async def test_a_command_reports_and_only_the_reporter_sees_the_answer(here: Town) -> None:
    here.slack.user("UCUST").says("無能が", "support")
    await here.slack.settled()
    agent = here.slack.user("UAGENT")
    await agent.types("/kasuhara", "報告 無能と言われた #暴言 負担:4", "support")
    assert here.company.incidents()[0].categories == ("insult_or_abuse",)
    assert any("鈴木" in message.text for message in agent.private("support"))
    assert not here.slack.user("UCUST").private("support")
    await here.slack.until(lambda: cards(here, "alert"))


async def test_a_customer_may_nothing(here: Town) -> None:
    for stranger in ("UCUST", "UGUEST"):
        await here.slack.user(stranger).types("/kasuhara", "状況", "support")
        await here.slack.user(stranger).types("/kasuhara", "いますぐ", "support")
    assert here.company.pings() == []
    assert here.house.one("SELECT count(*) FROM audit WHERE action = 'access.refused'") == 4
