"""A PostgreSQL cluster in synchronous mode: Patroni and PostgreSQL on a host for each node, etcd on one of its own.

Everything is Debian's, and runs as the user postgres; PostgreSQL refuses to run as root. Times are short (TTL), so that a
failover takes seconds; a real cluster's are three times as long, and nothing else about it differs. Two choices keep Patroni
3.0 from losing what was committed:

- The mode is strict. In the other one Patroni takes synchronous_standby_names away when it is started beside a PostgreSQL
  that ran on without it, and every commit that waited is told to be done.
- etcd is asked by its interface of version 2. By that of version 3, a leader that wakes up takes the lock from the node that
  was promoted meanwhile (Patroni 3.0.2; github.com/patroni/patroni/pull/2689).
"""

import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

import psycopg2

from network import wait

NODES = ["node1", "node2", "node3"]
ETCD = "etcd"
TTL, LOOP_WAIT, RETRY_TIMEOUT = 8, 1, 3
HEAL_SECONDS_MAX = 300
DATABASE, USER = "florin", "florin"
AS_POSTGRES = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "env", "HOME=/tmp", "LC_ALL=C.UTF-8"]
# A standby that says nothing holds commits back until the server gives it up: 60 s, unless this says otherwise. A standby
# comes back to a new leader, whose commits wait for one, after 5 s, unless this says otherwise.
PARAMETERS = {"wal_sender_timeout": "5s", "wal_receiver_timeout": "5s", "wal_retrieve_retry_interval": "500ms", "max_connections": 60, "shared_buffers": "32MB", "wal_keep_size": "256MB"}


def binaries():
    """The newest PostgreSQL of this machine."""
    return max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def owned(path):
    """Makes a folder that belongs to postgres, and to nobody else."""
    path.mkdir()
    path.chmod(0o700)
    shutil.chown(path, "postgres", "postgres")
    return path


class Cluster:
    def __init__(self, network, folder):
        self.network, self.folder = network, folder
        self.environment = {"PATH": f"{binaries()}:{os.environ['PATH']}"}
        self.processes = {}
        for host in [ETCD, *NODES]:
            network.add_host(host)
            owned(folder / host)
        self.start_etcd()
        for node in NODES:
            (folder / f"{node}.json").write_text(json.dumps(self.settings(node)))
        for node in NODES:
            self.start(node)
        wait(self.settled, "the cluster is whole", HEAL_SECONDS_MAX)
        administrator = self.administrator(self.leader())
        for statement in (f"CREATE ROLE {USER} LOGIN", f"CREATE DATABASE {DATABASE} OWNER {USER}"):
            administrator.execute(statement)

    def settings(self, node):
        address, folder = self.network.hosts[node], self.folder / node
        return {
            "scope": "florin",
            "name": node,
            "restapi": {"listen": f"{address}:8008", "connect_address": f"{address}:8008"},
            "etcd": {"host": f"{self.network.hosts[ETCD]}:2379"},
            "bootstrap": {
                "dcs": {
                    "ttl": TTL,
                    "loop_wait": LOOP_WAIT,
                    "retry_timeout": RETRY_TIMEOUT,
                    "synchronous_mode": True,
                    "synchronous_mode_strict": True,
                    "postgresql": {"use_pg_rewind": True, "parameters": PARAMETERS},
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
            },
            "postgresql": {
                "listen": f"{address}:5432",
                "connect_address": f"{address}:5432",
                "bin_dir": str(binaries()),
                "data_dir": str(folder / "data"),
                "pgpass": str(folder / "pgpass"),
                "parameters": {"unix_socket_directories": str(folder)},
                "pg_hba": ["local all all trust", "host all all all trust", "host replication all all trust"],
                "authentication": {"superuser": {"username": "postgres"}, "replication": {"username": "postgres"}},
                "remove_data_directory_on_rewind_failure": True,
                "remove_data_directory_on_diverged_timelines": True,
            },
        }

    # MARK: Processes

    def start_etcd(self):
        address = f"http://{self.network.hosts[ETCD]}"
        command = ["etcd", "--data-dir", str(self.folder / ETCD / "data"), "--listen-client-urls", f"{address}:2379", "--advertise-client-urls", f"{address}:2379", "--enable-v2"]
        command += ["--listen-peer-urls", f"{address}:2380", "--initial-advertise-peer-urls", f"{address}:2380", "--initial-cluster", f"default={address}:2380"]
        self.launch(ETCD, command)

    def start(self, node):
        """Starts Patroni, which starts PostgreSQL."""
        self.launch(node, ["patroni", str(self.folder / f"{node}.json")])

    def launch(self, host, command):
        with (self.folder / f"{host}.log").open("ab") as log:
            self.processes[host] = self.network.start(host, [*AS_POSTGRES, *command], self.environment, log)

    def kill(self, host, only=None):
        self.network.signal(host, signal.SIGKILL, only)
        if only != "postgres":
            self.processes[host].wait(10)

    def freeze(self, host):
        self.network.signal(host, signal.SIGSTOP)

    def thaw(self, host):
        self.network.signal(host, signal.SIGCONT)

    def switch_over(self, leader, candidate):
        """Hands the lead over, as an operator does."""
        command = ["patronictl", "--config-file", str(self.folder / f"{leader}.json"), "switchover", "florin", "--leader", leader, "--candidate", candidate, "--force"]
        done = subprocess.run(["ip", "netns", "exec", leader, *AS_POSTGRES, *command], env=self.environment, capture_output=True, text=True, timeout=60)
        assert "Successfully" in done.stdout, f"patronictl: {done.stdout.strip()[-200:]} {done.stderr.strip()[-200:]}"

    # MARK: What Patroni says

    def ask(self, node, path):
        """The status and the text of an answer of Patroni's REST API; 0 when there is none."""
        connection = http.client.HTTPConnection(self.network.hosts[node], 8008, timeout=1)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def members(self):
        """Every member as the cluster knows it; none when nobody answers."""
        for node in NODES:
            status, text = self.ask(node, "/cluster")
            if status == 200:
                return json.loads(text)["members"]
        return []

    def leader(self):
        """The node whose Patroni says that it leads; None when there is none."""
        return next((node for node in NODES if self.ask(node, "/primary")[0] == 200), None)

    def standby(self):
        """The synchronous standby."""
        return next((member["name"] for member in self.members() if member["role"] == "sync_standby"), None)

    def healed(self):
        """Whether there are a leader, a synchronous standby and another, all well; the leader itself is asked, too."""
        members = {member["role"]: member for member in self.members()}
        if sorted(members) != ["leader", "replica", "sync_standby"] or any(one["state"] not in ("running", "streaming") for one in members.values()):
            return False
        if len({one.get("timeline") for one in members.values()}) != 1:
            return False
        try:
            cursor = self.administrator(members["leader"]["name"])
            cursor.execute("SELECT application_name, sync_state = 'sync' FROM pg_stat_replication WHERE state = 'streaming'")
            return dict(cursor.fetchall()) == {members["sync_standby"]["name"]: True, members["replica"]["name"]: False}
        except psycopg2.Error:
            return False

    def settled(self):
        """Whether it is healed, and stays so for as long as Patroni may take to notice that it is not."""
        for _ in range(3):
            if not self.healed():
                return False
            time.sleep(LOOP_WAIT)
        return True

    # MARK: Clients

    def url(self):
        hosts = ",".join(f"{self.network.hosts[node]}:5432" for node in NODES)
        return f"postgresql://{USER}@{hosts}/{DATABASE}?target_session_attrs=read-write&connect_timeout=2"

    def administrator(self, node):
        """A cursor at a node whose statements are transactions of their own."""
        options = {"connect_timeout": 2, "tcp_user_timeout": 2_000, "keepalives_idle": 1, "keepalives_interval": 1, "keepalives_count": 2}
        connection = psycopg2.connect(host=self.network.hosts[node], port=5432, user="postgres", dbname="postgres", **options)
        connection.autocommit = True
        return connection.cursor()
