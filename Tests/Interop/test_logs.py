"""Runs last: what all the processes of this run wrote."""

import re

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
