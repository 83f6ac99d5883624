"""Verdicts and the ledger of points on rows; history stays."""

from dataclasses import replace
from datetime import datetime
from math import fsum
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select, update

from bot.domain.model import Finding, Opinion, Points, Review, ReviewState, Severity
from storage.nouns import fields_of, values_of
from storage.session import Session
from storage.tables import IncidentRow, PointsRow, ReviewRow, table_of

_reviews: Final = table_of(ReviewRow)
_points: Final = table_of(PointsRow)
_incidents: Final = table_of(IncidentRow)
_STANDING: Final = _reviews.c.id.in_(select(func.max(_reviews.c.id)).group_by(_reviews.c.incident_id))
_ALL: Final = select(_reviews).order_by(_reviews.c.id)
"""In the order in which they were given."""
_HISTORY: Final = _ALL.where(_reviews.c.incident_id == bindparam("wanted"))
_LEDGER: Final = (
    select(_points).where(_points.c.customer_id == bindparam("wanted")).order_by(_points.c.confirmed_at, _points.c.id)
)
_WAITING: Final = (ReviewState.AWAITING_SECOND.value, ReviewState.PROVISIONAL.value)


class Reviews:
    """ports.Reviews on rows."""

    def __init__(self, session: Session) -> None:
        self._s = session

    def standing(self, incident_id: int) -> Review | None:
        history = self.history(incident_id)
        return history[-1] if history else None

    def history(self, incident_id: int) -> list[Review]:
        return self._read(_HISTORY, wanted=incident_id)

    def all(self) -> dict[int, Review]:
        return {review.incident_id: review for review in self._read(_ALL.where(_STANDING))}

    def waiting(self) -> list[Review]:
        return self._read(_ALL.where(_STANDING, _reviews.c.state.in_(_WAITING)))

    def _read(self, query: Select[Any], **values: int) -> list[Review]:
        return [_review(row) for row in self._s.connection.execute(query, values)]

    def add(self, review: Review) -> Review:
        made = _reviews.insert().values(values_of(review)).returning(_reviews.c.id)
        return replace(review, id=int(self._s.connection.execute(made).scalar_one()))

    def change(self, review: Review) -> None:
        values = {"state": review.state.value, "second": review.second, "second_at": review.second_at}
        values["second_reason"] = review.second_reason
        self._s.connection.execute(update(_reviews).where(_reviews.c.id == review.id).values(values))

    def give(self, customer_id: int, review_id: int, points: Points) -> None:
        # As the incident was attributed, not as it is merged now, so that parting takes its points along.
        attributed = select(_incidents.c.attributed_id).where(_incidents.c.id == points.incident_id)
        values = values_of(points) | {"customer_id": customer_id, "review_id": review_id}
        values["attributed_id"] = self._s.connection.scalar(attributed) or customer_id
        self._s.connection.execute(_points.insert().values(values))

    def take_back(self, incident_id: int, at: datetime, review_id: int) -> float:
        living = (_points.c.incident_id == incident_id, _points.c.taken_back_at.is_(None))
        gone = update(_points).where(*living).values(taken_back_at=at, taken_back_by=review_id)
        return fsum(self._s.connection.scalars(gone.returning(_points.c.points)))

    def ledger(self, customer_id: int) -> list[Points]:
        rows = self._s.connection.execute(_LEDGER, {"wanted": customer_id})
        return [Points(**fields_of(Points, row) | {"severity": Severity(row.severity)}) for row in rows]

    def with_points(self) -> list[int]:
        query = select(_points.c.customer_id).distinct().order_by(_points.c.customer_id)
        return list(self._s.connection.scalars(query))


def _review(row: Any) -> Review:
    return Review(
        **fields_of(Review, row)
        | {
            "finding": Finding(row.finding), "reason": row.reason or "", "severity": Severity(row.severity),
            "demand_valid": Opinion(row.demand_valid), "means_acceptable": Opinion(row.means_acceptable),
            "environment_harmed": Opinion(row.environment_harmed), "categories": tuple(row.categories),
            "state": ReviewState(row.state),
        }
    )  # fmt: skip
