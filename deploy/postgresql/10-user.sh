#!/usr/bin/env bash
# Run once by the image of PostgreSQL, when its volume is new: the site's own user, who owns its database and is no superuser.
set -euo pipefail
psql --quiet --set ON_ERROR_STOP=1 --set password="$(cat "${DATABASE_PASSWORD_FILE:-/run/secrets/database-password}")" \
  --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE fundus LOGIN PASSWORD :'password';
ALTER DATABASE fundus OWNER TO fundus;
REVOKE CONNECT ON DATABASE fundus FROM PUBLIC;
REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;
SQL
