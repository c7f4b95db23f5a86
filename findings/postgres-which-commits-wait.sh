#!/usr/bin/env bash
# PostgreSQL 16.2 (PyPI: pgserver 0.1.4), one server, a synchronous standby named that is away.
# A COMMIT waits for the standby only when its transaction wrote WAL *before* the commit record and has a transaction id.
# So a transaction that only reads, takes an advisory lock, assigns an id (pg_current_xact_id) or writes a non-transactional
# message is acknowledged from the primary alone, also when it read rows that no standby has; SELECT … FOR UPDATE waits.
# statement_timeout does not end the wait. A cancel ends it with the tag COMMIT, exit status 0 and WARNING 01000.
# Source: manual 16, 27.2.8; RecordTransactionCommit (wrote_xlog is read before the commit record is written) and
# finish_xact_command (the timer is stopped before the commit).
set -euo pipefail
W=$(mktemp -d); chmod 755 "$W"
trap 'as "$P/pg_ctl" -D "$W/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$W"' EXIT
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=nobody --clear-groups env HOME=/ "$@"; else "$@"; fi; }
python3 -m venv "$W/venv"; "$W/venv/bin/pip" install -q --no-deps pgserver==0.1.4 2>/dev/null
P=$(dirname "$(find "$W/venv" -path '*pginstall/bin/initdb')")
mkdir "$W/data" "$W/run"; [ "$(id -u)" != 0 ] || chown nobody "$W/data" "$W/run"
as "$P/initdb" -D "$W/data" -U u -A trust --no-sync >"$W/init" || { cat "$W/init"; exit 1; }
as "$P/pg_ctl" -D "$W/data" -l "$W/run/log" -w start -o "-c listen_addresses= -c unix_socket_directories=$W/run -c synchronous_standby_names=away" >/dev/null
sql() { "$P/psql" -XAtq -h "$W/run" -U u postgres -v VERBOSITY=verbose "$@"; }
sql -c "SET synchronous_commit = local; CREATE TABLE t (i int); INSERT INTO t VALUES (1)"
n=0
commit() { # prints whether the commit of BEGIN; $1; COMMIT waits, or is done
  n=$((n + 1))
  PGAPPNAME=a$n "$P/psql" -XAt -h "$W/run" -U u postgres -v VERBOSITY=verbose -c "BEGIN" -c "$1" -c "COMMIT" >"$W/out" 2>&1 &
  local client=$! row
  while kill -0 $client 2>/dev/null; do
    row=$(sql -c "SELECT pid FROM pg_stat_activity WHERE application_name = 'a$n' AND wait_event = 'SyncRep'")
    [ -z "$row" ] || break
    sleep 0.1
  done
  if [ -z "${row:-}" ]; then wait $client; echo "done : $1"; return; fi
  [ -z "${2:-}" ] || sleep "$2"
  echo "waits: $1"
  sql -c "SELECT pg_cancel_backend($row)" >/dev/null
  wait $client && echo "  cancelled: exit 0, $(grep -o 'WARNING:  [0-9]*' "$W/out"), $(tail -n 1 "$W/out")"
}
{
  "$P/postgres" --version
  commit "SELECT count(*) FROM t"
  commit "SELECT pg_advisory_xact_lock(1)"
  commit "SELECT pg_current_xact_id() IS NOT NULL"
  commit "SELECT pg_logical_emit_message(false, 'a', 'b') IS NOT NULL"
  commit "INSERT INTO t SELECT 1 WHERE false"
  commit "SELECT i FROM t FOR UPDATE"
  commit "SELECT pg_logical_emit_message(true, 'a', 'b') IS NOT NULL"
  commit "SET LOCAL statement_timeout = '200ms'; INSERT INTO t VALUES (2)" 2
  echo "rows that everybody sees: $(sql -c 'SELECT count(*) FROM t')"
} | tee "$W/seen"
diff - "$W/seen" <<'SEEN' && echo "as described"
postgres (PostgreSQL) 16.2
done : SELECT count(*) FROM t
done : SELECT pg_advisory_xact_lock(1)
done : SELECT pg_current_xact_id() IS NOT NULL
done : SELECT pg_logical_emit_message(false, 'a', 'b') IS NOT NULL
done : INSERT INTO t SELECT 1 WHERE false
waits: SELECT i FROM t FOR UPDATE
  cancelled: exit 0, WARNING:  01000, COMMIT
waits: SELECT pg_logical_emit_message(true, 'a', 'b') IS NOT NULL
  cancelled: exit 0, WARNING:  01000, COMMIT
waits: SET LOCAL statement_timeout = '200ms'; INSERT INTO t VALUES (2)
  cancelled: exit 0, WARNING:  01000, COMMIT
rows that everybody sees: 2
SEEN
