"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()

# What analysis needs takes a second: loaded once before gunicorn forks (with --preload) it is shared by all workers, and
# no reader waits for it.
from django.db import connections  # noqa: E402 - only now is Django set up

from people.due import catch_up_at_start  # noqa: E402 - only now is Django set up
from search.analysis.analysers import analyser  # noqa: E402 - only now is Django set up
from search.meaning.current import get_embedder  # noqa: E402 - as above

analyser("de").words("Förderung unbekanntesfremdwort")
# What can be shared of the model; its session is made in each process.
get_embedder()

# Before the first answer: a restored database may still show whom it must not.
catch_up_at_start()
# Processes that are forked from this one need connections of their own.
connections.close_all()

# What is loaded now stays: the collector need not scan it with every request, nor touch memory that the workers share.
# A page of hits makes some ten thousand objects, so it scans the rest less often than by default.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)
