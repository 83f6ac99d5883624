"""Whose message it is: the first rule that matches wins (rules.md 1)."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain.attribution import Directory, account_of, customer_by_rule, speaker_without_contact
from bot.domain.events import MessagePosted
from bot.domain.model import Membership, Platform, Speaker

CHANNEL, WORKSPACE, DOMAIN = 1, 2, 3
MESSAGE = MessagePosted(
    platform=Platform.SLACK,
    workspace="TOWN",
    channel="support",
    message_id="1",
    author="U1",
    home="TCUST",
    mail="taro@kakuu.example",
    text="在庫の数が合いません",
    sent_at=datetime(2026, 11, 20, 1, 0, tzinfo=UTC),
)
ALL = Directory(
    staff=frozenset({"slack:TOWN:UAGENT"}),
    own_workspaces=frozenset({"slack:TOWN", "discord:GOWN"}),
    channels={"slack:TOWN:support": CHANNEL},
    workspaces={"slack:TCUST": WORKSPACE},
    domains={"kakuu.example": DOMAIN},
    free_mail=frozenset({"gmail.com"}),
)


@pytest.mark.parametrize(("channel", "workspace", "domain"), list(product((True, False), repeat=3)))
def test_the_first_rule_that_matches_wins(channel: bool, workspace: bool, domain: bool) -> None:
    directory = replace(
        ALL,
        channels=ALL.channels if channel else {},
        workspaces=ALL.workspaces if workspace else {},
        domains=ALL.domains if domain else {},
    )
    expected = CHANNEL if channel else WORKSPACE if workspace else DOMAIN if domain else None
    assert customer_by_rule(MESSAGE, directory) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"channel": "other"}, WORKSPACE, id="another channel"),
        pytest.param({"channel": "other", "home": "TOTHER"}, DOMAIN, id="another workspace"),
        pytest.param({"channel": "other", "home": "TOTHER", "mail": ""}, None, id="nothing known"),
        pytest.param({"workspace": "TX", "home": "TOTHER", "mail": ""}, None, id="a channel of that name elsewhere"),
        pytest.param({"platform": Platform.DISCORD, "mail": ""}, None, id="that channel on another platform"),
        pytest.param({"channel": "other", "home": "", "workspace": "TCUST"}, WORKSPACE, id="home is the workspace"),
        pytest.param({"channel": "x", "home": "", "mail": "a@KAKUU.Example"}, DOMAIN, id="domain in capitals"),
        pytest.param({"channel": "x", "home": "", "mail": '"a@b"@kakuu.example'}, DOMAIN, id="the last @ counts"),
        pytest.param({"channel": "x", "home": "", "mail": "a@sub.kakuu.example"}, None, id="a subdomain is another"),
        pytest.param({"channel": "x", "home": "", "mail": "a@gmail.com"}, None, id="free mail"),
    ],
)
def test_what_each_rule_looks_at(changes: dict[str, object], expected: int | None) -> None:
    assert customer_by_rule(replace(MESSAGE, **changes), ALL) == expected  # type: ignore[arg-type]


def test_our_own_workspace_is_nobodys_even_if_a_rule_names_it() -> None:
    named = replace(ALL, workspaces={"slack:TOWN": WORKSPACE, "discord:GOWN": WORKSPACE}, domains={})
    guest = replace(MESSAGE, channel="other", home="TOWN")
    assert customer_by_rule(guest, named) is None
    assert customer_by_rule(replace(guest, platform=Platform.DISCORD, workspace="GOWN", home="GOWN"), named) is None


def test_a_free_mail_domain_is_nobodys_even_if_a_rule_names_it() -> None:
    named = replace(ALL, channels={}, workspaces={}, domains={"gmail.com": DOMAIN})
    assert customer_by_rule(replace(MESSAGE, mail="a@gmail.com"), named) is None
    assert customer_by_rule(replace(MESSAGE, mail="a@GMAIL.com"), named) is None


@pytest.mark.parametrize(
    ("membership", "speaker"),
    [
        (Membership.OUTSIDER, Speaker.CUSTOMER),
        (Membership.MEMBER, Speaker.COLLEAGUE),
        (Membership.BOT, Speaker.BOT),
        (Membership.UNKNOWN, Speaker.UNATTRIBUTED),
    ],
)
def test_who_is_no_contact_speaks_as_the_platform_knows_them(membership: Membership, speaker: Speaker) -> None:
    assert speaker_without_contact(replace(MESSAGE, membership=membership), ALL) is speaker


@pytest.mark.parametrize("membership", list(Membership))
def test_whoever_the_company_lists_as_staff_is_staff(membership: Membership) -> None:
    agent = replace(MESSAGE, author="UAGENT", home="TOWN", membership=membership)
    assert speaker_without_contact(agent, ALL) is Speaker.STAFF
    elsewhere = replace(agent, home="TCUST", membership=Membership.OUTSIDER)
    assert speaker_without_contact(elsewhere, ALL) is Speaker.CUSTOMER, "the same id in another workspace is another"


def test_an_account_is_named_by_the_workspace_that_the_author_belongs_to() -> None:
    assert account_of(MESSAGE) == "slack:TCUST:U1"
    assert account_of(replace(MESSAGE, home="")) == "slack:TOWN:U1"


def test_a_merged_customer_speaks_as_the_one_that_it_went_into() -> None:
    directory = replace(ALL, merged={1: 9})
    assert (directory.effective(1), directory.effective(2)) == (9, 2)
