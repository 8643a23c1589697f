"""Settings of the tests: fast password hashing, a data folder per test process, no mail, no worker."""

import os
import tempfile

# Before base is read: tests must never touch a developer's data folder.
os.environ["FUNDUS_DATA_DIR"] = tempfile.mkdtemp(prefix="fundus-test-")
# By words only: a test of meaning says which model it wants.
os.environ["EMBEDDINGS"] = ""

from config.settings.base import *  # noqa: F403 - settings build on one another
from config.settings.base import DATABASES

SECRET_KEY = "only-for-tests-" + "x" * 50
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SENDS_MAIL = WAGTAIL_PASSWORD_RESET_ENABLED = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: threads and second processes must see the same database.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["FUNDUS_DATA_DIR"], "test.sqlite3")}
