"""Money that only one server knows of: each case leads a ledger to the brink of acknowledging it.

There is no Patroni: each case stops, kills and promotes two servers itself, and then looks for what was acknowledged.
"""

import contextlib
import signal
import threading
import time

from customers import ANSWER_SECONDS_MAX, Customer, acknowledged, await_progress, doubled, lost
from cluster import USER
from florin import Florin
from network import wait
from pair import PRIMARY, STANDBY, Pair
from secret import Secret

ASKS = 3
CUSTOMERS = 6
KILLS = 3
PAUSE = 0.01
# How long customers are left with the shorter journal.
SHORT_SECONDS = 8
AMOUNT = 500
FROZEN_SECONDS_MAX = 5


class Cases:
    def __init__(self, runtime, network, folder):
        self.runtime, self.network, self.folder = runtime, network, folder
        self.count = 0

    @contextlib.contextmanager
    def system(self, synchronous):
        """A pair of servers, and Florin beside it; `self.told` is who was told of single payments."""
        self.count += 1
        folder = self.folder / f"case{self.count}"
        self.pair = Pair(self.network, folder, synchronous)
        self.florin = Florin(self.runtime, self.network, folder, self.pair.url())
        self.told = Customer(self.florin.gateway, lambda: self.florin.token, "case", threading.Event())
        try:
            yield
        finally:
            self.florin.close()
            self.pair.close()

    def pay(self, key):
        """Asks once; what is acknowledged is noted."""
        status, answer = self.florin.pay(key, AMOUNT)
        self.named = answer.get("payment_id")
        if status == 200:
            self.told.acknowledged[answer["payment_id"]] = ("capture", AMOUNT)
        return status

    def judge(self, customers):
        entries = self.florin.entries(0)
        wrong = [f"LOST {sentence}" for sentence in lost(entries, customers)] + [f"DOUBLED {sentence}" for sentence in doubled(entries)]
        assert not wrong, f"{len(wrong)} wrong: {'; '.join(wrong[:3])}"

    def fail_over(self):
        self.pair.kill(PRIMARY)
        self.pair.start(STANDBY)
        self.pair.promote(STANDBY)

    # MARK: Cases

    def replay(self):
        """A restart shows transactions that never reached the standby (manual 15, 27.2.8.4); a replay of one is no proof."""
        with self.system(synchronous=True):
            self.pair.stop(STANDBY)
            statuses = [self.pay("replayed")]
            self.pair.stop(PRIMARY)
            self.pair.start(PRIMARY)
            seen = [self.florin.payment(self.named)[0]]
            statuses += [self.pay("replayed") for _ in range(ASKS)]
            seen += [self.florin.payment(self.named)[0] for _ in range(ASKS)]
            assert 200 not in seen, f"the payment was shown though only one server has it: {seen}"
            self.fail_over()
            self.judge([self.told])
            wait(lambda: self.pay("replayed") == 200, "the payment is made after all")
            self.judge([self.told])
            return f"without the standby it was answered with {statuses}, and shown with {seen}"

    def cancelled_wait(self):
        """A wait that somebody cancels ends with the tag COMMIT and a warning."""
        with self.system(synchronous=True):
            self.pair.stop(STANDBY)
            statuses = []
            paying = threading.Thread(target=lambda: statuses.append(self.pay("cancelled")))
            paying.start()
            waiting = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
            wait(lambda: self.pair.ask(PRIMARY, f"SELECT pid {waiting}"), "a commit waits for the standby")
            while paying.is_alive():
                self.pair.ask(PRIMARY, f"SELECT pg_cancel_backend(pid) {waiting}")
                time.sleep(0.1)
            paying.join(ANSWER_SECONDS_MAX)
            self.fail_over()
            self.judge([self.told])
            return f"it was answered with {statuses}"

    def abandoned_wait(self):
        """A server whose standbys are taken away from its file lets go of what waits for them, and warns nobody."""
        with self.system(synchronous=True):
            self.pair.stop(STANDBY)
            statuses = []
            paying = threading.Thread(target=lambda: statuses.append(self.pay("abandoned")))
            paying.start()
            wait(lambda: self.pair.ask(PRIMARY, "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"), "a commit waits for the standby")
            self.pair.ask(PRIMARY, "ALTER SYSTEM SET synchronous_standby_names = ''")
            self.pair.ask(PRIMARY, "SELECT pg_reload_conf()")
            # Patroni stops a primary that does not lead within a tenth of a second.
            time.sleep(0.1)
            self.fail_over()
            paying.join(ANSWER_SECONDS_MAX)
            self.judge([self.told])
            return f"it was answered with {statuses}"

    def commits_off(self):
        """`synchronous_commit` is turned off in the server's file, and reaches sessions that are open."""
        with self.system(synchronous=False):
            crowds = [self.killed(number) for number in range(KILLS)]
            self.judge([one for crowd in crowds for one in crowd])
            return f"{KILLS} kills, {sum(len(one.acknowledged) for crowd in crowds for one in crowd)} acknowledged"

    def killed(self, number):
        """Customers who pay until the server dies, whose file says off."""
        with self.paying(f"off{number}") as crowd:
            self.pair.ask(PRIMARY, "ALTER SYSTEM SET synchronous_commit = off")
            self.pair.ask(PRIMARY, "SELECT pg_reload_conf()")
            time.sleep(1)
            self.pair.kill(PRIMARY)
            self.pair.start(PRIMARY)
            self.pair.ask(PRIMARY, "ALTER SYSTEM RESET synchronous_commit")
        return crowd

    def lost_tail(self):
        """A standby that was away is promoted: its journal ends before what was acknowledged. Then the primary comes back."""
        with self.system(synchronous=False):
            with self.paying("tail") as crowd:
                self.pair.stop(STANDBY)
                await_progress(crowd)
                self.fail_over()
                end, statuses = time.monotonic() + SHORT_SECONDS, []
                while time.monotonic() < end:
                    statuses.append(self.pay(f"after-{len(statuses)}"))
                self.pair.kill(STANDBY)
                self.pair.start(PRIMARY)
            self.judge([self.told, *crowd])
            return f"on the shorter journal {len(statuses)} requests were answered with {sorted(set(statuses))}; none is lost on the longer one"

    def frozen_host(self):
        """The first host of the URL accepts connections and says nothing, for good; the second is promoted."""
        with self.system(synchronous=False), self.paying("frozen") as crowd:
            self.network.signal(PRIMARY, signal.SIGSTOP)
            self.pair.promote(STANDBY)
            first = self.seconds_to_progress(crowd)
            self.pair.ask(STANDBY, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{USER}'")
            again = self.seconds_to_progress(crowd)
            self.network.signal(PRIMARY, signal.SIGKILL)
            told = f"payments came {first:.1f} s after the promotion, and {again:.1f} s after every session was ended"
            assert max(first, again) <= FROZEN_SECONDS_MAX, f"{told}: it may take {FROZEN_SECONDS_MAX} s"
            return told

    def seconds_to_progress(self, crowd):
        """How long it takes until somebody is answered."""
        began, before = time.monotonic(), acknowledged(crowd)
        wait(lambda: acknowledged(crowd) > before, "a payment")
        return time.monotonic() - began

    def secret(self):
        """What deploy/kubernetes mounts is enough to connect over TLS."""
        secret = Secret(self)
        try:
            return secret.check()
        finally:
            secret.close()

    @contextlib.contextmanager
    def paying(self, name):
        """Customers who pay, each of whom had an answer before the block and is answered after it."""
        stopping = threading.Event()
        crowd = [Customer(self.florin.gateway, lambda: self.florin.token, f"{name}-{number}", stopping, PAUSE, PAUSE) for number in range(CUSTOMERS)]
        for customer in crowd:
            customer.start()
        try:
            await_progress(crowd)
            yield crowd
            await_progress(crowd)
        finally:
            stopping.set()
            for customer in crowd:
                customer.join(ANSWER_SECONDS_MAX)
        troubles = [customer.trouble or "never ended" for customer in crowd if customer.trouble or customer.is_alive()]
        assert not troubles, "; ".join(troubles[:3])

    ALL = {
        "the secret of deploy/kubernetes": secret,
        "a replay without the standby": replay,
        "a cancelled wait for the standby": cancelled_wait,
        "standbys that are taken away": abandoned_wait,
        "synchronous_commit off by a reload": commits_off,
        "a standby promoted without its tail": lost_tail,
        "a first host that is frozen": frozen_host,
    }
