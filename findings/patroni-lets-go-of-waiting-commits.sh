#!/usr/bin/env bash
# Debian 12's patroni 3.0.2-1, postgresql-15, etcd-server 3.4; as root, in a network namespace of its own. synchronous_mode without
# synchronous_mode_strict. Patroni of the leader is killed, PostgreSQL runs on, the synchronous standby is stopped: a commit waits for
# it, as it should. Patroni is started again beside that PostgreSQL: its first act is to write a configuration without
# synchronous_standby_names and to reload it, and the commit is told COMMIT, without a warning; no standby has it. When another node
# leads by then, Patroni stops this server a tenth of a second later, and what was acknowledged is gone.
# Source: ConfigHandler.get_server_parameters with _synchronous_standby_names None; mended in Patroni 3.1.2 (pull request 2876).
# exit 1: it is let go of; exit 0: it waits on.
set -euo pipefail
[ "${INSIDE:-}" = 1 ] || INSIDE=1 exec unshare --net --pid --mount-proc --fork --kill-child bash -c '"$@"; exit $?' bash "$0"
ip link set lo up
W=$(mktemp -d); chmod 755 "$W"; trap 'rm -rf "$W" 2>/dev/null || true' EXIT
as() { setpriv --reuid=postgres --regid=postgres --init-groups env HOME=/tmp "$@"; }
sql() { psql -XAtq -h "$1" -U postgres -d postgres -c "$2"; }
until_true() { for _ in $(seq 300); do "$@" >/dev/null 2>&1 && return; sleep 0.2; done; echo "never: $*" >&2; exit 2; }
install -d -o postgres "$W/etcd" "$W/n1" "$W/n2"
as etcd --data-dir "$W/etcd/data" --enable-v2 >"$W/etcd.log" 2>&1 &
for n in 1 2; do
  cat >"$W/n$n.yml" <<YAML
scope: finding
name: n$n
restapi: {listen: "127.0.0.$n:8008", connect_address: "127.0.0.$n:8008"}
etcd: {host: "127.0.0.1:2379"}
bootstrap:
  dcs: {ttl: 8, loop_wait: 1, retry_timeout: 3, synchronous_mode: true}
postgresql:
  listen: 127.0.0.$n:5432
  connect_address: 127.0.0.$n:5432
  data_dir: $W/n$n/data
  bin_dir: /usr/lib/postgresql/15/bin
  pgpass: $W/n$n/pgpass
  parameters: {unix_socket_directories: $W/n$n}
  pg_hba: ["host all all all trust", "host replication all all trust"]
  authentication: {superuser: {username: postgres}, replication: {username: postgres}}
YAML
done
patroni() { as /usr/bin/patroni "$W/n$1.yml" >>"$W/n$1.log" 2>&1 & }
waits() { sql 127.0.0.1 "SELECT 1 / count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"; }
patroni 1; leader=$!
until_true sql 127.0.0.1 "SELECT 1"
patroni 2; follower=$!
until_true sql 127.0.0.1 "SELECT 1 / count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
sql 127.0.0.1 "CREATE TABLE paid (id int)"
kill -9 "$leader" "$follower"
kill -9 "$(head -1 "$W/n2/data/postmaster.pid")"
sql 127.0.0.1 "INSERT INTO paid VALUES (1)" >"$W/said" 2>&1 &
client=$!
until_true waits
sleep 2
kill -0 "$client" || { echo "it did not wait" >&2; exit 2; }
patroni 1
for _ in $(seq 100); do
  if ! kill -0 "$client" 2>/dev/null && wait "$client"; then
    echo "acknowledged with the standby away; PostgreSQL said: $(cat "$W/said" | head -c 200 | grep . || echo nothing)"
    exit 1
  fi
  sleep 0.1
done
echo "it waits on"
