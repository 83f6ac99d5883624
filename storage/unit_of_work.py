"""One transaction and its stores."""

from storage.audit import Audit
from storage.customers import Customers
from storage.detections import Detections
from storage.drills import Drills
from storage.duty import Duty
from storage.files import Files
from storage.incidents import Incidents
from storage.messages import Messages
from storage.outbox import Outbox
from storage.pings import Pings
from storage.presence import Presence
from storage.reviews import Reviews
from storage.session import Session
from storage.teams import Teams


class UnitOfWork:
    """ports.UnitOfWork on one session."""

    def __init__(self, session: Session) -> None:
        self.messages = Messages(session)
        self.customers = Customers(session)
        self.teams = Teams(session)
        self.detections = Detections(session)
        self.incidents = Incidents(session)
        self.reviews = Reviews(session)
        self.pings = Pings(session)
        self.duty = Duty(session)
        self.drills = Drills(session)
        self.outbox = Outbox(session)
        self.audit = Audit(session)
        self.presence = Presence(session)
        self.files = Files(session)
