"""What every app stands on; each model lives in the module of its subject."""

from core.models.page import BasePage
from core.models.site_settings import SiteSettings, settings_for
from core.models.user import User

__all__ = [
    "BasePage",
    "SiteSettings",
    "User",
    "settings_for",
]
