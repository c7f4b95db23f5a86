"""A plain client at each node, which commits as often as it can: it tells when the cluster had a writable leader."""

import dataclasses
import threading
import time

import psycopg2

from cluster import NODES

PAUSE = 0.02
# A cluster that commits nothing for this long has no writable leader.
OUTAGE_SECONDS_MIN = 1.0


@dataclasses.dataclass
class Recovery:
    """The moment a leader could write again, or another could; how long none could before."""

    moment: float
    outage: float
    node: str


class Writes:
    def __init__(self, cluster):
        self.cluster = cluster
        self.commits = []
        self.stopping = threading.Event()
        cluster.administrator(cluster.leader()).execute("CREATE TABLE writes (count bigint); INSERT INTO writes VALUES (0)")
        for node in NODES:
            threading.Thread(target=self.write, args=(node,), daemon=True).start()

    def write(self, node):
        while not self.stopping.is_set():
            try:
                cursor = self.cluster.administrator(node)
                cursor.execute("SET log_min_messages = fatal")
                self.write_on(node, cursor)
            except psycopg2.Error:
                time.sleep(PAUSE)

    def write_on(self, node, cursor):
        """Commits until the connection is lost; a standby refuses, and is asked again."""
        while not self.stopping.is_set():
            try:
                cursor.execute("UPDATE writes SET count = count + 1")
                self.commits.append((time.monotonic(), node))
            except psycopg2.errors.ReadOnlySqlTransaction:
                pass
            time.sleep(PAUSE)

    def recoveries(self, since):
        """Every end of an outage since a moment, and every first commit on another node."""
        commits = sorted(self.commits)
        found = []
        for (before, old), (moment, node) in zip(commits, commits[1:]):
            if moment >= since and (moment - before >= OUTAGE_SECONDS_MIN or node != old):
                found.append(Recovery(moment, moment - before, node))
        return found
