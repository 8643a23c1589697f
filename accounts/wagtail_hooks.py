"""What this app adds to the admin: the account's own pages, and what administrators see of all accounts."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy

from accounts.changes import given_by
from accounts.models import Login, SecondFactor
from accounts.panels import EmailPanel, PasswordPanel
from accounts.scripts import password_script
from accounts.views import own_sessions, second_factor
from core.declared.admin import Report
from core.models import User

hooks.register("register_account_settings_panel", EmailPanel)
hooks.register("register_account_settings_panel", PasswordPanel)


hooks.register("after_create_user", given_by)
hooks.register("after_edit_user", given_by)


@hooks.register("insert_global_admin_js")
def show_passwords() -> SafeString:
    """Load the script that shows what is typed into a password field, and about how strong a new one is."""
    return password_script()


@hooks.register("register_admin_urls")
def register_addresses() -> list[URLPattern]:
    """Add the pages for whoever is logged in."""
    return [
        path("account/second-factor/", second_factor.manage, name="accounts_manage"),
        path("account/sessions/", own_sessions.own_sessions, name="accounts_sessions"),
        path("users/<int:account_id>/second-factor/", second_factor.remove_of, name="accounts_remove_factor"),
    ]


@hooks.register("register_account_menu_item")
def second_factor_item(request: HttpRequest) -> dict[str, Any]:
    """Lead from the account to its second factor."""
    return {
        "url": reverse("accounts_manage"),
        "label": _t("Zweiter Faktor"),
        "help_text": _t("Ein Code aus einer App, zusätzlich zum Passwort: einrichten, neue Wiederherstellungscodes."),
    }


@hooks.register("register_account_menu_item")
def sessions_item(request: HttpRequest) -> dict[str, Any]:
    """Lead from the account to its sessions."""
    return {
        "url": reverse("accounts_sessions"),
        "label": _t("Sitzungen"),
        "help_text": _t("Wo Sie angemeldet sind; jede Sitzung lässt sich beenden."),
    }


@hooks.register("register_user_listing_buttons")
def remove_factor_button(user: User, request_user: User) -> list[Button]:
    """Offer administrators to remove the factor of somebody who has lost it."""
    if not request_user.is_superuser or not SecondFactor.objects.filter(account=user).exists():
        return []
    address = reverse("accounts_remove_factor", args=[user.pk])
    return [Button(_t("Zweiten Faktor entfernen"), address, icon_name="key", priority=30)]


class LoginReport(Report):
    """Attempts to log in and what changed by which one logs in, latest first."""

    name = "anmeldungen"
    header_icon = "key"
    page_title = _("Anmeldungen")
    permission_policy = ModelPermissionPolicy(Login)
    permission_required = "view"

    def get_queryset(self) -> QuerySet[Login]:
        """Return the log."""
        return Login.objects.select_related("account")

    @cached_property
    def columns(self) -> list[Column]:
        """Return the columns."""
        return [
            DateColumn("at", label=_("Zeit")),
            Column("account", label=_("Konto"), accessor=_account),
            Column("kind", label=_("Art"), accessor="get_kind_display"),
            Column("result", label=_("Ergebnis"), accessor="get_result_display"),
            NumberColumn("times", label=_("Anzahl")),
        ]


def _account(row: Login) -> str:
    return row.account.get_username() if row.account else _t("keines")


LoginReport.register(order=990)
