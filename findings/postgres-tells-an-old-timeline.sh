#!/usr/bin/env bash
# PostgreSQL 16.2 (PyPI: pgserver 0.1.4), a primary and a standby that is promoted while some 30 MB wait to be checkpointed.
# pg_control_checkpoint(), the usual place to read a server's timeline, tells the old one for as long as the first checkpoint after
# the promotion takes, though the server takes writes; and IDENTIFY_SYSTEM and pg_walfile_name() tell the new one at once. A
# comparison of which server was promoted later must not rest on the control file. In recovery pg_walfile_name() fails (55000).
# Source: manual 16, 9.27.7 and 55.4; StartupXLOG (PerformRecoveryXLogAction) asks for the checkpoint and does not wait for it.
set -euo pipefail
W=$(mktemp -d); chmod 755 "$W"
trap 'for d in a b; do as "$P/pg_ctl" -D "$W/$d" -m immediate stop >/dev/null 2>&1 || true; done; rm -rf "$W"' EXIT
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=nobody --clear-groups env HOME=/ "$@"; else "$@"; fi; }
python3 -m venv "$W/venv"; "$W/venv/bin/pip" install -q --no-deps pgserver==0.1.4 2>/dev/null
P=$(dirname "$(find "$W/venv" -path '*pginstall/bin/initdb')")
mkdir "$W/a" "$W/b" "$W/run"; chmod 700 "$W/a" "$W/b"; [ "$(id -u)" != 0 ] || chown nobody "$W/a" "$W/b" "$W/run"
options="-c listen_addresses= -c unix_socket_directories=$W/run -c checkpoint_timeout=1h -c max_wal_size=4GB"
as "$P/initdb" -D "$W/a" -U u -A trust --no-sync >"$W/init" || { cat "$W/init"; exit 1; }
as "$P/pg_ctl" -D "$W/a" -l "$W/run/a" -w start -o "$options -p 5001" >/dev/null
as "$P/pg_basebackup" -h "$W/run" -p 5001 -U u -D "$W/b" -R --no-sync
as "$P/pg_ctl" -D "$W/b" -l "$W/run/b" -w start -o "$options -p 5002" >/dev/null
sql() { "$P/psql" -XAtq -h "$W/run" -p "$1" -U u postgres -v VERBOSITY=verbose -c "$2" 2>&1; }
sql 5001 "CREATE TABLE t AS SELECT i, repeat('x', 200) FROM generate_series(1, 100000) i"
until [ "$(sql 5002 "SELECT count(*) FROM pg_class WHERE relname = 't'")" = 1 ]; do sleep 0.1; done
{
  "$P/postgres" --version
  echo "in recovery: $(sql 5002 "SELECT pg_walfile_name(pg_last_wal_replay_lsn())" | grep -o '^ERROR: *[0-9]*')"
  sql 5002 "SELECT pg_promote()" >/dev/null
  echo "takes writes: $(sql 5002 "SELECT NOT pg_is_in_recovery()")"
  echo "pg_control_checkpoint: $(sql 5002 "SELECT timeline_id FROM pg_control_checkpoint()")"
  echo "pg_walfile_name: $(sql 5002 "SELECT left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)")"
  echo "IDENTIFY_SYSTEM: $("$P/psql" -XAtq "host=$W/run port=5002 user=u dbname=postgres replication=database" -c IDENTIFY_SYSTEM | cut -d'|' -f2)"
  sql 5002 "CHECKPOINT"
  echo "pg_control_checkpoint after it: $(sql 5002 "SELECT timeline_id FROM pg_control_checkpoint()")"
} | tee "$W/seen"
diff - "$W/seen" <<'SEEN' && echo "as described"
postgres (PostgreSQL) 16.2
in recovery: ERROR:  55000
takes writes: t
pg_control_checkpoint: 1
pg_walfile_name: 00000002
IDENTIFY_SYSTEM: 2
pg_control_checkpoint after it: 2
SEEN
