"""Customers who never give up, and the judgement of the books after them: what the failure tests outside Swift share.

A customer pays, and refunds a part of every third payment; each request has an Idempotency-Key and is asked again until
it is answered. `judge` then looks for every acknowledged operation in the journal.
"""

import collections
import http.client
import json
import threading
import time
import urllib.parse

ANSWER_SECONDS_MAX = 120
PROGRESS_SECONDS_MAX = 60


class Customer(threading.Thread):
    """Pays, and refunds a part of every third payment; asks again until each is answered."""

    def __init__(self, gateway, token, number, stopping, pause=0.0, retry_pause=0.005):
        """`gateway` is a host and a port, `token` a function: credentials may change."""
        super().__init__(daemon=True)
        self.gateway, self.token, self.number, self.stopping = gateway, token, number, stopping
        self.pause, self.retry_pause = pause, retry_pause
        self.acknowledged = {}
        self.asked_again = 0
        # What kept a request from its answer at first, by its kind.
        self.failures = collections.Counter()
        self.slowest = 0.0
        self.trouble = None
        self.connection = None

    def run(self):
        try:
            count = 0
            while not self.stopping.is_set():
                count += 1
                time.sleep(self.pause)
                amount = 100 + count % 900
                answer = self.ask("/pay", {"order_id": f"{self.number}-{count}", "amount": amount}, f"p-{self.number}-{count}")
                self.acknowledged[answer["payment_id"]] = ("capture", amount)
                if count % 3 == 0:
                    answer = self.ask("/refund", {"payment_id": answer["payment_id"], "amount": 7}, f"r-{self.number}-{count}")
                    self.acknowledged[answer["refund_id"]] = ("refund", 7)
        except Exception as error:  # noqa: BLE001 - told at the end
            self.trouble = repr(error)

    def ask(self, path, fields, key):
        body = urllib.parse.urlencode(fields)
        began = time.monotonic()
        while time.monotonic() < began + ANSWER_SECONDS_MAX:
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection(*self.gateway, timeout=40)
                headers = {"Authorization": f"Bearer {self.token()}", "Idempotency-Key": key, "Content-Type": "application/x-www-form-urlencoded"}
                self.connection.request("POST", path, body, headers)
                response = self.connection.getresponse()
                answer = json.loads(response.read())
                self.heard(path, response.status, answer.get("code"))
                if response.status == 200:
                    self.slowest = max(self.slowest, time.monotonic() - began)
                    return answer
                if not answer.get("retryable"):
                    raise RuntimeError(f"{path} {key}: {response.status} {answer}")
                self.failures[f"{response.status} {answer.get('code')}"] += 1
            except json.JSONDecodeError:
                # A proxy's own page.
                self.heard(path, response.status, "no document")
                self.failures[str(response.status)] += 1
            except (OSError, http.client.HTTPException) as error:
                self.heard(path, None, "no answer")
                self.failures[type(error).__name__] += 1
                self.connection = None
            self.asked_again += 1
            time.sleep(self.retry_pause)
        raise RuntimeError(f"{path} {key}: no answer in {ANSWER_SECONDS_MAX} s")

    def heard(self, path, status, code):
        """Is told of every answer, and of every request without one; for tests that measure."""


def acknowledged(customers):
    return sum(len(customer.acknowledged) for customer in customers)


def await_progress(customers):
    """Waits until each customer has had an answer, on the average."""
    wanted, end = acknowledged(customers) + len(customers), time.monotonic() + PROGRESS_SECONDS_MAX
    while acknowledged(customers) < wanted and time.monotonic() < end:
        if any(customer.trouble for customer in customers):
            return
        time.sleep(0.005)


def spread(counts, seconds_max):
    """Waits until the growth of every one of `counts()` within a second is a fifth of all, and returns the shares in percent."""
    end, before = time.monotonic() + seconds_max, counts()
    while True:
        time.sleep(1)
        after = counts()
        grown = [new - old for old, new in zip(before, after)]
        shares = [round(100 * one / max(1, sum(grown))) for one in grown]
        if min(shares) >= 20:
            return shares
        if time.monotonic() > end:
            raise AssertionError(f"traffic does not spread within {seconds_max} s: {shares} %")
        before = after


def lost(entries, customers):
    """The sentences of acknowledged operations that are not in the journal as they were told."""
    recorded = {entry["id"]: (entry["kind"], entry["amount"]) for entry in entries}
    told = {name: what for customer in customers for name, what in customer.acknowledged.items()}
    return [f"{name} was acknowledged as {what}, and is {recorded.get(name)}" for name, what in told.items() if recorded.get(name) != what]


def doubled(entries):
    """The sentences of operations that are in the journal more than once, acknowledged or not.

    Customers pay each order once and refund each payment once at most: a second id for either is a double, too.
    """
    counts = collections.Counter(entry["id"] for entry in entries)
    counts.update(f"order {entry['order_id']}" for entry in entries if "order_id" in entry)
    counts.update(f"a refund of {entry['payment_id']}" for entry in entries if entry["kind"] == "refund")
    return [f"{name} is there {count} times" for name, count in counts.items() if count > 1]


def judge(command, customers):
    """The sentences of all that is wrong; `command` runs a `runtime` with arguments beside the books."""
    wrong = []
    verified = command("ledger", "verify")
    if verified.returncode != 0:
        wrong.append(f"verify: {verified.stderr.strip()}")
    exported = command("ledger", "export")
    if exported.returncode != 0:
        wrong.append(f"export: {exported.stderr.strip()}")
    entries = [json.loads(line) for line in exported.stdout.splitlines()]
    wrong += doubled(entries) + lost(entries, customers)
    balances = collections.Counter()
    for line in command("ledger", "balances").stdout.splitlines()[1:]:
        currency, _, _, _, balance = line.split()
        balances[currency] += int(balance)
    wrong += [f"the balances in {currency} add up to {total}" for currency, total in balances.items() if total != 0]
    if not balances:
        wrong.append("there are no balances")
    print(f"{len(entries)} entries, {acknowledged(customers)} acknowledged; {verified.stdout.strip().splitlines()[:1]}")
    return wrong
