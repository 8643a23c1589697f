"""Settings of a real site: everything that must be set is checked at start, cookies travel by TLS only."""

from django.core.exceptions import ImproperlyConfigured

from config.environment import read, read_bool
from config.mail import CONSOLE
from config.settings.base import *  # noqa: F403 - settings build on one another
from config.settings.base import ALLOWED_HOSTS, BASE_URL, DEBUG, DEVICE_COOKIE_NAME, MAIL_BACKEND, READER, STORAGES
from config.transport import hsts

SECRET_KEY = read("SECRET_KEY")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    raise ImproperlyConfigured("SECRET_KEY must have at least 50 characters, drawn by chance.")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set: name the hosts that the site answers to.")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts: any other would get into links that the site makes.")
if DEBUG:
    raise ImproperlyConfigured("DEBUG must not be true in production.")
if READER == "unconfined:":
    raise ImproperlyConfigured("READER must not be unconfined: in production, for files come from strangers.")
if MAIL_BACKEND == CONSOLE:
    raise ImproperlyConfigured(
        "EMAIL_URL must not be console: in production, for links to new passwords would be in the log."
    )

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
BEHIND_PROXY = True
SECOND_FACTOR_REQUIRED = not read("SECOND_FACTOR_REQUIRED") or read_bool("SECOND_FACTOR_REQUIRED")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
if SESSION_COOKIE_SECURE:
    # Browsers take such a cookie only from this very host, by TLS, for all paths: no other host can plant one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    DEVICE_COOKIE_NAME = f"__Host-{DEVICE_COOKIE_NAME}"
SECURE_SSL_REDIRECT = BASE_URL.startswith("https://")
# Whoever watches asks the program itself, without TLS; visitors' requests are sent on by the proxy.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = hsts()
STORAGES = {
    **STORAGES,
    "staticfiles": {**STORAGES["staticfiles"], "BACKEND": "config.storage.StaticFiles"},
}
