"""What editors may do with pages, redirects, the settings of the site and mails that failed. The operator manages accounts."""

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from core.declared.roles import ALL, Rights, Role
from core.models import OutgoingMail, SiteSettings

RIGHTS: Rights = {
    Page: {
        Role.EDITORS: ("add", "change"),
        Role.CHIEF_EDITORS: ("add", "change", "publish", "bulk_delete", "lock", "unlock"),
    },
    Redirect: {Role.CHIEF_EDITORS: ALL},
    OutgoingMail: {Role.CHIEF_EDITORS: ("view", "change")},
    SiteSettings: {Role.CHIEF_EDITORS: ("change",)},
}
