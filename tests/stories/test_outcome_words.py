"""How a ping ended can be read back by those who may, and stands on no card (rules.md 7 and 8)."""

from company import Company, account
from harness import Harness

from adapters.wording import answer_card, card_of
from adapters.wording.card import Card
from bot.domain.events import PingResolved
from bot.domain.notices import Denied, PingAnswered
from bot.domain.questions import ReviewAsked, WhyAsked

WORDS = "電話を代わり、お客様は納得されました"


async def ended(house: Harness) -> tuple[Company, PingAnswered]:
    company = await Company(house).opens()
    await company.reports("怒鳴られた", group="insult")
    await company.acknowledges()
    await company.delivers()
    said = await house.submit(PingResolved(actor=account("USUPER1"), ping_id=1, note=f" {WORDS}\n"))
    return company, company.took(said, PingAnswered)


def quotes(card: Card) -> list[str]:
    return [quote.text for section in card.sections for quote in section.quotes]


async def test_the_words_are_read_back_by_those_who_ask(house: Harness) -> None:
    _, said = await ended(house)
    assert WORDS in quotes(answer_card(said, "ja", house.policy))
    for question in (
        WhyAsked(actor=account("ULEAD"), subject="ping:1"),
        WhyAsked(actor=account("ULEAD"), subject="incident:1"),
        ReviewAsked(actor=account("ULEAD"), incident_id=1),
    ):
        assert WORDS in quotes(answer_card(await house.intake.ask(question), "ja", house.policy))
    stranger = await house.intake.ask(WhyAsked(actor=account("USTRANGER"), subject="ping:1"))
    assert isinstance(stranger, Denied)


async def test_no_card_and_no_audit_entry_has_the_words(house: Harness) -> None:
    company, _ = await ended(house)
    for post in company.posts():
        assert WORDS not in str(post)
        assert WORDS not in str(card_of(post.notice, "ja", house.policy, {}))
    with house.database.read() as uow:
        assert all(WORDS not in entry.detail for entry in uow.audit.entries())
    assert house.chain_break() is None
