"""Tell administrators by mail when far more is refused than people mistype: somebody is trying passwords, codes or rights."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import logins
from accounts.models import Login
from core.mails.mailing import notify
from core.models import User

LOOK_SECONDS = 10 * 60
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def look_for_attacks() -> int:
    """Tell once a day at most; return how many were told. The worker's job."""
    now = timezone.now()
    lately = Login.objects.filter(at__gt=now - HOUR).exclude(result=Login.Result.RIGHT)
    refused = lately.aggregate(all=Sum("times"))["all"] or 0
    if not settings.LOGIN_ALERT or refused < settings.LOGIN_ALERT:
        return 0
    if Login.objects.filter(kind=Login.Kind.ALERT, at__gt=now - DAY).exists():
        return 0
    logins.record(None, Login.Kind.ALERT, Login.Result.RIGHT)
    text = _(
        "In der letzten Stunde wurden %(count)s Anmeldungen, Codes oder Zugriffe abgelehnt. Vielleicht probiert jemand "
        "Passwörter aus. Der Bericht „Anmeldungen“ zeigt, bei welchen Konten:\n\n%(address)s\n\n"
        "Die nächste Nachricht dieser Art kommt frühestens in 24 Stunden."
    ) % {"count": refused, "address": settings.WAGTAILADMIN_BASE_URL + reverse("anmeldungen")}
    subject = _("%(site)s: viele abgelehnte Anmeldungen") % {"site": settings.SITE_NAME}
    told = User.objects.filter(is_superuser=True, is_active=True).exclude(email="")
    return sum(notify(account, subject, text) for account in told)
