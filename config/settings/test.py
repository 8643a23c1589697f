"""Settings of the tests: fast password hashing, a data folder per test process, no mail, no worker."""

import os
import shutil
import tempfile

# Databases and indexes flush at each commit, and tests throw away what they wrote: where memory can be had as a
# folder, nobody waits for a disk. It is the name by which pytest knows the root of its temporary folders.
if os.access(_memory := "/dev/shm", os.W_OK) and shutil.disk_usage(_memory).free > 2 * 1024**3:  # noqa: S108 - what is made there gets a name nobody knows
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", _memory)

# Before base is read: tests must never touch a developer's data folder.
os.environ["FUNDUS_DATA_DIR"] = tempfile.mkdtemp(prefix="fundus-test-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
# By words only: a test of meaning says which model it wants.
os.environ["EMBEDDINGS"] = ""

from config.settings.base import *  # noqa: F403 - settings build on one another
from config.settings.base import DATABASES

SECRET_KEY = "only-for-tests-" + "x" * 50
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SENDS_MAIL = WAGTAIL_PASSWORD_RESET_ENABLED = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: threads and second processes must see the same database.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["FUNDUS_DATA_DIR"], "test.sqlite3")}
