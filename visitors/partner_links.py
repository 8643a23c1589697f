"""Ask for the links by which a partner changes or withdraws its profile: they go to the mailbox of the profile, to nobody else."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from directory.models import PartnerPage
from directory.partners.care import ask_for_links
from directory.partners.listing import known_partner
from visitors.sending.guarded import Guard, guarded


@guarded("partner_links")
def partner_links(request: HttpRequest, guard: Guard) -> HttpResponse:
    """Show a page with a button, or have the mail sent; the answer is the same whether or not one is.

    404 for a partner that visitors may not see.
    """
    sent = request.POST if request.method == "POST" else request.GET
    wanted = sent.get("partner", "")
    partner = known_partner(int(wanted), timezone.now()) if wanted.isascii() and wanted.isdigit() else None
    if partner is None:
        raise Http404("no such partner")
    context = {"partner": partner, "guard": guard, "is_sent": request.method == "POST" and not guard.problem}
    if context["is_sent"]:
        ask_for_links(get_object_or_404(PartnerPage, pk=partner.id))
    return render(request, "visitors/partner_links.html", context, status=400 if guard.problem else 200)
