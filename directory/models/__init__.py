"""The records and page types of the directory; each has its own module."""

from directory.models.consultation import ConsultationPage, OpeningHours
from directory.models.members import Member
from directory.models.networks import NetworkDocument, NetworkPage
from directory.models.overviews import ConsultationIndexPage, NetworkIndexPage, PartnerIndexPage
from directory.models.partners import (
    PartnerPage,
    PartnerRow,
    PartnerTopic,
    public_partners_in,
    public_partners_of,
)
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
    "PartnerIndexPage",
    "PartnerPage",
    "PartnerRow",
    "PartnerTopic",
    "Region",
    "public_partners_in",
    "public_partners_of",
]
