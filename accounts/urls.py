"""Addresses before the login is complete, and ours in place of Wagtail's where a password is typed.

They stand before Wagtail's own in `config.urls`: the same addresses, with brakes.
"""

from __future__ import annotations

from django.urls import path
from wagtail.documents.views import serve as wagtail_documents
from wagtail.views import authenticate_with_password

from accounts.views import new_password, second_factor, single_sign_on
from accounts.views.braked import braked
from accounts.views.login import AdminLogin, PasswordReset, PasswordResetConfirm, SiteLogin

urlpatterns = [
    path("admin/login/", AdminLogin.as_view()),
    path("admin/login/code/", second_factor.enter, name="accounts_code"),
    path("admin/login/second-factor/", second_factor.set_up, name="accounts_set_up"),
    path("admin/login/password/", new_password.choose, name="accounts_new_password"),
    path("admin/login/sso/", single_sign_on.leave, name="accounts_sso"),
    path("admin/login/sso/back/", single_sign_on.come_back, name="accounts_sso_back"),
    path("admin/password_reset/", PasswordReset.as_view()),
    path("admin/password_reset/confirm/<uidb64>/<token>/", PasswordResetConfirm.as_view()),
    path("_util/login/", SiteLogin.as_view()),
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        braked(authenticate_with_password),
    ),
    path(
        "documents/authenticate_with_password/<int:restriction_id>/",
        braked(wagtail_documents.authenticate_with_password),
    ),
]
