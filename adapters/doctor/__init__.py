"""What is missing before this can be trusted: every finding with where it is and what to do. Handed a house by cli."""

from adapters.doctor.household import Household, gathered, household_remarks
from adapters.doctor.remark import Grade, Remark, error, hint, status, summary, told

__all__ = [
    "Grade",
    "Household",
    "Remark",
    "error",
    "gathered",
    "hint",
    "household_remarks",
    "status",
    "summary",
    "told",
]
