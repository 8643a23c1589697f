"""Settings for a developer's machine and the demo: a signing key is made once and kept in the data folder."""

from django.core.management.utils import get_random_secret_key

from config.environment import is_set, read
from config.mail import CONSOLE
from config.settings.base import *  # noqa: F403 - settings build on one another
from config.settings.base import ALLOWED_HOSTS, DATA_DIR, SENDS_MAIL
from core.running.private_files import first

SECRET_KEY = (
    read("SECRET_KEY")
    if is_set("SECRET_KEY")
    else first(DATA_DIR / "secret-key", lambda: get_random_secret_key().encode()).decode().strip()
)
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
if not SENDS_MAIL:
    EMAIL_BACKEND, MAIL_BACKEND = "core.mails.mailing.Waiting", CONSOLE
    SENDS_MAIL = WAGTAIL_PASSWORD_RESET_ENABLED = True
# Static files straight from the apps: no collectstatic before the demo starts.
WHITENOISE_USE_FINDERS = True
