"""Long streams, silent ones and connections of little age, behind proxies that terminate HTTP/2."""

import concurrent.futures
import time

import grpc
import ledger_pb2
import pytest

from interop import system
from interop.methods import GET_BALANCE, LIST_ENTRIES, RECORD_TRANSACTION, Method
from interop.proxies import NAMES, proxy

# Many messages, through programs that share a processor: a busy machine is no fault.
pytestmark = pytest.mark.timeout(300)

ENTRIES = 1_000
LISTS = 4
AGE_SECONDS = 1

WATCH = Method(
    "ledger.LedgerService/Watch",
    "payment",
    "ledger",
    ledger_pb2.Event,
    lambda: ledger_pb2.WatchRequest(after=ENTRIES),
    streams=True,
)


@pytest.fixture(scope="module")
def ledger():
    """A ledger with entries, whose connections grow old in a second."""
    ports = system.Ports.free()
    names = system.environment(ports, "ledger", CONNECTION_AGE=str(AGE_SECONDS))
    process = system.Process("ledger", ["serve", "--service", "ledger"], names)
    try:
        process.await_http(ports.ledger_health)
        with grpc.insecure_channel(ports.target("ledger")) as channel:
            with concurrent.futures.ThreadPoolExecutor(16) as pool:
                list(pool.map(lambda _: RECORD_TRANSACTION.call(channel, timeout=250), range(ENTRIES)))
        yield ports.ledger
    finally:
        process.kill()


@pytest.fixture(scope="module", params=("direct", *NAMES))
def target(request, ledger):
    if request.param == "direct":
        yield f"{system.HOST}:{ledger}"
    else:
        with proxy(request.param, ledger) as front:
            yield front


def test_lists_of_entries_are_whole(target):
    with grpc.insecure_channel(target) as channel:
        for _ in range(LISTS):
            entries = LIST_ENTRIES.call(channel, ledger_pb2.ListEntriesRequest(), timeout=250)
            assert [entry.sequence for entry in entries] == list(range(1, ENTRIES + 1))


def test_a_silent_watch_has_begun(target):
    with grpc.insecure_channel(target) as channel:
        metadata = (("authorization", f"Bearer {WATCH.token()}"),)
        call = WATCH.stub(channel)(WATCH.request(), timeout=30, metadata=metadata)
        assert call.initial_metadata() is not None
        assert call.is_active()
        call.cancel()


def test_old_connections_cost_no_call(target):
    """Calls one after the other, for as long as several connections live."""
    with grpc.insecure_channel(target) as channel:
        end = time.monotonic() + 5 * AGE_SECONDS
        while time.monotonic() < end:
            assert GET_BALANCE.call(channel, timeout=250).currency == "EUR"
