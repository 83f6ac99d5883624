"""Staff by user group: whoever is in it has the role, whoever leaves it has none any more; many members, few calls."""

from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from company import team
from slack import Channel, LocalSlack, Room, User, faults, town
from slack.faults import Fault
from slack_sdk.web.async_client import AsyncWebClient
from wire import Wire, wired

from adapters.doctor import Household, told
from adapters.doctor.workspace import slack_remarks
from adapters.settings import Settings
from adapters.slack.people import Me, People, shared
from adapters.team import difference, load, warnings
from adapters.wording import say
from bot.domain.errors import BadInput, Refused
from bot.domain.model import Role, Staff

GROUP = "slack:TOWN:group:S0SUPPORT"
LISTED = Staff(GROUP, "サポート全員", (Role.AGENT,))
BY_GROUP = replace(team("USUPER1", "ULEAD", channels=("slack:TOWN:CSUPPORT",)), groups=(LISTED,))


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    async with wired("socket", tmp_path, groups_beat=0.2) as made:
        await made.company.opens(BY_GROUP)
        yield made


def held(wire: Wire, user: str) -> tuple[Role, ...]:
    with wire.house.database.read() as uow:
        people = {person.account: person.roles for one in uow.teams.all() for person in one.staff}
    return people.get(f"slack:TOWN:{user}", ())


async def test_who_is_in_the_group_has_its_role_and_who_leaves_it_has_none(wire: Wire) -> None:
    slack, members = wire.slack, wire.slack.workspace.groups["S0SUPPORT"].users
    members.append("UGUEST")
    async with wire.up():
        await slack.until(lambda: held(wire, "UAGENT") == (Role.AGENT,))
        assert held(wire, "USUPER1") == (Role.SUPERVISOR, Role.AGENT), "what was given by name stays"
        assert held(wire, "UGUEST") == (), "a guest gets nothing by a group"
        said = await slack.user("UAGENT").says("ご不便をおかけしました", "support")
        assert said.acked and wire.speakers()[-1] == "staff"
        members.remove("UAGENT")
        members.append("UADMIN")
        await slack.news.group_changed("S0SUPPORT")
        await slack.until(lambda: held(wire, "UADMIN") == (Role.AGENT,))
        assert held(wire, "UAGENT") == ()
        await slack.user("UAGENT").says("もう担当ではない", "support")
        assert wire.speakers()[-1] == "colleague"
    with wire.house.database.read() as uow:
        entries = [entry for entry in uow.audit.entries() if entry.action == "team.group"]
    assert len(entries) == 2 and "UAGENT" in entries[1].detail and entries[0].actor == "kasuhara"
    assert not slack.troubles


async def test_one_whom_slack_does_not_know_keeps_nobody_in_the_group(wire: Wire) -> None:
    slack, members = wire.slack, wire.slack.workspace.groups["S0SUPPORT"].users
    async with wire.up():
        await slack.until(lambda: held(wire, "UAGENT") == (Role.AGENT,))
        members.remove("UAGENT")
        members.insert(0, "UNOBODY")
        await slack.news.group_changed("S0SUPPORT")
        await slack.until(lambda: held(wire, "UAGENT") == ())
        assert Role.AGENT in held(wire, "USUPER1"), "whoever is still in it has it"


async def test_a_group_that_cannot_be_read_keeps_its_people_and_one_that_is_gone_has_none(wire: Wire) -> None:
    slack = wire.slack
    async with wire.up():
        await slack.until(lambda: held(wire, "UAGENT") != ())
        slack.faults.on("usergroups.users.list", faults.down(500), times=100)
        await slack.news.group_changed("S0SUPPORT")
        await slack.until(lambda: len(slack.record.of("usergroups.users.list")) >= 3)
        assert held(wire, "UAGENT") == (Role.AGENT,)
        slack.faults.clear()
        del slack.workspace.groups["S0SUPPORT"]
        await slack.until(lambda: held(wire, "UAGENT") == ())
        assert held(wire, "USUPER1") == (Role.SUPERVISOR,)


@pytest.mark.rule("slack-24")
@pytest.mark.parametrize(("count", "guest", "inside"), [(450, False, True), (450, True, False), (10, True, False)])
async def test_a_large_channel_is_looked_at_with_few_calls(count: int, guest: bool, inside: bool) -> None:
    async with LocalSlack(town()) as slack:
        slack.workspace.add(*(User(f"U{n:04}", f"member {n}") for n in range(count)))
        members = [slack.app.bot_user, *(f"U{n:04}" for n in range(count)), *(["UGUEST"] if guest else [])]
        slack.workspace.add(Channel("GBIG", "big", Room.PRIVATE, members))
        people = People(AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url), Me("TOWN", "UX", "BX"))
        assert await people.inside("GBIG") is inside
        assert await people.guests("GBIG") is guest
        calls = [call.method for call in slack.record.calls]
        assert len(calls) <= (count if count < 20 else 0) + 12, calls
        slack.channel("alert").members += ["UCUST"]
        people.forget("GALERT")
        assert not await people.inside("GALERT"), "strangers stand in no list"
        await people.close()


async def test_the_doctor_looks_at_groups() -> None:
    gone, empty = Staff("slack:TOWN:group:S0NONE", "", (Role.AGENT,)), Staff("slack:TOWN:group:S0LEADS", "", ())
    async with LocalSlack(town()) as slack:
        slack.workspace.groups["S0LEADS"].users.clear()
        given = Settings(slack_bot_token=slack.app.bot_token, slack_api_url=slack.api_url, slack_mode="")
        whole = replace(BY_GROUP, alert_channel="slack:TOWN:GALERT", leads_channel="", groups=(LISTED, gone, empty))
        now = datetime.fromtimestamp(slack.clock.now(), UTC)
        found = await slack_remarks(given, Household((whole,)), lambda: now)
        assert [one.key for one in found if "group" in one.key] == ["group_gone", "group_empty"]
        assert all(told(one, language) for one in found for language in ("ja", "en"))


FILE = """
[[team]]
name = "a"
zone = "Asia/Tokyo"
channels = ["slack:T01:C01"]
[team.hours]
monday = ["09:00-12:00", "13:00-24:00"]
[[team.staff]]
account = "{account}"
name = "support"
roles = ["agent", "supervisor"]
"""


def test_a_file_names_groups_and_hours(tmp_path: Path) -> None:
    file = tmp_path / "team.toml"
    file.write_text(FILE.format(account="slack:T01:group:S01"), "utf-8")
    (made,) = load(file)
    assert made.staff == () and [one.account for one in made.groups] == ["slack:T01:group:S01"]
    assert warnings((made,)) == (), "whoever is in the group can be called"
    changes = difference((replace(made, hours=(), groups=()),), (made,))
    assert {change.kind.value for change in changes} == {"hours_changed", "person_added"}
    for language in ("ja", "en"):
        told = [say(language, f"change.{change.kind.value}", **asdict(change)) for change in changes]
        assert any("13:00-24:00" in line for line in told) and any("S01" in line for line in told)
    for account in ("slack:T01:group:", "slack:T01:group:S 1", "mail:T01:group:S1", "slack:T01:role:S1"):
        file.write_text(FILE.format(account=account), "utf-8")
        with pytest.raises(BadInput):
            load(file)


@pytest.mark.rule("slack-26")
@pytest.mark.parametrize(
    "info",
    [{"is_pending_ext_shared": True}, {"pending_shared": ["T9"]}, {"pending_connected_team_ids": ["T9"]},
     {"is_ext_shared": True}, {"is_shared": True}, {"is_org_shared": True}],
)  # fmt: skip
def test_a_channel_to_which_another_company_was_invited_is_outside_already(info: dict[str, object]) -> None:
    assert shared(info) and not shared({**dict.fromkeys(info, False), "pending_shared": []})


async def test_an_answer_is_brought_though_slack_was_away(wire: Wire) -> None:
    slack = wire.slack
    async with wire.up():
        slack.faults.on("chat.postMessage", faults.cut())
        await slack.user("USUPER1").tells_bot("当番")
        await slack.until(lambda: slack.cards(slack.direct("USUPER1").id))


async def test_answers_that_are_none_do_not_keep_the_bot_away_for_good(wire: Wire) -> None:
    odd = Fault("odd", body={"ok": True})
    wire.slack.faults.on("apps.connections.open", odd, faults.cut(), odd)
    async with wire.up():
        assert len(wire.slack.sockets.open) == 2
    for fault in (odd, faults.cut()):
        wire.slack.faults.on("auth.test", fault)
        with pytest.raises(Refused, match="slack.unreachable"):
            async with wire.up():
                pytest.fail("nobody knows who we are")
