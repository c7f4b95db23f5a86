"""What happens to a cluster: each event is told by a name, takes moments from `chance`, and says what it did.

An event ends when what it broke is whole again; that the cluster heals is waited for afterwards.
"""

import contextlib
import time

from cluster import ETCD, TTL, NODES
from network import wait

FAILOVER_SECONDS_MAX = 120


class Events:
    def __init__(self, cluster, chance):
        self.cluster, self.network, self.chance = cluster, cluster.network, chance
        self.said = ""

    def linger(self, seconds_max):
        time.sleep(self.chance.uniform(0, seconds_max))

    def await_other_leader(self, old):
        def another():
            return next((node for node in NODES if node != old and self.cluster.ask(node, "/primary")[0] == 200), None)

        wait(another, f"another leader than {old}", FAILOVER_SECONDS_MAX)
        return another()

    def leader(self):
        wait(self.cluster.leader, "a leader", FAILOVER_SECONDS_MAX)
        return self.cluster.leader()

    @contextlib.contextmanager
    def leader_away(self, undo):
        """The leader, of which the block takes away what `undo` gives back, when another leads or none will."""
        old = self.leader()
        try:
            yield old
            self.said = f"{old} to {self.await_other_leader(old)}"
            self.linger(TTL)
        finally:
            undo(old)

    # MARK: Events

    def kill_leader(self):
        """PostgreSQL and Patroni die together, as with their host; both come back."""
        with self.leader_away(self.cluster.start) as old:
            self.cluster.kill(old)
        return self.said

    def kill_postgres(self):
        """Patroni starts PostgreSQL again, or lets another node lead."""
        old = self.leader()
        self.cluster.kill(old, only="postgres")
        return old

    def kill_patroni(self):
        """PostgreSQL runs on without anybody who would stop it when another node leads: there is no watchdog."""
        with self.leader_away(self.cluster.start) as old:
            self.cluster.kill(old, only="patroni")
        return self.said

    def freeze_leader(self):
        """The host accepts connections and says nothing; it wakes up believing that it leads."""
        with self.leader_away(self.cluster.thaw) as old:
            self.cluster.freeze(old)
        return self.said

    def cut_leader_off(self):
        """Nothing reaches the leader, and nothing leaves it."""
        with self.leader_away(self.network.heal) as old:
            self.network.isolate(old)
        return self.said

    def cut_leader_from_cluster(self):
        """Clients still reach the leader; etcd and the other nodes do not."""
        with self.leader_away(self.network.heal) as old:
            self.network.isolate(old, [ETCD, *(node for node in NODES if node != old)])
        return self.said

    def switch_over(self):
        old, new = self.leader(), self.cluster.standby()
        self.cluster.switch_over(old, new)
        return f"{old} to {new}"

    def pause_etcd(self):
        """Without it no leader can prove that it still leads: it stops writing."""
        self.cluster.freeze(ETCD)
        time.sleep(TTL)
        self.linger(TTL)
        self.cluster.thaw(ETCD)
        return f"{self.leader()} leads afterwards"

    def kill_standby(self):
        standby = self.cluster.standby()
        self.cluster.kill(standby)
        self.linger(TTL)
        self.cluster.start(standby)
        return standby

    def freeze_standby(self):
        """Commits wait until the server gives the standby up, and Patroni names another."""
        standby = self.cluster.standby()
        self.cluster.freeze(standby)
        time.sleep(TTL)
        self.linger(TTL)
        self.cluster.thaw(standby)
        return standby

    KINDS = {
        "leader killed": kill_leader,
        "leader's PostgreSQL killed": kill_postgres,
        "leader's Patroni killed": kill_patroni,
        "leader frozen": freeze_leader,
        "leader cut off": cut_leader_off,
        "leader cut from the cluster": cut_leader_from_cluster,
        "switchover": switch_over,
        "etcd paused": pause_etcd,
        "standby killed": kill_standby,
        "standby frozen": freeze_standby,
    }
