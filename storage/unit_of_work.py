"""One transaction and its stores."""

from storage.audit import Audit
from storage.customers import Customers
from storage.detections import Detections
from storage.messages import Messages
from storage.session import Session
from storage.teams import Teams


class UnitOfWork:
    """ports.UnitOfWork on one session."""

    def __init__(self, session: Session) -> None:
        self.messages = Messages(session)
        self.customers = Customers(session)
        self.teams = Teams(session)
        self.detections = Detections(session)
        self.audit = Audit(session)
