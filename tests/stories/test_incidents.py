"""Signs become incidents: they join, grow, wait, lapse and are told to whom it concerns (rules.md 3 and 5)."""

from datetime import timedelta

import pytest
from company import ALERT, Company, team
from harness import Harness

from bot.domain.errors import Refused
from bot.domain.events import CustomersImported
from bot.domain.model import CustomerRecord, IncidentState, Outcome, Reach, ReportKind, Severity, Sign, SignKind
from bot.domain.notices import HelpComing, IncidentNoted, PingOpened, PingSettled
from bot.domain.roster import Roster
from bot.handlers import incidents
from bot.ports import UnitOfWork

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OTHER = "slack:TOWN:second"
OTHERS = team("USUPER2", "UAGENT2", name="サポート2課", rota=("USUPER2",), channels=(OTHER,), alert="slack:TOWN:ALERT2")
LEGAL = "threat_of_legal_or_authority"


async def test_signs_join_for_a_day_from_the_last(house: Harness) -> None:
    company = await Company(house).opens()
    customer = await house.known("架空商事")
    for _ in range(3):
        told = await company.reports("暴言", customer_id=customer.id)
        assert told.incident_id == 1
        house.clock.advance(days=1)
    early = await company.reports("三日前の朝", customer_id=customer.id, occurred_at=company.now - 3 * DAY)
    assert early.incident_id == 1
    house.clock.advance(days=1, seconds=1)
    assert (await company.reports("暴言", customer_id=customer.id)).incident_id == 2


async def test_after_a_verdict_a_new_sign_is_a_new_incident(house: Harness) -> None:
    company = await Company(house).opens()
    writer = house.customer()
    await writer.repeats("返事しろ。", 3, MINUTE)
    await company.judges(1)
    assert len(company.incidents()) == 1
    house.clock.advance(minutes=1)
    await writer.says("返事しろ。")
    old, new = company.incidents()
    assert (old.state, new.state, new.opened_at) == (IncidentState.JUDGED, IncidentState.SUSPECTED, company.now)
    assert company.ping().incident_id == 2
    house.clock.advance(minutes=1)
    await writer.says("返事しろ。")
    assert len(company.incidents()) == 2
    with house.database.read() as uow:
        assert len(uow.incidents.signs(2)) == 1


async def test_a_burst_opens_grows_and_is_high_from_twice_the_count(house: Harness) -> None:
    company = await Company(house).opens()
    writer = house.customer()
    await writer.repeats("返事しろ。", 3, MINUTE)
    (incident,) = company.incidents()
    assert (incident.severity, incident.reach, incident.categories) == (
        Severity.MEDIUM, Reach.PING, ("repeated_messages",),
    )  # fmt: skip
    assert (incident.opened_at, company.called()) == (company.now, ["USUPER1"])
    await company.delivers()
    await company.acknowledges()
    for count in (4, 5):
        house.clock.advance(minutes=1)
        await writer.says("返事しろ。")
        assert (company.ping().round, company.ping().severity) == (1, Severity.MEDIUM), count
        assert company.posts()[-1].edits == "ping:1:0"
    house.clock.advance(minutes=1)
    await writer.says("返事しろ。")
    ping = company.ping()
    assert (ping.round, ping.severity, ping.reason.value) == (2, Severity.HIGH, "severity")
    assert (company.incidents()[0].severity, len(company.incidents())) == (Severity.HIGH, 1)


async def test_who_waited_for_us_is_no_incident_until_a_shorter_window_fills(house: Harness) -> None:
    company = await Company(house).opens()
    writer = house.customer()
    await writer.repeats("在庫の数が合いません", 4, 15 * MINUTE)
    assert ((await house.only()).detection.waiting, company.incidents(), company.posts()) == (True, [], [])
    house.clock.advance(minutes=2)
    await writer.repeats("在庫の数が合いません", 2, 2 * MINUTE)
    detection = (await house.only()).detection
    assert (detection.waiting, detection.window) == (False, "10m")
    assert (len(company.incidents()), company.called()) == (1, ["USUPER1"])


async def test_found_later_it_is_listed_and_calls_nobody_until_it_goes_on(house: Harness) -> None:
    company = await Company(house).opens()
    writer = house.customer()
    await writer.writes("返事しろ。", -180, -179, -178)
    (incident,) = company.incidents()
    assert ((await house.only()).detection.found_later, incident.reach) == (True, Reach.LISTED)
    assert (company.pings(), company.posts()) == ([], [])
    await writer.writes("返事しろ。", -2, -1, 0)
    assert (company.incidents()[0].reach, company.called()) == (Reach.PING, ["USUPER1"])


async def test_a_burst_from_an_hour_ago_still_calls(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().writes("返事しろ。", -63, -61, -60)
    assert company.called() == ["USUPER1"]


async def test_counted_again_and_gone_it_lapses_with_its_ping(house: Harness) -> None:
    company = await Company(house).opens()
    await house.known("架空商事", "slack:TCUST:U1", "slack:TCUST:U2")
    await house.customer("U1").writes("返事しろ。", -2, -1)
    await house.customer("U2").writes("返事しろ。", 0)
    await company.delivers()
    await house.submit(
        CustomersImported(records=(CustomerRecord("例示工業", contacts=("slack:TCUST:U2",)),), actor="cli:test")
    )
    assert await house.detections() == ()
    assert company.incidents()[0].state is IncidentState.LAPSED
    assert company.pings()[0].outcome is Outcome.WITHDRAWN
    assert [post.edits for post in company.cards(PingSettled)] == ["ping:1:0"]
    with pytest.raises(Refused, match="lapsed"):
        await company.judges(1)


async def test_another_teams_sign_gives_that_team_a_card(house: Harness) -> None:
    company = await Company(house).opens(team(), OTHERS)
    customer = await house.known("架空商事", "slack:TCUST:UKYAKU")
    await company.reports("暴言", customer_id=customer.id)
    told = await company.reports("こちらでも", who="UAGENT2", place=OTHER, customer_id=customer.id)
    assert (told.joined, company.incidents()[0].team, company.ping().team) == (True, "サポート1課", "サポート1課")
    (card,) = company.cards(IncidentNoted)
    assert isinstance(card.notice, IncidentNoted)
    assert (card.to.channel, card.to.people, card.notice.other_team) == ("slack:TOWN:ALERT2", (), True)
    assert [sign.place for sign in card.notice.incident.signs][-1] == OTHER
    await house.customer().writes("返事しろ。", 1, 2, 3, channel="second")
    assert len(company.cards(IncidentNoted)) == 1


async def test_a_team_that_only_monitors_is_shown_no_card_of_a_machine(house: Harness) -> None:
    company = await Company(house).opens(team(), OTHERS, live=False)
    customer = await house.known("架空商事", "slack:TCUST:UKYAKU")
    await company.reports("暴言", customer_id=customer.id)
    await house.customer().writes("返事しろ。", 0, 1, 2, channel="second")
    assert company.cards(IncidentNoted) == []


async def test_only_monitoring_a_person_calls_and_the_machine_never(house: Harness) -> None:
    company = await Company(house).opens(live=False)
    writer = house.customer()
    await writer.repeats("返事しろ。", 3, MINUTE)
    assert (company.pings(), company.posts()) == ([], [])
    told = await company.reports(kind=ReportKind.NOW)
    assert (told.joined, told.called) == (True, ("鈴木",))
    await company.acknowledges()
    house.clock.advance(minutes=40)
    await writer.repeats("返事しろ。", 8, MINUTE)
    assert (company.ping().round, company.called()) == (1, ["USUPER1"])


async def test_only_monitoring_a_ping_does_not_outlive_the_person_who_called(house: Harness) -> None:
    company = await Company(house).opens(live=False)
    await house.customer().writes("返事しろ。", -2, -1, 0)
    told = await company.reports("たすけて")
    await company.withdraws(told)
    assert company.pings()[0].outcome is Outcome.WITHDRAWN
    assert company.incidents()[0].state is IncidentState.SUSPECTED


async def machine_says(house: Harness, category: str) -> None:
    """A machine's sign of another category about the only detection; its detector comes later."""

    def taken(uow: UnitOfWork) -> None:
        (detection,) = uow.detections.of(1, house.clock.now - DAY)
        sign = Sign(
            SignKind.DETECTION, detection.id, 1, "サポート1課", house.clock.now, Severity.MEDIUM, category, ""
        )  # fmt: skip
        roster = Roster(uow.teams.all())
        found = incidents.take_in(sign, uow, house.policy, roster, house.clock.now)
        incidents.spread(found, sign, uow, house.policy, roster, house.clock.now)

    await house.intake.write(taken)


async def test_a_machines_legal_threat_alone_is_a_card_a_persons_calls(house: Harness) -> None:
    company = await Company(house).opens(live=False)
    await house.customer().writes("返事しろ。", -2, -1, 0)
    await company.judges(1)
    company = await Company(house).opens()
    await machine_says(house, LEGAL)
    (post,) = company.posts()
    assert isinstance(post.notice, IncidentNoted)
    assert (post.to.channel, post.to.people, post.notice.incident.categories) == (ALERT, (), (LEGAL,))
    assert (company.pings(), company.incidents()[-1].reach) == ([], Reach.CARD)
    told = await company.reports("弁護士を立てると言われた", group="threat.authority")
    assert (told.called, company.incidents()[-1].reach) == (("鈴木",), Reach.PING)


async def test_no_word_of_anybody_stands_where_it_must_not(house: Harness, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    company = await Company(house).opens()
    await house.customer().repeats("返事しろ無能ども。", 4, MINUTE)
    words = {"text": "客に無能と言われた", "quote": "辞めてしまえ", "group": "insult"}
    told = await company.reports(**words)
    await company.details(told, text="まだ泣いている", severity=Severity.HIGH)
    sent = await company.delivers()
    await company.acknowledges()
    await company.withdraws(told)
    texts = ("無能", "辞めて", "泣いて")
    with house.database.read() as uow:
        details = str([(entry.action, entry.subject, entry.detail) for entry in uow.audit.entries()])
    sides = ("佐藤", "UAGENT", "無能", "泣")
    found = " OR ".join(f"CAST(facts AS TEXT) LIKE '%{side}%'" for side in sides)
    assert not [word for word in texts if word in details or word in caplog.text]
    assert house.one(f"SELECT count(*) FROM outbox WHERE {found}") == 0
    shown = [*sent, *company.posts()]
    assert {type(post.notice) for post in shown} >= {PingOpened, PingSettled, HelpComing}
    assert not [post for post in shown if any(side in repr(post.notice) for side in sides)]
    named = [type(post.notice) for post in shown if "UAGENT" in repr(post.to)]
    assert named == [HelpComing]


async def test_two_bursts_that_meet_are_one_sign(house: Harness) -> None:
    company = await Company(house).opens()
    writer = house.customer()
    await writer.writes("在庫の数がおかしいです", -1500, -1499, -1498)
    assert company.incidents()[0].reach is Reach.LISTED
    await writer.writes("在庫の数がおかしいです", -2, -1, 0)
    assert (len(company.incidents()), company.ping().incident_id) == (2, 2)
    await company.acknowledges()
    await writer.writes("在庫の数がおかしいです", -700, -699, -698)
    assert (await house.audit()).count("detection.merged") == 1
    assert [i.state for i in company.incidents()] == [IncidentState.SUSPECTED, IncidentState.LAPSED]
    assert company.ping().incident_id == 1
