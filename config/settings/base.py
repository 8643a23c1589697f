"""Settings shared by every environment; what may differ per installation is read in `config.environment`."""

from __future__ import annotations

import os
import re
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from config.embeddings import embeddings, embeddings_budget, models_dir
from config.environment import (
    BASE_DIR,
    data_dir,
    read,
    read_address,
    read_bool,
    read_choice,
    read_list,
    read_networks,
    read_number,
    read_size,
)
from config.mail import mail_settings
from config.private import keep_private
from config.search_engine import search_engine
from config.sqlite import Connection
from config.transport import security_contacts
from media.kinds import ENDINGS

# The vectors of a search are few: a second thread of numpy's, which is loaded after this, would spin while the first works.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

DATA_DIR = data_dir()
DEBUG = read_bool("DEBUG")
ALLOWED_HOSTS = read_list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = read_list("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "config.apps.FundusConfig",
    "demo",
    "home",
    "visitors",
    "exchange",
    "search",
    "library",
    "directory",
    "events",
    "news",
    "people",
    "content",
    "vocabularies",
    "media",
    "accounts",
    "core",
    "wagtail.api.v2",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.contrib.simple_translation",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "django_tasks",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",
]

# Middleware that adds headers comes first, so that others' redirects and error pages get them too.
MIDDLEWARE = [
    "core.versions.once_per_request",
    "accounts.watch.audit.audit",
    "config.http.language.in_its_language",
    "config.http.security.SecurityHeaders",
    "accounts.middleware.fence",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.http.bodies.SmallBodies",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.http.compression.CompressTexts",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.signed_in",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.http.redirects.RedirectMiddleware",
    "config.http.storing.NothingStored",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.site",
            ],
        },
    }
]

# SQLite: with Django's defaults one of two publishing processes fails with "database is locked";
# IMMEDIATE takes the write lock at the start of a transaction and waits for it instead.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON",
    "factory": Connection,
}


def _database() -> dict[str, Any]:
    url = read("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}"
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60))
    except (ValueError, KeyError):
        # Neither the value nor what is wrong with it is repeated: either may hold the password.
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read; use postgres://user:password@host:5432/name, special characters percent-encoded."
        ) from None
    if read("DATABASE_PASSWORD") and not database["PASSWORD"]:
        database["PASSWORD"] = read("DATABASE_PASSWORD")
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["CONN_MAX_AGE"] = 0
        database["OPTIONS"] = {**database.get("OPTIONS", {}), **SQLITE_OPTIONS}
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "core.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.validators.HardToGuess"},
]
PASSWORD_HASHERS = [
    "accounts.passwords.keyed.KeyedHasher",
    # Of accounts that have not logged in since the first came.
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# A link for a new password lies in a mailbox.
PASSWORD_RESET_TIMEOUT = 2 * 3600
AUTHENTICATION_BACKENDS = ["accounts.backends.Braked"]
SECOND_FACTOR_REQUIRED = read_bool("SECOND_FACTOR_REQUIRED")
SESSION_ENGINE = "accounts.sessions.store"
SESSION_IDLE_MINUTES = read_number("SESSION_IDLE_MINUTES", 1, 1440)
SESSION_HOURS = read_number("SESSION_HOURS", 1, 720)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
DEVICE_COOKIE_NAME = "fundus-browser"
LOGIN_LOG_DAYS = read_number("LOGIN_LOG_DAYS", 1, 3650)
LOGIN_ALERT = read_number("LOGIN_ALERT", 0, 100_000)
LOGIN_LOG_ADDRESS = read_bool("LOGIN_LOG_ADDRESS")
BEHIND_PROXY = False
CLIENT_ADDRESS_HEADER = read("CLIENT_ADDRESS_HEADER")
ADMIN_HOST = read("ADMIN_HOST").lower()
ADMIN_NETWORKS = read_networks("ADMIN_NETWORKS")
if ADMIN_HOST and ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(ADMIN_HOST)
OIDC_ISSUER = read("OIDC_ISSUER")
OIDC_CLIENT_ID = read("OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = read("OIDC_CLIENT_SECRET")
OIDC_CLAIM = read_choice("OIDC_CLAIM", ("email", "preferred_username"))
OIDC_LABEL = read("OIDC_LABEL")
if OIDC_ISSUER and not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET):
    raise ImproperlyConfigured("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.")
WAGTAILADMIN_USER_LOGIN_FORM = "accounts.forms.AdminLoginForm"
# The sections of ours ask for the present password.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False

# Where the password form of a page leads when the return address is not ours.
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "de"
# Each by its own name: whoever looks for it reads no other.
LANGUAGES = [("de", "Deutsch"), ("de-simple", "Leichte Sprache"), ("en", "English"), ("da", "Dansk")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
ACCEL_REDIRECT = read("ACCEL_REDIRECT")
if ACCEL_REDIRECT and not re.fullmatch(r"/[\w/-]*\w/", ACCEL_REDIRECT, re.ASCII):
    raise ImproperlyConfigured("ACCEL_REDIRECT must be a path with a slash at both ends, such as /_protected/.")
# What nginx sends must be readable for its user; otherwise for ours alone.
keep_private(DATA_DIR, is_passed_by_proxy=bool(ACCEL_REDIRECT))
FILE_UPLOAD_PERMISSIONS = 0o644 if ACCEL_REDIRECT else 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755 if ACCEL_REDIRECT else 0o700
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "config.storage.Media"},
    # No secret, and other servers may send them.
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}

if read_address("BASE_URL").scheme not in {"http", "https"} or not read_address("BASE_URL").hostname:
    raise ImproperlyConfigured("BASE_URL must be an address such as https://fundus.example.org.")
BASE_URL = read("BASE_URL").rstrip("/")
SECRET_KEY_FALLBACKS = read_list("SECRET_KEY_FALLBACKS")
SECURITY_CONTACTS = security_contacts()
SITE_NAME = read("SITE_NAME")
VOCABULARY_BASE_URI = read("VOCABULARY_BASE_URI")
if not VOCABULARY_BASE_URI.endswith("/"):
    raise ImproperlyConfigured("VOCABULARY_BASE_URI must end in a slash.")
OCR_LANGUAGES = read("OCR_LANGUAGES")
if not re.fullmatch(r"(?:[A-Za-z_]+(?:\+[A-Za-z_]+)*)?", OCR_LANGUAGES):
    raise ImproperlyConfigured("OCR_LANGUAGES must be languages of tesseract joined by +, such as deu+eng, or empty.")
READER = read("READER")
if not re.fullmatch(r"own:|unconfined:|unix:/.+", READER):
    raise ImproperlyConfigured("READER must be own:, unix:/path/of/a/socket or unconfined:.")
SEARCH_ENGINE = search_engine()
EMBEDDINGS = embeddings()
EMBEDDINGS_BUDGET = embeddings_budget()
MODELS_DIR = models_dir()
SEARCH_INDEX_DIR = DATA_DIR / "index"
SEARCH_COUNTS_DIR = DATA_DIR / "query-counts"
QUERY_COUNT_DAYS = read_number("QUERY_COUNT_DAYS", 1, 365)
CONSENT_GRACE_DAYS = read_number("CONSENT_GRACE_DAYS", 0, 3650)
# Beside the database and never in its backup: it says what a restored one must delete again.
DELETIONS_FILE = DATA_DIR / "deletions.jsonl"
# A page shown by an anonymous visitor sets no cookie: messages live in the session, which only the admin writes.
# The one exception is the form for the password of a page; its cookie protects the sending and ends with the browser.
CSRF_COOKIE_AGE = None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = OIDC_HOST_URL = f"{BASE_URL.partition('://')[0]}://{ADMIN_HOST}" if ADMIN_HOST else BASE_URL
WAGTAILIMAGES_IMAGE_MODEL = "media.Image"
WAGTAILDOCS_DOCUMENT_MODEL = "media.Document"
WAGTAILDOCS_EXTENSIONS = list(ENDINGS)
# The system's own list of types differs between machines.
WAGTAILDOCS_CONTENT_TYPES = {name: ending.content_type for name, ending in ENDINGS.items()}
WAGTAILDOCS_INLINE_CONTENT_TYPES = sorted({ending.content_type for ending in ENDINGS.values() if ending.is_shown})
WAGTAILDOCS_MAX_UPLOAD_SIZE = read_size("UPLOAD_LIMIT")
WAGTAILDOCS_DOCUMENT_FORM_BASE = "media.forms.DocumentForm"
UPLOAD_QUOTA = read_size("UPLOAD_QUOTA")
UPLOAD_FILES = read_number("UPLOAD_FILES", 1, 10_000_000)
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# Scaling unpacks a picture, at some ten bytes per pixel; 40 million are 8000 × 5000.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "media.forms.ImageForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
_ON_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "core.editing.admin_search" if _ON_SQLITE else "wagtail.search.backends.database"}
}
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Milliseconds after the last change. Publishing during the first save of a new page would create it twice;
# with Wagtail's half a second that hits everybody who types a title and presses the button.
WAGTAIL_AUTOSAVE_INTERVAL = 3000
# How fields show dates; they accept more (core.editing.dates).
WAGTAIL_DATE_FORMAT = "%d.%m.%Y"
WAGTAIL_DATETIME_FORMAT = "%d.%m.%Y %H:%M"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
# `format` is a field of event pages; responses are JSON whatever it says.
REST_FRAMEWORK = {"URL_FORMAT_OVERRIDE": None}
WAGTAILAPI_SEARCH_ENABLED = False
WAGTAILAPI_LIMIT_MAX = 100
WAGTAILREDIRECTS_AUTO_CREATE = True
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {"features": ["bold", "italic", "ul", "ol", "link", "document-link"]},
    }
}
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_TAGS_FROM_STRING = "core.editing.tags.split"
TAGGIT_STRING_FROM_TAGS = "core.editing.tags.join"
# Look up form field templates among the site's own first: the help of the tag fields is ours.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_HANDLERS = [
    "config.http.uploads.WhereTheyAreTaken",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
SILENCED_SYSTEM_CHECKS: list[str] = []


_MAIL = mail_settings()
globals().update(_MAIL)
MAIL_BACKEND: str = _MAIL["MAIL_BACKEND"]
SENDS_MAIL: bool = _MAIL["SENDS_MAIL"]

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.logs.LineFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "config.logs.JsonFormatter"},
    },
    "filters": {"mail": {"()": "config.logs.NoRefusedMails"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": read_choice("LOG_FORMAT", ("line", "json")),
            "filters": ["mail"],
        }
    },
    # A line per task state, Elasticsearch request or page that is not there would drown everything else; failures still show.
    # Elasticsearch's client would add a full traceback for every retry.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django_tasks": {"level": "WARNING"},
        # It would log the title of each page: that of a person may be a name, and no deletion reaches the log.
        "wagtail": {"level": "WARNING"},
        "elastic_transport": {"level": "WARNING"},
        # gunicorn has a handler of its own, which filters nothing.
        "gunicorn.error": {"handlers": ["stderr"], "propagate": False},
        "elastic_transport.transport": {"level": "ERROR"},
    },
    "root": {"handlers": ["stderr"], "level": read_choice("LOG_LEVEL", LOG_LEVELS)},
}
