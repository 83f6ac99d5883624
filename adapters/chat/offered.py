"""What the lists of a form offer, on every platform: pairs of a value, as it comes back, and the words for it."""

from adapters.wording import say
from bot.domain.model import Finding, Medium, Opinion, Severity
from bot.domain.policy import Policy

Offered = list[tuple[str, str]]


def groups(language: str, policy: Policy, *, finer: bool = True) -> Offered:
    """The plain groups of the pack; `finer`: each followed by what it is asked more exactly."""
    offered: Offered = []
    for group in policy.groups:
        name = group.ja if language == "ja" else group.en
        offered.append((group.key, name))
        for one in group.asks if finer else ():
            offered.append((f"{group.key}.{one.key}", f"{name}: {one.ja if language == 'ja' else one.en}"))
    return offered


def severities(language: str) -> Offered:
    return [(severity.key, say(language, f"card.severity.{severity.key}")) for severity in Severity]


def burdens(language: str) -> Offered:
    return [(str(n), say(language, f"form.burden_{n}")) for n in range(1, 6)]


def media(language: str) -> Offered:
    return [(medium.value, say(language, f"form.medium_{medium.value}")) for medium in Medium]


def findings(language: str) -> Offered:
    return [(finding.value, say(language, f"card.finding.{finding.value}")) for finding in Finding]


def opinions(language: str) -> Offered:
    """Answers to the three questions of a verdict (S1-6)."""
    return [(opinion.value, say(language, f"form.opinion_{opinion.value}")) for opinion in Opinion]
