"""The addresses where passwords are typed: the admin's login, that of the site, and the way to a new password."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from wagtail.admin.views import account as wagtail_views

from accounts import devices, logins
from accounts.brakes import delays
from accounts.brakes.address import network_of
from accounts.brakes.delays import ADDRESS, RESET, Counted
from accounts.forms import SiteLoginForm
from accounts.models import Login
from accounts.scripts import password_script
from accounts.standing import Need, standing_of
from accounts.views.braked import please_wait

STATUS_BRAKED = 429
PLACES = {
    Need.CODE: "accounts_code",
    Need.SETUP: "accounts_set_up",
    Need.PASSWORD: "accounts_new_password",
}
"""Where a login goes on that lacks something."""


class _Door:
    """What both login pages share."""

    request: HttpRequest

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the form, or lead on whoever has only the second factor before them."""
        need = standing_of(request).need
        if need is not Need.NOTHING:
            name = PLACES[need]
            query = urlencode({"next": request.GET["next"]}) if request.GET.get("next") else ""
            return redirect(f"{reverse(name)}?{query}" if query else reverse(name))
        return super().get(request, *args, **kwargs)  # type: ignore[misc] # of the view beside

    def form_valid(self, form: Any) -> HttpResponse:
        """Log in, and know the browser next time if nothing is missing."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc] # of the view beside
        if standing_of(self.request).need is Need.NOTHING:
            devices.remember(self.request, response, form.get_user())
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again; to whoever has to wait with the status that says so to programs."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc] # of the view beside
        wait = getattr(self.request, "login_wait", 0)
        if wait:
            response.status_code = STATUS_BRAKED
            response["Retry-After"] = str(wait)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the way to single sign-on, if there is one."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc] # of the view beside
        context["password_script"] = password_script()
        context["sso_label"] = settings.OIDC_LABEL if settings.OIDC_ISSUER else ""
        return context


class AdminLogin(_Door, wagtail_views.LoginView):
    """Wagtail's page."""


class SiteLogin(_Door, auth_views.LoginView):
    """The page for what only certain accounts may see, in the look of the site."""

    template_name = "accounts/login.html"
    authentication_form = SiteLoginForm


class PasswordReset(wagtail_views.PasswordResetView):
    """Wagtail's page: two links for a mailbox, then one every quarter of an hour. Whether it has an account plays no part."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take an address, or say how long to wait."""
        mailbox = request.POST.get("email", "").strip().casefold()
        wait = delays.claim(Counted(RESET, mailbox), Counted(ADDRESS, network_of(request)))
        if wait:
            logins.record(request, Login.Kind.RESET, Login.Result.BRAKED)
            return please_wait(request, wait)
        logins.record(request, Login.Kind.RESET, Login.Result.RIGHT)
        response: HttpResponseBase = super().post(request, *args, **kwargs)
        return response


@method_decorator(never_cache, name="dispatch")
class PasswordResetConfirm(wagtail_views.PasswordResetConfirmView):
    """Wagtail's page: links that are none count, and whoever sets a password has shown that the mailbox is theirs."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check the link, unless too many were wrong."""
        whom = Counted(ADDRESS, network_of(request))
        wait = delays.claim(whom)
        if wait:
            return please_wait(request, wait)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if getattr(self, "validlink", False) or response.status_code == 302:
            delays.forgive(whom)
        else:
            logins.record(request, Login.Kind.RESET, Login.Result.WRONG)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        """Set the password, and let the browser be known."""
        response: HttpResponse = super().form_valid(form)
        # Told of the new password.
        devices.remember(self.request, response, self.user, is_told=True)
        return response
