"""What editors may do with pages, redirects and the settings of the site. The operator manages accounts."""

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from core.declared.roles import ALL, Rights, Role
from core.models import SiteSettings

RIGHTS: Rights = {
    Page: {
        Role.EDITORS: ("add", "change"),
        Role.CHIEF_EDITORS: ("add", "change", "publish", "bulk_delete", "lock", "unlock"),
    },
    Redirect: {Role.CHIEF_EDITORS: ALL},
    SiteSettings: {Role.CHIEF_EDITORS: ("change",)},
}
