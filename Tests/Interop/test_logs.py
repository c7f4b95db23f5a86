"""Runs last: what all the processes of this run wrote."""

import json
import re
import secrets

import pytest

from interop import system, tokens
from interop.curl import Gateway
from interop.methods import fresh

CRASH = re.compile(r"Fatal error|Crash|\*\*\* |SIGILL|SIGSEGV|SIGABRT|Precondition failed", re.IGNORECASE)
CARDS = ("4111111111111111", "5555555555554444", "378282246310005")


def luhn(digits):
    doubled = [int(digit) * (2 if index % 2 else 1) for index, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_users_who_put_cards_and_tokens_everywhere_leave_none_in_the_log(log_format):
    """Every event is logged here; the tests below read it with all the others."""
    deployment = system.Deployment.in_one_process("grpc", LOG_LEVEL="trace", LOG_FORMAT=log_format)
    front, token = Gateway(deployment), tokens.user("alice")
    try:
        for card in CARDS:
            headers = [f"X-Request-ID: {card}", f"Idempotency-Key: {card}"]
            front.post("/pay", token, {"order_id": card, "amount": 100}, headers=headers)
            front.get(f"/payments/{card}?card={card}&token={token}", token, headers=headers)
            front.get(f"/{card}/{token}", token)
            front.post("/refund", token, {"payment_id": f"pay_{card}", "reason": token}, headers=headers)
        front.get("/payments/pay_x", token + "x")
        front.post("/pay", token, {"order_id": fresh("order"), "amount": 100}, headers=[f"X-Request-ID: {token}"])
        assert deployment.processes["all"].terminate()[0] == 0
        assert deployment.processes["all"].log.stat().st_size > 1_000
    finally:
        deployment.discard()


@pytest.fixture(scope="module", params=[None, "0", "1"], ids=["no collector", "no trace recorded", "all traces recorded"])
def telling(request):
    """A system whose log is in JSON, whatever becomes of its traces."""
    nobody = f"http://{system.HOST}:{system.free_ports(1)[0]}"
    tracing = {"OTEL_EXPORTER_OTLP_ENDPOINT": nobody, "OTEL_TRACES_SAMPLER_ARG": request.param} if request.param else {}
    deployment = system.Deployment.in_one_process("grpc", LOG_FORMAT="json", **tracing)
    yield deployment
    deployment.discard()


def pay(deployment, token, *headers, path="/pay"):
    """The answer to a payment, and the one line that the log has for it."""
    request = fresh("request")
    fields = {"order_id": fresh("order"), "amount": 100}
    answer = Gateway(deployment).post(path, token, fields, headers=[f"X-Request-ID: {request}", *headers])
    wanted = rf'.*"message":"request answered".*"request_id":"{request}".*'
    deployment.processes["all"].await_log(wanted)
    [line] = re.findall(wanted, deployment.processes["all"].text)
    return answer, json.loads(line)


def test_the_access_line_of_a_payment_says_who_asked_what_and_how_it_went(telling):
    trace, span = secrets.token_hex(16), secrets.token_hex(8)
    answer, line = pay(telling, tokens.user("alice"), f"traceparent: 00-{trace}-{span}-01")
    expected = {"level": "info", "method": "POST", "path": "/pay", "subject": "alice", "trace_id": trace}
    expected["request_id"] = answer.header("X-Request-ID")
    assert {name: line[name] for name in expected} == expected
    assert (answer.status, line["status"]) == (200, 200)
    assert 0 < line["duration_us"] < 20_000_000
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])


def test_the_access_line_names_a_trace_that_began_here(telling):
    lines = [pay(telling, tokens.user("alice"))[1] for _ in range(2)]
    traces = [line.get("trace_id", "") for line in lines]
    assert all(re.fullmatch("[0-9a-f]{32}", trace) for trace in traces), lines
    assert len(set(traces) - {"0" * 32}) == 2


def test_the_access_line_of_a_refusal_has_its_status_and_a_subject_only_if_that_is_known(telling):
    subject = fresh("subject")
    scopeless = pay(telling, tokens.user(subject, "payment:read"))
    forged = pay(telling, tokens.user(subject, key="k" * 48))
    nowhere = pay(telling, tokens.user(subject), path="/nowhere?order_id=hidden")
    lines = [line for _, line in (scopeless, forged, nowhere)]
    assert [(line["status"], line["path"], line.get("subject")) for line in lines] == [
        (403, "/pay", subject), (401, "/pay", None), (404, "/nowhere", None)
    ]


def test_no_log_holds_a_secret_or_a_token():
    assert (logs := list(system.LOGS.glob("*.log")))
    for log in logs:
        text = log.read_text(errors="replace")
        assert tokens.SECRET not in text, log
        # Header and payload of a token; a random request id may hold `eyJ` too, but no dot.
        assert not re.search(r"eyJ[\w-]{10,}\.eyJ", text), log
        assert "Bearer" not in text, log


def test_no_log_holds_digits_like_those_of_a_card():
    for log in system.LOGS.glob("*.log"):
        text = log.read_text(errors="replace")
        assert not [card for card in CARDS if card in text], log
        # Not within a longer word: the hexadecimal digits of a trace may be anything.
        runs = re.findall(r"(?<![\w-])\d{13,19}(?![\w-])", text)
        assert not [digits for digits in runs if luhn(digits) and digits.strip("0")], log


def test_no_log_tells_of_a_crash():
    for log in system.LOGS.glob("*.log"):
        assert not CRASH.search(log.read_text(errors="replace")), log
