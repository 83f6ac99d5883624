"""Whoever is not ours, however they came in, finds nothing of what we say, and a channel they can read falls silent."""

import pytest
from conftest import SUPPORT, Town
from slack import Channel, Message, Room, User
from slack.user import Kind

from bot.domain.model import Severity

pytestmark = pytest.mark.parametrize("here", ["socket"], indirect=True)
OUTSIDERS = ("UCUST", "UCUST2", "UGUEST", "UGUEST1", "USTRAY")


def told(here: Town, who: str) -> list[Message]:
    """Everything of the bot's that stands on this person's screen, in any channel."""
    person, me = here.slack.user(who), here.slack.app.bot_id
    channels = list(here.slack.workspace.channels)
    return [message for channel in channels for message in person.sees(channel) if message.bot_id == me]


async def story(here: Town) -> None:
    """After a quiet time a report, its ping, and its end."""
    here.slack.clock.passes(3600)
    await here.company.reports("怒鳴られた", severity=Severity.HIGH, place=SUPPORT)
    ping = here.company.pings()[-1].id
    await here.slack.until(lambda: not here.company.posts())
    await here.company.acknowledges(ping=ping)
    await here.company.resolves(ping=ping)
    await here.slack.until(lambda: not here.company.posts())


async def test_after_a_whole_story_no_outsider_has_read_a_word(here: Town) -> None:
    slack = here.slack
    slack.workspace.add(User("USTRAY", "Stray", Kind.STRANGER, "TSTRAY", flagged=False))
    slack.workspace.add(
        Channel("GVIP", "vip", Room.PRIVATE, [slack.app.bot_user, "UAGENT", *OUTSIDERS], shared_with=["TCUST"])
    )
    slack.channel("support").members.append("USTRAY")
    for channel in ("support", "vip"):
        for outsider in OUTSIDERS[:3]:
            for _ in range(3):
                slack.user(outsider).says("返事しろ。いつまで待たせるんだ", channel)
    slack.user("UAGENT").says("少々お待ちください", "vip")
    await slack.user("UAGENT").types("/kasuhara", "報告 無能と言われた", "vip")
    await slack.settled()
    await slack.until(lambda: not here.company.posts())
    for ping in here.company.pings():
        await here.company.acknowledges(ping=ping.id)
        await here.company.resolves(ping=ping.id)
    await slack.until(lambda: not here.company.posts())
    assert len(slack.posts("alert")) >= 3, "there was something to read"
    for outsider in OUTSIDERS:
        person = slack.user(outsider)
        assert told(here, outsider) == [] and person.home is None and not slack.views.stacks.get(outsider)
    assert told(here, "UBOSS"), "our own people read it"


@pytest.mark.rule("slack-26")
@pytest.mark.parametrize("how", ["a guest joins", "it is shared", "a member becomes a guest"])
async def test_an_alert_channel_that_outsiders_can_read_takes_one_post_more_at_most(here: Town, how: str) -> None:
    slack = here.slack
    await story(here)
    alert = slack.channel("alert")
    match how:
        case "a guest joins":
            slack.user("UGUEST").joins("alert")
        case "it is shared":
            slack.news.shared(alert, "TCUST")
        case _:
            slack.workspace.users["UAGENT2"].kind = Kind.GUEST
            slack.news.user_changed("UAGENT2")
    await slack.settled()
    before = len(slack.posts("alert"))
    for _ in range(4):
        await story(here)
    assert len(slack.posts("alert")) - before <= 1
    direct = [message for message in slack.posts(slack.direct("USUPER1").id) if message.blocks]
    assert len(direct) >= 3, "the calls went to the person on call"
