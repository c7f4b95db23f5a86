"""Two PostgreSQL servers that nobody keeps: a primary and its standby, which a test stops, kills and promotes itself."""

import signal

import psycopg2

from cluster import AS_POSTGRES, DATABASE, USER, binaries, owned
from network import run, wait

PRIMARY, STANDBY = "primary", "standby"
SETTINGS = ["listen_addresses='*'", "unix_socket_directories=''", "max_connections=50", "shared_buffers=32MB", "logging_collector=off", "wal_keep_size=256MB", "hot_standby=on"]


class Pair:
    """`synchronous`: commits on the primary wait for the standby."""

    def __init__(self, network, folder, synchronous):
        self.network, self.folder = network, owned(folder)
        for host in (PRIMARY, STANDBY):
            if host not in network.hosts:
                network.add_host(host)
        self.do(PRIMARY, "initdb", "--pgdata", self.data(PRIMARY), "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--username=postgres", "--no-sync")
        self.write(PRIMARY, "postgresql.conf", [*SETTINGS, f"synchronous_standby_names='{STANDBY if synchronous else ''}'"])
        self.write(PRIMARY, "pg_hba.conf", ["host all all all trust", "host replication all all trust"])
        self.start(PRIMARY)
        source = f"host={network.hosts[PRIMARY]} user=postgres application_name={STANDBY}"
        self.do(STANDBY, "pg_basebackup", "--pgdata", self.data(STANDBY), "--dbname", source, "--write-recovery-conf", "--checkpoint=fast", "--no-sync")
        # Promoted, it has no standby of its own.
        self.write(STANDBY, "postgresql.conf", ["synchronous_standby_names=''"])
        self.start(STANDBY)
        wait(lambda: self.ask(PRIMARY, "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'"), "the standby streams")
        self.ask(PRIMARY, f"CREATE ROLE {USER} LOGIN")
        self.ask(PRIMARY, f"CREATE DATABASE {DATABASE} OWNER {USER}")

    def data(self, host):
        return str(self.folder / host)

    def write(self, host, name, lines):
        with open(f"{self.data(host)}/{name}", "a") as file:
            file.write("".join(f"{line}\n" for line in lines))

    def do(self, host, program, *arguments):
        """Runs a program of PostgreSQL on a host."""
        return self.run(host, str(binaries() / program), *arguments)

    def run(self, host, *command):
        """Runs a command as postgres on a host."""
        return run("ip", "netns", "exec", host, *AS_POSTGRES, *command)

    def start(self, host):
        self.do(host, "pg_ctl", "--pgdata", self.data(host), "--log", f"{self.data(host)}.log", "--wait", "--timeout=60", "start")

    def stop(self, host):
        self.do(host, "pg_ctl", "--pgdata", self.data(host), "--mode=fast", "--wait", "--timeout=60", "stop")

    def promote(self, host):
        self.do(host, "pg_ctl", "--pgdata", self.data(host), "--wait", "--timeout=60", "promote")

    def kill(self, host):
        self.network.signal(host, signal.SIGKILL)
        wait(lambda: not run("ip", "netns", "pids", host).stdout.split(), f"every process of {host} ended")

    def ask(self, host, statement):
        """The rows that a statement yields as the superuser; none when it yields nothing."""
        connection = psycopg2.connect(host=self.network.hosts[host], user="postgres", dbname="postgres", connect_timeout=5)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def url(self):
        hosts = ",".join(self.network.hosts[host] for host in (PRIMARY, STANDBY))
        return f"postgresql://{USER}@{hosts}/{DATABASE}?target_session_attrs=read-write&connect_timeout=2"

    def close(self):
        for host in (PRIMARY, STANDBY):
            self.network.signal(host, signal.SIGKILL)
