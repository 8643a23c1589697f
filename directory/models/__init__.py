"""The records and page types of the directory; each lives in the module of its subject."""

from directory.models.consultation import ConsultationIndexPage, ConsultationPage, OpeningHours
from directory.models.members import Member
from directory.models.networks import NetworkDocument, NetworkIndexPage, NetworkPage
from directory.models.regions import Office, Region

__all__ = [
    "ConsultationIndexPage",
    "ConsultationPage",
    "Member",
    "NetworkDocument",
    "NetworkIndexPage",
    "NetworkPage",
    "Office",
    "OpeningHours",
    "Region",
]
