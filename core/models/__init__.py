"""The models that every app builds on; each has its own module."""

from core.models.mail import MailAllowance, OutgoingMail
from core.models.page import DRAFT_FIELDS, BasePage, may_name_people, saves_draft_alone
from core.models.site_settings import SiteSettings
from core.models.user import User
from core.models.version import VersionStep

__all__ = [
    "DRAFT_FIELDS",
    "BasePage",
    "MailAllowance",
    "OutgoingMail",
    "SiteSettings",
    "User",
    "VersionStep",
    "may_name_people",
    "saves_draft_alone",
]
