"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()

# The dictionaries take seconds and some hundred megabytes: loaded once before gunicorn forks (with
# --preload) they are shared by all workers, and no reader waits for them.
from search import german  # noqa: E402

german.analyse("Förderung unbekanntesfremdwort")
