"""Who is inside: asked of Slack, remembered for ten minutes, and asked anew when people or channels change."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack import Kind, LocalSlack, User, faults, town
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from wire import Wire, wired

from adapters.slack.people import Me, People
from bot.domain.model import Membership


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with LocalSlack(town()) as made:
        yield made


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def people(slack: LocalSlack, time: Time) -> AsyncIterator[People]:
    client = AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url)
    made = People(client, Me("TOWN", slack.app.bot_user, slack.app.bot_id), time)
    yield made
    await made.close()


@pytest.mark.rule("slack-24")
async def test_who_is_what(people: People, slack: LocalSlack) -> None:
    slack.workspace.add(User("UGRID", team_id="TOTHER"))
    slack.channel("support").members.append("UGRID")
    expected = {
        "UAGENT": Membership.MEMBER, "UCUST": Membership.OUTSIDER, "UCUST2": Membership.OUTSIDER,
        "UGUEST": Membership.OUTSIDER, "UGUEST1": Membership.OUTSIDER, "UGRID": Membership.OUTSIDER,
        "URELAY": Membership.BOT, "USLACKBOT": Membership.BOT, slack.app.bot_user: Membership.BOT,
        "UNOBODY": Membership.UNKNOWN,
    }  # fmt: skip
    assert {id: (await people.membership(id))[0] for id in expected} == expected
    agent = await people.person("UAGENT2")
    assert (agent.name, agent.language, agent.zone, agent.team) == ("田中", "en", "Europe/London", "TOWN")


async def test_asked_once_for_ten_minutes(people: People, slack: LocalSlack, time: Time) -> None:
    await asyncio.gather(*(people.person("UCUST") for _ in range(50)))
    time.now = 599.0
    await people.person("UCUST")
    assert len(slack.record.of("users.info")) == 1
    time.now = 601.0
    await people.person("UCUST")
    assert len(slack.record.of("users.info")) == 2


async def test_who_cannot_be_asked_is_let_rest(people: People, slack: LocalSlack, time: Time) -> None:
    slack.faults.on("users.info", faults.busy(1), None)
    for _ in range(20):
        assert await people.membership("UCUST") == (Membership.UNKNOWN, None)
    assert len(slack.record.of("users.info")) == 1
    time.now = 6.0
    assert (await people.membership("UCUST"))[0] is Membership.OUTSIDER
    slack.faults.on("users.info", faults.down(500))
    with pytest.raises(SlackApiError):
        await people.person("UGUEST")


@pytest.mark.rule("slack-24")
async def test_a_channel_is_inside_only_if_no_outsider_reads_it(people: People, slack: LocalSlack) -> None:
    found = {name: await people.inside(slack.channel(name).id) for name in ("support", "alert", "leads", "random")}
    assert found == {"support": False, "alert": True, "leads": True, "random": True}
    assert await people.inside(slack.direct("UAGENT").id)
    assert not await people.inside(slack.direct("UGUEST").id)


async def test_an_answer_that_was_overtaken_is_not_remembered(people: People, slack: LocalSlack) -> None:
    slack.faults.on("conversations.info", faults.slow(0.2))
    asking = asyncio.create_task(people.inside("GALERT"))
    await asyncio.sleep(0.1)
    slack.channel("alert").shared_with.append("TCUST")
    people.forget("GALERT")
    await asking
    assert not await people.inside("GALERT")


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    async with wired("socket", tmp_path) as made:
        yield made


@pytest.mark.rule("slack-26")
async def test_changes_are_noticed_at_once(wire: Wire) -> None:
    slack = wire.slack
    async with wire.up() as bot:
        people, alert = bot._people, slack.channel("alert")
        assert await people.inside("GALERT")
        await slack.news.shared(alert, "TCUST")
        assert not await people.inside("GALERT")
        await slack.news.shared(alert, "TCUST", on=False)
        assert await people.inside("GALERT")
        await slack.user("UADMIN").invites("UGUEST", "alert")
        assert not await people.inside("GALERT")
        await slack.user("UGUEST").leaves("alert")
        assert await people.inside("GALERT")
        slack.workspace.users["UAGENT2"].kind = Kind.GUEST
        await slack.news.user_changed("UAGENT2")
        assert not await people.inside("GALERT"), "a member who became a guest"
        slack.workspace.users["UAGENT2"].kind = Kind.MEMBER
        await slack.news.user_changed("UAGENT2")
        await slack.news.renamed(alert, "alert-2")
        assert await people.inside("GALERT")
        calls = len(slack.record.calls)
        await slack.user("UAGENT").reacts(slack.history("random", ("UAGENT", "x"))[0], "eyes")
        assert await people.inside("GALERT") and len(slack.record.calls) == calls, "what changes nobody costs nothing"


async def test_a_thrown_out_app_says_so(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    async with wire.up():
        await wire.slack.news.tokens_revoked()
        said = await wire.slack.user("UCUST").says("まだ届く", "support")
        assert said.acked and wire.speakers() == ["unattributed"]
    assert "slack.revoked" in [record.getMessage() for record in caplog.records]
