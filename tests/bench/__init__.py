"""`make bench`: what the pipeline adds to the bare engine, and how Wagtail's own search compares."""
