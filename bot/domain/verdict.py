"""What the three answers suggest, and when a verdict counts (rules.md 5, S1-6, S1-18, S1-19). People decide."""

from bot.domain.model import Finding, Opinion, ReviewState, Severity, Suggestion


def suggestion(demand_valid: Opinion, means_acceptable: Opinion, environment_harmed: Opinion) -> Suggestion:
    """The matrix: a suggestion for the person who judges, never a finding.

    An invalid demand or improper means: likely. A valid demand by improper means: possible, it depends on how grave
    the means are. Valid and acceptable: a legitimate complaint. The law asks for all three elements (law.md L5): where
    nobody's work was harmed, or too little is clear, it stays open.
    """
    if demand_valid is Opinion.YES and means_acceptable is Opinion.YES:
        return Suggestion.LEGITIMATE
    if environment_harmed is Opinion.NO:
        return Suggestion.OPEN
    if demand_valid is Opinion.YES and means_acceptable is Opinion.NO:
        return Suggestion.POSSIBLE
    if Opinion.NO in (demand_valid, means_acceptable):
        return Suggestion.LIKELY
    return Suggestion.OPEN


def state_of(finding: Finding, severity: Severity, *, involved: bool, seconds: int) -> ReviewState:
    """When a fresh verdict counts. `involved`: the only person there was to judge is involved; `seconds`: how many
    other uninvolved people could agree."""
    if involved:
        return ReviewState.PROVISIONAL
    if finding is not Finding.CONFIRMED or severity < Severity.HIGH:
        return ReviewState.FINAL
    return ReviewState.AWAITING_SECOND if seconds else ReviewState.PROVISIONAL
