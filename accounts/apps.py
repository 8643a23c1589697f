"""Accounts of editors: how they log in, how long that lasts, and what a stranger cannot do about it."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Logins, second factors, sessions."""

    name = "accounts"
    verbose_name = "Konten"

    def ready(self) -> None:
        """Listen for logins and changes of accounts, and register the worker's jobs."""
        from django.contrib.auth.signals import user_logged_in, user_login_failed
        from django.db.models.signals import post_save, pre_save

        from accounts import changes, checks, logins  # noqa: F401 - checks register themselves
        from accounts.brakes import delays
        from accounts.models import AccountSession, Brake
        from accounts.sessions import limits
        from accounts.watch import alerts
        from core.declared import sensitive
        from core.models import User
        from core.running.jobs import register
        from core.running.restoring import never_put_back

        user_logged_in.connect(logins.on_login, dispatch_uid="accounts.login")
        user_login_failed.connect(logins.on_refusal, dispatch_uid="accounts.refusal")
        pre_save.connect(changes.note_address, sender=User, dispatch_uid="accounts.address")
        post_save.connect(changes.tell_old_address, sender=User, dispatch_uid="accounts.address_told")
        for name in ("wagtailusers_users", "anmeldungen", "e-mails"):
            sensitive.declare(name)
        never_put_back(AccountSession, Brake)
        register("expired_sessions", limits.HOUR_SECONDS, limits.forget_expired)
        register("login_brakes", limits.HOUR_SECONDS, delays.forget_old)
        register("login_alerts", alerts.LOOK_SECONDS, alerts.look_for_attacks)
        register("login_retention", logins.DAY_SECONDS, logins.forget_old)
