"""As long as nobody knows who acts on Slack they are shown nothing of ours and told nothing untrue, within three
seconds; a colleague whom no team lists is told what to do."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import MONDAY
from screens import words_of
from slack import User, faults
from slow_rows import Rows
from test_setup import FORM, unfounded
from wire import Wire, wired

from adapters.chat import asking, roll
from bot.domain.model import CustomerKind

LATE, LISTED, OUTSIDE = "返事に時間がかかっています", "管理者にチームへの登録を頼んで", "サポート担当の方のためのもの"
AMBIGUOUS = ("状況 北", "対応します", "状況 いない人", "なぜ 北")
SECRET = ("北野", "北田", "呼び出し", "#")


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    async with wired("socket", tmp_path) as made:
        for number, name in enumerate(("北野商事", "北田商店")):
            await made.house.known(name, f"slack:TCUST:UNORTH{number}", kind=CustomerKind.CUSTOMER)
            await made.company.reports(f"怒鳴られた {name}", place="slack:TOWN:CSUPPORT")
        yield made


async def typed(wire: Wire, who: str, line: str) -> tuple[str, float]:
    """What they alone are told after a command, and after how many seconds."""
    began = asyncio.get_running_loop().time()
    delivery = await wire.slack.user(who).types("/kasuhara", line, "random" if who != "UGUEST" else "support")
    assert delivery.acked
    spent = asyncio.get_running_loop().time() - began
    return words_of(wire.slack.user(who).private()[-1]), spent


async def test_a_colleague_whom_no_team_lists_learns_what_to_do_and_no_name(wire: Wire) -> None:
    wire.slack.workspace.add(User("UNEW", "新人"))
    wire.slack.channel("random").members.append("UNEW")
    async with wire.up():
        for line in (*AMBIGUOUS, "報告"):
            told, _ = await typed(wire, "UNEW", line)
            assert LISTED in told and not [word for word in SECRET if word in told.replace("/kasuhara", "")], told
        with wire.house.database.read() as uow:
            denied = [entry.action for entry in uow.audit.entries() if entry.actor == "slack:TOWN:UNEW"]
        assert len(denied) == len(AMBIGUOUS) + 1, "and each is on record"
        new = wire.slack.user("UNEW")
        await new.opens_shortcut("report")
        await wire.slack.until(
            lambda: any(LISTED in words_of(m) for m in wire.slack.posts(wire.slack.direct("UNEW").id))
        )
        assert not wire.slack.views.opened and not wire.slack.troubles


async def test_a_guest_is_shown_nothing_while_slack_does_not_say_who_they_are(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.15)
    async with wire.up() as bot:
        for line in (AMBIGUOUS[0], "報告", "ヘルプ"):
            bot._people._people.forget("UGUEST")
            wire.slack.faults.on("users.info", faults.slow(0.3), when=lambda given: given.get("user") == "UGUEST")
            told, spent = await typed(wire, "UGUEST", line)
            assert LATE in told and len(told.splitlines()) == 1 and spent < 3, told
            wire.slack.faults.clear()
        monkeypatch.undo()
        await asyncio.sleep(1.0)
        told, _ = await typed(wire, "UGUEST", "状況 北")
        assert OUTSIDE in told


async def test_who_a_team_lists_may_call_for_help_though_slack_says_nothing(wire: Wire) -> None:
    await wire.company.opens(replace(await _team(wire), language="en"))
    wire.slack.faults.on("users.info", faults.down(500), times=200, when=lambda given: given.get("user") == "UAGENT")
    wire.slack.faults.on("users.list", faults.down(500), times=200)
    async with wire.up():
        told, _ = await typed(wire, "UAGENT", "いますぐ")
        assert "鈴木" in told and "Calling" in told, "in the language of the team"


async def _team(wire: Wire) -> Any:
    with wire.house.database.read() as uow:
        return uow.teams.all()[0]


@pytest.mark.rule("slack-1")
async def test_rows_that_hang_are_told_within_three_seconds_whatever_was_done(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = Rows(wire.house, monkeypatch)
    async with wire.up():
        with rows.hang():
            wire.slack.faults.on("users.info", faults.slow(1.0), times=50)
            told = await asyncio.gather(
                typed(wire, "UAGENT", "状況"), typed(wire, "UADMIN", "報告 怒鳴られた"), typed(wire, "ULEAD", "対応 1")
            )
            assert all(spent < 3 and "もう一度" in words for words, spent in told), told
        assert wire.house.one("SELECT count(*) FROM reports") == 2


@pytest.mark.rule("slack-1")
async def test_the_first_command_and_the_set_up_form_are_in_time_though_rows_hang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with unfounded(tmp_path) as here:
        admin = here.slack.user("UADMIN")
        await admin.types("/kasuhara", "管理 設定", "random")
        await here.slack.until(lambda: admin.modal.content["callback_id"] != "loading")
        rows, loop = Rows(here.house, monkeypatch), asyncio.get_running_loop()
        with rows.hang():
            here.slack.faults.on("users.info", faults.slow(1.0), times=50)
            began = loop.time()
            first, sent = await asyncio.gather(
                here.slack.user("UAGENT").types("/kasuhara", "状況", "random"),
                admin.submits(FORM),
            )
            assert first.acked and sent.acked and loop.time() - began < 3
        assert any("もう一度" in error for error in admin.modal.errors.values()), admin.modal.errors
        assert MONDAY and not here.slack.troubles


@pytest.mark.rule("slack-1", "slack-22")
async def test_a_form_that_opens_late_keeps_nobody_waiting_and_is_filled_in_all_the_same(wire: Wire) -> None:
    agent = wire.slack.user("UAGENT")
    async with wire.up() as bot:
        bot._door._limit = 0.3
        wire.slack.faults.on("views.open", faults.slow(0.8))
        began = asyncio.get_running_loop().time()
        assert (await agent.types("/kasuhara", "報告", "random")).acked
        assert asyncio.get_running_loop().time() - began < 0.8
        await wire.slack.until(lambda: agent.modal.content["callback_id"] == "report")


async def test_the_form_of_one_who_is_not_known_just_then_keeps_what_was_typed(wire: Wire) -> None:
    async with wire.up() as bot:
        agent = wire.slack.user("UAGENT")
        await agent.types("/kasuhara", "報告", "random")
        await wire.slack.until(lambda: agent.modal.content["callback_id"] != "loading")
        await wire.company.opens(_without(await _team(wire), "slack:TOWN:UAGENT"))
        bot._people._people.forget("UAGENT")
        wire.slack.faults.on("users.info", faults.slow(1.0), times=100)
        await agent.submits({"text": "怒鳴られた"})
        assert any(LATE in error for error in agent.modal.errors.values())
        await agent.submits()
        assert wire.house.one("SELECT count(*) FROM reports") == 2


def _without(team: Any, account: str) -> Any:
    return replace(team, staff=tuple(one for one in team.staff if one.account != account))


async def test_teams_of_a_moment_ago_are_believed_while_rows_are_slow(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = Rows(wire.house, monkeypatch)
    monkeypatch.setattr(roll, "KNOWN", 0.1)
    async with wire.up():
        wire.slack.faults.on("users.info", faults.down(500), times=50)
        await typed(wire, "UAGENT", "当番")
        with rows.slow(0.3):
            told, _ = await typed(wire, "UAGENT", "いますぐ")
        assert "鈴木" in told
