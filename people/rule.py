"""The one rule: everybody whom a page names must have consented to this page, under this name, for this use, now."""

from __future__ import annotations

import datetime
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from core.declared.people.consent import ON_SITE, Entry, Scope, Standing, earliest
from people.models import Consent

FOREVER = datetime.datetime.max.replace(tzinfo=datetime.UTC)


def same(name: str) -> str:
    """Return a name as it is compared: spaces, letter case and forms of Unicode do not matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def standing(page_id: int | None, names: Sequence[str], scopes: Collection[Scope] = ON_SITE) -> Standing:
    """Return whether a page may show people under these names in one of the scopes, and until when.

    Two people of one name need two consents. Of several for one person the one that lasts longest counts.
    """
    now = timezone.now()
    given: defaultdict[str, list[Consent]] = defaultdict(list)
    for consent in consents_for(page_id):
        given[same(consent.chosen_name)].append(consent)
    refusals, ends = [], []
    for name, people in Counter(same(name) for name in names).items():
        shown = next(one for one in names if same(one) == name)
        holding = sorted((one.ends_at or FOREVER for one in given[name] if one.holds_at(now, scopes)), reverse=True)
        if len(holding) < people:
            refusals.append(_refusal(page_id, shown, given[name], now, scopes))
        else:
            ends.append(holding[people - 1])
    return Standing(tuple(refusals), earliest(*(end for end in ends if end != FOREVER)))


def consents_for(page_id: int | None) -> list[Consent]:
    """Return the consents for a page, and for the page that it is an alias of."""
    if page_id is None:
        return []
    shown = Q(pages__page=page_id) | Q(pages__page__aliases=page_id)
    return list(Consent.objects.filter(shown).distinct())


def entries(page_id: int | None) -> list[Entry]:
    """Return what editors see of the consents for a page."""
    return [
        Entry(consent.chosen_name, consent.state, reverse("einverstaendnisse:edit", args=[consent.pk]))
        for consent in consents_for(page_id)
    ]


def add_url(page_id: int, name: str = "") -> str:
    """Return the address of the form of a new consent, filled in as far as possible."""
    return f"{reverse('einverstaendnisse:add')}?{urlencode({'page': page_id, 'name': name})}"


def _refusal(
    page_id: int | None, name: str, given: Sequence[Consent], now: datetime.datetime, scopes: Collection[Scope]
) -> str:
    """Return why somebody may not be shown, and what to do."""
    if page_id is None:
        return _(
            "„%(name)s“: Es liegt noch kein Einverständnis vor. Bitte speichern Sie die Seite als Entwurf, tragen das "
            "Einverständnis ein und veröffentlichen dann."
        ) % {"name": name}
    return _("„%(name)s“: %(why)s") % {"name": name, "why": _why(given, now, scopes)}


def _why(given: Sequence[Consent], now: datetime.datetime, scopes: Collection[Scope]) -> str:
    if not given:
        return _("Für diese Seite liegt kein Einverständnis unter diesem Namen vor.")
    if any(one.holds_at(now, scopes) for one in given):
        return _("Unter diesem Namen stehen mehr Personen auf der Seite, als ihr Einverständnis gegeben haben.")
    last = max(given, key=lambda one: one.ends_at or FOREVER)
    if last.withdrawn_at:
        return _("Das Einverständnis wurde am %(day)s widerrufen.") % {
            "day": formats.date_format(timezone.localtime(last.withdrawn_at), "j. F Y")
        }
    if last.valid_until and last.ends_at and last.ends_at <= now:
        return _("Das Einverständnis ist am %(day)s abgelaufen.") % {
            "day": formats.date_format(last.valid_until, "j. F Y")
        }
    if not last.covers(scopes):
        if Scope.SITE in scopes:
            return _("Das Einverständnis gilt nicht für diese Website.")
        return _("Das Einverständnis gilt nicht für Druck oder Ausstellung.")
    return _("Das Einverständnis gilt noch nicht.")
