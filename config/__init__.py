"""Settings, addresses and what every process of the site begins with."""

import os

# The vectors of a search are few: a second thread of numpy's would spin for as long as the first one works.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
