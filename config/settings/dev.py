"""Settings for a developer's machine and the demo: a signing key is made once and kept in the data folder."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from config.environment import is_set, read
from config.mail import CONSOLE
from config.settings.base import *  # noqa: F403 - settings build on one another
from config.settings.base import ALLOWED_HOSTS, DATA_DIR, SENDS_MAIL


def _secret_key(path: Path) -> str:
    """Return the key in `path`; the first process writes it, readable by the owner only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip() or get_random_secret_key()
    with os.fdopen(descriptor, "w") as file:
        key = get_random_secret_key()
        file.write(key)
    return key


SECRET_KEY = read("SECRET_KEY") if is_set("SECRET_KEY") else _secret_key(DATA_DIR / "secret-key")
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
if not SENDS_MAIL:
    EMAIL_BACKEND, MAIL_BACKEND = "core.mails.mailing.Waiting", CONSOLE
    SENDS_MAIL = WAGTAIL_PASSWORD_RESET_ENABLED = True
# Static files straight from the apps: no collectstatic before the demo starts.
WHITENOISE_USE_FINDERS = True
