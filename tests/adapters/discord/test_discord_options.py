"""What the options of a report said on Discord goes with it, whether a form opens or not."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from discord_wire import SUPPORT, Wire, account

from adapters.discord import forms
from adapters.discord.boxes import ID, id_of
from bot.domain.events import ReportFiled
from bot.domain.model import Medium, ReportKind, Severity

NINE = datetime(2026, 11, 30, 0, 5, tzinfo=UTC)
"""09:05 in Tokyo, an hour ago."""
WHOLE = ReportFiled(
    actor=account(4011), kind=ReportKind.CALL, place=SUPPORT, customer_id=7, group="insult", severity=Severity.HIGH,
    burden=3, medium=Medium.PHONE, occurred_at=NINE,
)  # fmt: skip


@pytest.fixture
async def up(wire: Wire) -> AsyncIterator[Wire]:
    async with wire.up():
        await wire.discord.until(lambda: wire.discord.guild.commands)
        yield wire


def test_the_moment_goes_with_the_form() -> None:
    assert forms.start_of(forms.kept_of(WHOLE), account(4011)) == WHOLE
    assert forms.event_of(f"report:{forms.kept_of(WHOLE)}", {}, account(4011)) == WHOLE
    assert forms.start_of("c/3001//7/insult/high/3/1", account(4011)).occurred_at is None, "a button of before"


def test_what_has_no_room_is_what_the_form_asks_again() -> None:
    full = replace(
        WHOLE, place=f"discord:1000:{10**19}", message_id=str(10**19), customer_id=10**9, severity=Severity.CRITICAL,
        group="discrimination_or_sexual.discrimination",
    )  # fmt: skip
    assert len(id_of(forms.REPORT, forms.kept_of(full))) <= ID
    assert forms.start_of(forms.kept_of(full), account(4011)) == replace(full, group="")


async def test_a_time_that_was_typed_is_the_reports(up: Wire) -> None:
    hana = up.discord.user("hana")
    await hana.types("/kasuhara report", {"when": "09:05"})
    await hana.submits({"text": "無能と言われた"}).settled()
    assert (up.company.report(1).text, up.company.report(1).occurred_at) == ("無能と言われた", NINE)


async def test_words_that_were_quoted_are_filed_at_once(up: Wire) -> None:
    hana = up.discord.user("hana")
    answer = await hana.types("/kasuhara report", {"when": "09:05", "quote": "殺すぞ"}).settled()
    assert answer.form is None and "報告" in answer.words
    report = up.company.report(1)
    assert (report.quote, report.occurred_at) == ("殺すぞ", NINE)
    hana.tells_bot("報告 引用:死ね")
    await up.discord.until(lambda: up.house.one("SELECT count(*) FROM reports") == 2)
    assert up.company.report(2).quote == "死ね"
