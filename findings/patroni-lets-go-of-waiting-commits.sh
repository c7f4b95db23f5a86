#!/usr/bin/env bash
# Patroni 3.0.2 (PyPI), PostgreSQL 16.2 (PyPI: pgserver 0.1.4), etcd 3.4.23 (Debian 12's etcd-server); as root, in a network namespace.
# synchronous_mode without synchronous_mode_strict. Patroni of the leader is killed, PostgreSQL runs on, the synchronous standby is
# stopped: a commit waits for it, as it should. Patroni is started again beside that PostgreSQL: its first act is to write a
# configuration without synchronous_standby_names and to reload it, and the waiting commit is told COMMIT, without a warning: no standby
# has it. When another node leads by then, Patroni stops this server right after, and what was acknowledged is gone.
# Source: ConfigHandler.get_server_parameters with _synchronous_standby_names None; Patroni's pull request 2876.
# Exits 0 while the commit is let go of as described, 1 when it waits on.
set -euo pipefail
W=${W:-$(mktemp -d)}; chmod 755 "$W"
if [ "${INSIDE:-}" != 1 ]; then
  trap 'rm -rf "$W"' EXIT
  /usr/bin/python3 -m venv "$W/venv"
  "$W/venv/bin/pip" install -q 'patroni[etcd]==3.0.2' psycopg2-binary==2.9.9 'setuptools<81' 2>/dev/null
  "$W/venv/bin/pip" install -q --no-deps pgserver==0.1.4 2>/dev/null
  chmod -R a+rX "$W/venv"; (cd "$W"; chmod 777 .; apt-get download -qq etcd-server=3.4.23-4+b4 >/dev/null; chmod 755 .; dpkg -x etcd-server_*.deb etcd-server)
  INSIDE=1 W=$W unshare --net --pid --mount-proc --fork --kill-child bash "$0" && exit 0 || exit $?
fi
ip link set lo up
P=$(dirname "$(find "$W/venv" -path '*pginstall/bin/initdb')")
as() { setpriv --reuid=nobody --clear-groups env HOME=/tmp "$@"; }
sql() { "$P/psql" -XAtq -h "$1" -U postgres -d postgres -c "$2"; }
until_true() { for _ in $(seq 600); do "$@" >/dev/null 2>&1 && return; sleep 0.2; done; echo "never: $*" >&2; cat "$W"/*.log >&2; exit 2; }
install -d -o nobody "$W/data" "$W/n1" "$W/n2"
as "$W/etcd-server/usr/bin/etcd" --data-dir "$W/data/etcd" --enable-v2 >"$W/etcd.log" 2>&1 &
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
  bin_dir: $P
  pgpass: $W/n$n/pgpass
  parameters: {unix_socket_directories: $W/n$n}
  pg_hba: ["host all all all trust", "host replication all all trust"]
  authentication: {superuser: {username: postgres}, replication: {username: postgres}}
YAML
done
patroni() { as "$W/venv/bin/patroni" "$W/n$1.yml" >>"$W/n$1.log" 2>&1 & }
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
for _ in $(seq 150); do
  if ! kill -0 "$client" 2>/dev/null && wait "$client"; then
    echo "acknowledged with the standby away; PostgreSQL said: $(head -c 200 "$W/said" | grep . || echo nothing)"
    exit 0
  fi
  sleep 0.2
done
echo "it waits on"
exit 1
