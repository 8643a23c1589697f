"""Reading the text of attachments, in a child process that may fail in any way without harm.

Nothing here knows Django or the database, so that the child starts quickly and holds no secret. The one
file that the site itself uses is `process.py`; it starts the child, `__main__.py`.
"""
