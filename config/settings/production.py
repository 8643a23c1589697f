"""Settings of a real site: everything that must be set is checked at start, cookies travel by TLS only."""

from django.core.exceptions import ImproperlyConfigured

from config.environment import read
from config.mail import CONSOLE
from config.settings.base import *  # noqa: F403 - settings build on one another
from config.settings.base import ALLOWED_HOSTS, BASE_URL, DEBUG, EMAIL_BACKEND, STORAGES
from config.transport import hsts

SECRET_KEY = read("SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY must have at least 50 characters.")
if len(set(SECRET_KEY)) < 5:
    raise ImproperlyConfigured("SECRET_KEY repeats the same few characters; make one by chance.")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name hosts: with * anybody's links would bear any name.")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set: name the hosts that the site answers to.")
if DEBUG:
    raise ImproperlyConfigured("DEBUG must not be true in production.")
if EMAIL_BACKEND == CONSOLE:
    raise ImproperlyConfigured(
        "EMAIL_URL must not be console: in production, for links to new passwords would be in the log."
    )

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
SECURE_SSL_REDIRECT = BASE_URL.startswith("https://")
# Whoever watches asks the program itself, without TLS; visitors' requests are sent on by the proxy.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = hsts()
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "config.storage.StaticFiles"},
}
