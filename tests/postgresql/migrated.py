"""`python -m tests.postgresql.migrated`: all migrations on a real PostgreSQL, and a dump of what they made.

The state `migrated` of `tests/states.py`: both rings with PostgreSQL begin with it, and it is made anew after every
change of a program. As in docker-compose.yml the settings are those of a real site, whose user owns the database and is no
superuser: a migration that wants more fails here.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

import psycopg

from tests import states
from tests.postgresql import server

DUMP = "database.dump"

SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": secrets.token_hex(32),
    "ALLOWED_HOSTS": "localhost",
    "BASE_URL": "https://localhost",
}


def load(address: str) -> None:
    """Put the migrated database into an empty one, whose user then owns it."""
    dump = states.built(states.MIGRATED) / DUMP
    options = ("--no-owner", "--single-transaction", "--exit-on-error")
    server.run([_tool("pg_restore"), *options, f"--dbname={address}", dump], {})


def _tool(name: str) -> Path:
    programs = server.programs()
    assert programs is not None
    return programs / name


def main() -> None:
    """Migrate as the site's user and dump into the data folder."""
    with server.running(superuser="postgres") as address:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE ROLE fundus LOGIN")
            connection.execute("ALTER DATABASE fundus OWNER TO fundus")
        own = address.replace("//postgres@", "//fundus@")
        environment = {**os.environ, **SETTINGS, "DATABASE_URL": own}
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        server.run(migrate, {"cwd": states.ROOT, "env": environment})
        target = Path(os.environ["FUNDUS_DATA_DIR"]) / DUMP
        # Not packed: it is read more often than written.
        options = ("--format=custom", "--compress=0", "--no-owner", "--no-privileges")
        server.run([_tool("pg_dump"), *options, f"--file={target}", f"--dbname={own}"], {})


if __name__ == "__main__":
    main()
