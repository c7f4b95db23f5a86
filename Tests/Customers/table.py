"""A failure test as a table: a line for each step, customers who pay while it breaks something."""

import contextlib
import threading
import time

from customers import ANSWER_SECONDS_MAX, Customer, acknowledged, await_progress

CUSTOMERS = 8
PAUSE = 0.01


class Table:
    """`gateway` is a host and a port, `token` a function; `await_healthy` returns when all is as before a fault."""

    def __init__(self, gateway, token, await_healthy):
        self.gateway, self.token, self.await_healthy = gateway, token, await_healthy
        self.everybody = []
        self.failures = 0

    def step(self, name, body):
        began = time.monotonic()
        try:
            seen, mark = body() or "", "ok"
        except Exception as error:  # noqa: BLE001 - a line of the table
            seen, mark = f"{type(error).__name__}: {error}", "FAILED"
            self.failures += 1
        print(f"{mark:6} {time.monotonic() - began:6.1f} s  {name}: {seen}", flush=True)

    def customer(self, name, stopping):
        return Customer(self.gateway, self.token, name, stopping, PAUSE)

    @contextlib.contextmanager
    def customers(self, name):
        """Customers pay for as long as the block takes, and once all is healthy again, each has had an answer."""
        stopping = threading.Event()
        crowd = [self.customer(f"{name.replace(' ', '-')}-{number}", stopping) for number in range(CUSTOMERS)]
        self.everybody += crowd
        for customer in crowd:
            customer.start()
        try:
            await_progress(crowd)
            yield crowd
            self.await_healthy()
            await_progress(crowd)
        finally:
            stopping.set()
            for customer in crowd:
                customer.join(ANSWER_SECONDS_MAX)
        troubles = [customer.trouble or "never ended" for customer in crowd if customer.trouble or customer.is_alive()]
        assert not troubles, "; ".join(troubles[:3])

    def under_load(self, name, body):
        """A step that breaks something while customers pay."""

        def step():
            with self.customers(name) as crowd:
                said = body()
            again, slowest = sum(one.asked_again for one in crowd), max(one.slowest for one in crowd)
            told = f"{acknowledged(crowd)} acknowledged, 0 failed, {again} asked again, the slowest took {slowest:.1f} s"
            return f"{said}; {told}" if said else told

        self.step(name, step)
