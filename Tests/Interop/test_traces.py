"""The spans of payments, from one process each, as a collector that is not ours receives them."""

import json
import re
import secrets
import threading
import time

import grpc
import pytest
from opentelemetry.proto.trace.v1 import trace_pb2

from interop import system, tokens
from interop.admin import admins, front  # noqa: F401: fixtures are used by their names
from interop.collector import EXPORT, Collector
from interop.curl import Gateway
from interop.methods import fresh
from interop.waiting import until

SERVER, CLIENT = trace_pb2.Span.SPAN_KIND_SERVER, trace_pb2.Span.SPAN_KIND_CLIENT
# How many spans of a payment come from each service: a caller has one for the call and one for each attempt.
SPANS = {"gateway": 3, "payment": 3, "ledger": 1}
PAID_BY = set(SPANS)
PAYMENTS = 5
# A payment may take so long, whatever the collector does.
PAYMENT_SECONDS_MAX = 60
# Exports of a collector that says nothing end after five seconds each.
DROP_SECONDS_MAX = 120


@pytest.fixture(scope="module")
def collector():
    made = Collector()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def processes(collector):
    deployment = system.Deployment.one_process_each(
        ADMIN_PORT="0", OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_TRACES_SAMPLER_ARG="1", LOG_FORMAT="json"
    )
    yield deployment
    deployment.discard()


def ids():
    """A trace and a span that nobody used before."""
    return secrets.token_hex(16), secrets.token_hex(8)


def pay(front, trace=None, span=None, flags="01", **options):
    headers = [f"traceparent: 00-{trace}-{span}-{flags}"] if trace else []
    fields = {"order_id": fresh("order"), "amount": 100}
    answer = front.post("/pay", tokens.user("alice"), fields, headers=headers, **options)
    assert answer.status == 200, str(answer)
    return answer


def whole(collector, trace, services=PAID_BY):
    """The spans of a trace when each service has sent the one that answers, the last of its own to end."""
    answered = lambda spans: {span.service for span in spans if span.kind == SERVER}
    return until(lambda: collector.of(trace), lambda spans: answered(spans) == services)


def path(spans, span):
    """The spans from this one up to that whose parent is none of them."""
    known = {span.id: span for span in spans}
    found = [span]
    while found[-1].parent in known:
        found.append(known[found[-1].parent])
    return found


def test_a_payment_is_one_trace_from_the_clients_span_down_to_the_ledger(collector, front):
    trace, client = ids()
    pay(front, trace, client)
    spans = whole(collector, trace)
    assert len({span.id for span in spans}) == len(spans)
    [recorded] = [span for span in spans if span.service == "ledger"]
    up = path(spans, recorded)
    assert [(span.service, span.kind) for span in up] == [
        ("ledger", SERVER),
        ("payment", CLIENT), ("payment", CLIENT), ("payment", SERVER),
        ("gateway", CLIENT), ("gateway", CLIENT), ("gateway", SERVER),
    ]
    assert up[-1].parent == client
    assert {span.id for span in spans} == {span.id for span in up}


def test_spans_say_what_was_done_and_lie_within_those_that_they_are_part_of(collector, front):
    trace, client = ids()
    pay(front, trace, client)
    spans = whole(collector, trace)
    [recorded] = [span for span in spans if span.service == "ledger"]
    up = path(spans, recorded)
    for inner, outer in zip(up, up[1:]):
        assert outer.start <= inner.start <= inner.end <= outer.end, (inner, outer)
    assert [span.attributes.get("rpc.method") for span in up] == ["RecordTransaction"] * 3 + ["CreatePayment"] * 3 + [None]
    assert {span.attributes["rpc.grpc.status_code"] for span in up[:-1]} == {0}
    expected = {"http.request.method": "POST", "http.route": "/pay", "http.response.status_code": 200}
    assert up[-1].name == "POST /pay" and up[-1].attributes == expected


def test_a_refund_goes_its_own_way(collector, front):
    payment = pay(front).json["payment_id"]
    trace, client = ids()
    fields, headers = {"payment_id": payment, "amount": 1}, [f"traceparent: 00-{trace}-{client}-01"]
    assert front.post("/refund", tokens.user("alice"), fields, headers=headers).status == 200
    spans = whole(collector, trace, {"gateway", "refund", "ledger"})
    assert {len(path(spans, span)) for span in spans if span.service == "ledger"} == {7}


def test_a_trace_begins_here_if_the_client_sends_none_and_the_access_line_names_it(collector, front, processes):
    request = fresh("request")
    front.post("/pay", tokens.user("alice"), {"order_id": fresh("order"), "amount": 1}, headers=[f"X-Request-ID: {request}"])
    line = json.loads(processes.processes["gateway"].await_log(rf".*request answered.*{request}.*")[0])
    assert re.fullmatch("[0-9a-f]{32}", line.get("trace_id", "")), line
    [first] = [span for span in whole(collector, line["trace_id"]) if not span.parent]
    assert (first.service, first.kind) == ("gateway", SERVER)


@pytest.mark.parametrize("text", ["00-{0}-{1}", "00-{0}-{1}-01-more", "ff-{0}-{1}-01", "00-" + "0" * 32 + "-{1}-01", "{0}"])
def test_a_traceparent_that_is_none_begins_no_trace_of_that_name(collector, front, text):
    trace, client = ids()
    pay(front, extra=["--header", "traceparent: " + text.format(trace, client)])
    later = ids()
    pay(front, *later)
    whole(collector, later[0])
    assert collector.of(trace) == [] and client not in {span.parent for span in collector.spans}


def test_what_the_client_wants_unrecorded_is_not_recorded(collector, front):
    trace, client = ids()
    pay(front, trace, client, flags="00")
    later = ids()
    pay(front, *later)
    whole(collector, later[0])
    assert collector.of(trace) == []


def test_a_call_that_fails_is_a_span_with_an_error(collector, front):
    trace, client = ids()
    headers = [f"traceparent: 00-{trace}-{client}-01"]
    assert front.get("/payments/pay_00000000000000000000000000", tokens.user("alice"), headers=headers).status == 404
    spans = whole(collector, trace)
    calls = [span for span in spans if "rpc.method" in span.attributes]
    assert {span.attributes["rpc.grpc.status_code"] for span in calls} == {grpc.StatusCode.NOT_FOUND.value[0]}
    assert [span.is_error for span in calls] == [True] * (sum(SPANS.values()) - 1)


def gone(collector):
    collector.stop().wait()
    return collector.start


def refusing(collector):
    collector.behave(EXPORT, lambda request, context: context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "full"))
    return lambda: collector.behave(EXPORT, collector.take)


def mute(collector):
    released = threading.Event()

    def hold(request, context):
        released.wait(DROP_SECONDS_MAX)
        return b""

    collector.behave(EXPORT, hold)

    def mend():
        collector.behave(EXPORT, collector.take)
        released.set()

    return mend


@pytest.mark.parametrize("trouble", [gone, refusing, mute])
def test_a_collector_of_no_use_costs_spans_which_are_counted_and_nothing_else(collector, front, admins, processes, trouble):
    last = ids()
    pay(front, *last)
    whole(collector, last[0])
    dropped = lambda: {name: admins[name].total("florin_traces_spans_dropped_total") for name in SPANS}
    before = dropped()
    mend = trouble(collector)
    try:
        for _ in range(PAYMENTS):
            began = time.monotonic()
            pay(front)
            assert time.monotonic() - began < PAYMENT_SECONDS_MAX
        lost = {name: before[name] + PAYMENTS * count for name, count in SPANS.items()}
        until(dropped, lambda now: now == lost, DROP_SECONDS_MAX)
        processes.assert_running()
    finally:
        mend()
    trace, client = ids()
    until(lambda: pay(front, trace, client) and {span.service for span in collector.of(trace)}, lambda seen: seen == PAID_BY)


def test_what_was_exported_is_counted(collector, admins):
    exported = lambda: sum(admin.total("florin_traces_spans_exported_total") for admin in admins.values())
    until(lambda: (exported(), len(collector.spans)), lambda counts: counts[0] == counts[1] > 0)


def test_the_last_spans_are_sent_before_a_process_ends(collector):
    deployment = system.Deployment.in_one_process("grpc", OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
    try:
        trace, client = ids()
        pay(Gateway(deployment), trace, client)
        assert deployment.processes["all"].terminate()[0] == 0
        assert len(collector.of(trace)) == sum(SPANS.values())
    finally:
        deployment.discard()
