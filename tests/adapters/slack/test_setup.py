"""A workspace without any team is set up in one form; whoever may not learns whom to ask, and nothing typed is lost."""

import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from company import Company, team
from conftest import BEAT, MONDAY, Now, Town
from harness import Harness, opened, sqlite_url
from screens import buttons_of, keys_of, question, words_of
from slack import LocalSlack, faults, town

from adapters import wiring
from adapters.chat import Door, Pace, asking
from adapters.cli.checking import findings
from adapters.settings import Settings
from adapters.slack.connection import Slack, SlackSettings
from bot.domain.model import Mode, Role, Staff, Team
from bot.domain.questions import TeamsAsked, TeamsShown

FORM = {
    "channels": ["CSUPPORT", "CRANDOM"], "alert": "GALERT", "leads_channel": "GLEADS",
    "supervisors": ["USUPER2", "USUPER1"], "leads": ["ULEAD"], "deciders": ["UBOSS"], "agents": ["UAGENT"],
}  # fmt: skip


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[Town]:
    """A house that has no team, with the doctor at hand."""
    async with unfounded(tmp_path) as made:
        yield made


@contextlib.asynccontextmanager
async def unfounded(folder: Path) -> AsyncIterator[Town]:
    async with LocalSlack(town(), "socket") as slack, opened(sqlite_url(folder)) as house:
        slack.clock.ahead = MONDAY.timestamp() - time.time()
        house.clock = house.bot.clock = Now(slack)  # type: ignore[assignment]
        settings = SlackSettings(slack.app.bot_token, slack.app.app_token, "", slack.api_url, "socket", port=0)
        given = Settings(slack_bot_token=slack.app.bot_token, slack_api_url=slack.api_url, slack_mode="")
        built = wiring.House(house.intake, house.policy, "", None)
        door = Door(house.intake, house.policy)
        bot = Slack(settings, house.intake, door, house.clock, partial(findings, given, built))
        chat = await bot.connect()
        chat._pace = Pace(0)
        async with wiring.alive(built, {"slack": chat}, house.clock, BEAT), bot.listening():
            await slack.until(lambda: len(slack.sockets.open) >= 2)
            yield Town(slack, house, None)  # type: ignore[arg-type]


async def teams(house: Harness) -> tuple[Team, ...]:
    shown = await house.intake.ask(TeamsAsked())
    assert isinstance(shown, TeamsShown)
    return shown.teams


async def form(here: Town, who: str, command: str = "/kasuhara") -> Any:
    """The set-up form as it stands after the loading view."""
    person = here.slack.user(who)
    await person.types(command, "管理 設定", "random")
    await here.slack.until(lambda: person.modal.content["callback_id"] != "loading")
    return person


async def done(here: Town, person: Any) -> str:
    """What the form has become once everything was looked at."""
    await here.slack.until(lambda: person.modal.content["callback_id"] == "answer")
    return words_of(person.modal)


async def test_from_nothing_to_a_team_in_one_form(empty: Town) -> None:
    admin = await form(empty, "UADMIN")
    assert question(admin.modal, "zone")["element"]["initial_value"] == "Asia/Tokyo"
    assert question(admin.modal, "opens")["element"]["initial_time"] == "09:00" or "opens" in keys_of(admin.modal)
    await admin.submits({**FORM, "groups": ["S0SUPPORT"]})
    told = await done(empty, admin)
    (made,) = await teams(empty.house)
    assert (made.name, made.zone, made.alert_channel) == ("サポート", "Asia/Tokyo", "slack:TOWN:GALERT")
    assert made.channels == ("slack:TOWN:CSUPPORT", "slack:TOWN:CRANDOM") and made.workspaces == ("slack:TOWN",)
    roles = {person.account.rpartition(":")[2]: (person.name, person.own) for person in made.staff if person.own}
    assert roles["UADMIN"] == ("山本", (Role.ADMIN,)), "whoever founds the first team administers it"
    assert roles["USUPER1"] == ("鈴木", (Role.SUPERVISOR,)) and roles["UBOSS"] == ("渡辺", (Role.DECISION_MAKER,))
    assert made.rota is not None and made.rota.members == ("slack:TOWN:USUPER2", "slack:TOWN:USUPER1")
    assert [one.account for one in made.groups] == ["slack:TOWN:group:S0SUPPORT"]
    with empty.house.database.read() as uow:
        assert uow.duty.mode("サポート") is Mode.MONITOR
        (entry,) = [e for e in uow.audit.entries() if e.action == "team.applied"]
        assert entry.actor == "slack:TOWN:UADMIN" and '"source":"slack"' in entry.detail.replace(" ", "")
    assert "見守りモード" in told and "/kasuhara 管理 モード 本番" in told and "相談先" in told, (
        "why, how, what is missing"
    )
    assert "--command /support-log" in told, "guests are in #support"
    assert not empty.slack.record.refusals and not empty.slack.troubles


async def test_the_first_practice_call_and_going_live(empty: Town) -> None:
    admin = await form(empty, "UADMIN")
    await admin.submits(FORM)
    await done(empty, admin)
    await admin.presses("drill", admin.modal)
    await empty.slack.until(lambda: empty.slack.cards("alert"))
    assert "<@USUPER2>" in str(empty.slack.cards("alert")[-1].blocks), "the first of the rota is on call at once"
    await admin.types("/kasuhara", "管理 モード 本番", "random")
    with empty.house.database.read() as uow:
        assert uow.duty.mode("サポート") is Mode.LIVE


async def test_until_then_the_bot_says_what_to_press(empty: Town) -> None:
    for who, offered in (("UADMIN", True), ("UAGENT", False)):
        person = empty.slack.user(who)
        await person.tells_bot("報告 怒鳴られた")
        await empty.slack.until(lambda who=who: len(empty.slack.cards(empty.slack.direct(who).id)) == 1)
        card = empty.slack.cards(empty.slack.direct(who).id)[-1]
        assert ("setup" in dict(buttons_of(card.blocks))) is offered and "管理者" in words_of(card)
        await person.opens_home()
        await empty.slack.until(lambda person=person: person.home is not None)
        assert person.home is not None and ("setup" in dict(buttons_of(person.home.blocks))) is offered
    admin = empty.slack.user("UADMIN")
    await admin.presses("setup", admin.home)
    await empty.slack.until(lambda: "channels" in keys_of(admin.modal))
    assert not empty.slack.troubles


async def test_whoever_may_not_gets_no_form_and_writes_nothing(empty: Town) -> None:
    agent = await form(empty, "UAGENT")
    assert agent.modal.content["callback_id"] == "answer" and "管理者" in words_of(agent.modal)
    admin = await form(empty, "UADMIN")
    forged = agent._payload("view_submission") | {"view": admin.modal.shown()}
    values = forged["view"]["state"]["values"]
    values["channels"] = {"channels": {"type": "x", "selected_conversations": ["CRANDOM"]}}
    values["supervisors"] = {"supervisors": {"type": "x", "selected_users": ["UAGENT"]}}
    values["alert"] = {"alert": {"type": "x", "selected_conversation": "GALERT"}}
    values |= {"name": {"name": {"type": "x", "value": "窓口"}}, "zone": {"zone": {"type": "x", "value": "Asia/Tokyo"}}}
    await agent.forges(forged)
    assert await teams(empty.house) == ()
    with empty.house.database.read() as uow:
        assert [e.actor for e in uow.audit.entries() if e.action == "access.refused"] == ["slack:TOWN:UAGENT"]
    for outsider in ("UGUEST", "UCUST"):
        before = len(empty.slack.views.opened)
        await empty.slack.user(outsider).types("/kasuhara", "管理 設定", "support")
        await empty.slack.user(outsider).forges(empty.slack.user(outsider)._payload("view_submission") | {
            "view": forged["view"]})  # fmt: skip
        assert len(empty.slack.views.opened) == before
    assert await teams(empty.house) == ()
    with empty.house.database.read() as uow:
        refused = [(e.actor, e.detail) for e in uow.audit.entries() if e.action == "access.refused"]
    assert sum("TeamSetUp" in detail and not actor.endswith("UAGENT") for actor, detail in refused) == 2


async def test_of_whom_slack_says_nothing_nobody_is_listed(empty: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slow just then, Slack could have said that somebody is a guest."""
    admin = await form(empty, "UADMIN")
    monkeypatch.setattr(asking, "PATIENCE", 0.1)
    empty.slack.faults.on("users.info", faults.slow(0.4), when=lambda asked: asked.get("user") == "UGUEST")
    await admin.submits({**FORM, "agents": ["UGUEST"]})
    assert admin.modal.errors.keys() == {"agents"} and "もう一度" in str(admin.modal.errors)
    assert await teams(empty.house) == ()


async def test_an_admin_administers_the_second_team_too(empty: Town) -> None:
    admin = await form(empty, "UADMIN")
    await admin.submits(FORM)
    await done(empty, admin)
    await admin.types("/kasuhara", "管理 設定 チーム:第二", "random")
    await empty.slack.until(lambda: "name" in keys_of(admin.modal))
    await admin.submits({**FORM, "channels": ["CGENERAL"], "alert": "GLEADS", "leads_channel": None})
    await done(empty, admin)
    first, second = await teams(empty.house)
    assert second.name == "第二" and Role.ADMIN in {p.account: p.own for p in second.staff}["slack:TOWN:UADMIN"]
    await admin.types("/kasuhara", "管理 モード 本番 チーム:第二", "random")
    with empty.house.database.read() as uow:
        assert uow.duty.mode("第二") is Mode.LIVE and uow.duty.mode(first.name) is Mode.MONITOR


async def test_what_is_wrong_is_said_at_its_field(empty: Town) -> None:
    admin = await form(empty, "UADMIN")
    await admin.submits({**FORM, "alert": "CRANDOM", "zone": "Asia/Tokio", "opens": "18:00", "closes": "09:00",
                         "days": ["0"], "agents": ["UGUEST"], "name": "x" * 51})  # fmt: skip
    assert admin.modal.errors.keys() == {"alert", "zone", "closes", "agents", "name"}
    assert question(admin.modal, "channels") and admin.modal.values["channels"], "everything chosen is there"
    await admin.submits({"alert": "GALERT", "zone": "Europe/London", "closes": "20:30", "agents": ["UAGENT"],
                         "name": "窓口"})  # fmt: skip
    await done(empty, admin)
    (made,) = await teams(empty.house)
    assert made.hours[0][0].closes.hour == 20 and not any(made.hours[1:]) and made.zone == "Europe/London"


async def test_later_leads_change_it_and_what_the_form_does_not_ask_stays(empty: Town) -> None:
    here, company = empty, Company(empty.house)
    own = team(channels=("slack:TOWN:CSUPPORT",), alert="slack:TOWN:GALERT", leads="")
    gone = Staff("slack:TOWN:group:S0GONE", "昔のグループ", (Role.AGENT, Role.LEGAL))
    assert own.rota is not None
    first, second = (
        replace(own, rota=replace(own.rota, days=14), groups=(gone,)),
        team("USUPER2", name="別", rota=None, channels=("slack:TOWN:CRANDOM",), alert="slack:TOWN:GLEADS", leads=""),
    )
    await company.opens(first, second)
    lead = await form(here, "ULEAD", "/support-log")  # whatever name the command was given
    assert "name" not in keys_of(lead.modal), "the team is the lead's own"
    await lead.submits({"channels": ["CSUPPORT", "CRANDOM"]})
    assert lead.modal.errors.keys() == {"channels"}, "another team's channel"
    await lead.submits({"channels": ["CSUPPORT"]})
    await done(here, lead)
    assert (await teams(here.house))[0] == first, "what was not touched stays"
    lead = await form(here, "ULEAD")
    await lead.submits({"channels": ["CSUPPORT"], "agents": ["UAGENT"], "turns": "1"})
    await done(here, lead)
    changed, other = await teams(here.house)
    assert other == second and changed.rota is not None and changed.rota.days == 1
    kept = {person.account: person.roles for person in changed.staff}
    assert "slack:TOWN:UAGENT2" not in kept and kept["slack:TOWN:UADMIN"] == (Role.ADMIN,)
    with here.house.database.read() as uow:
        assert uow.teams.sources() == {"サポート1課": "slack", "別": "story"}
        last = [e for e in uow.audit.entries() if e.action == "team.applied"][-2]
        assert '"replaced":"story"' in last.detail.replace(" ", ""), "whose words were replaced stands in the record"
        assert uow.duty.mode("サポート1課") is Mode.LIVE, "changing a team does not change its mode"
    late = await form(here, "ULEAD")
    await company.opens(replace(changed, zone="Asia/Seoul"), second)
    await late.submits({"agents": []})
    assert "もう一度開いて" in str(late.modal.errors), "what was set meanwhile is not overwritten"
    agent = await form(here, "UAGENT")
    assert "責任者" in words_of(agent.modal) and not keys_of(agent.modal)
