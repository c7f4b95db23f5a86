"""A gateway that limits how often one subject may ask, as `RATE_LIMIT` says."""

import re

import pytest

from interop import system, tokens
from interop.curl import Gateway, assert_problem
from interop.methods import fresh
from interop.waiting import until

REQUESTS, SECONDS = 3, 60
HEADERS = ("RateLimit", "RateLimit-Policy")


@pytest.fixture(scope="module", params=["grpc", "memory"])
def limited(request):
    deployment = system.Deployment.in_one_process(request.param, RATE_LIMIT=f"{REQUESTS}/{SECONDS}")
    yield Gateway(deployment)
    deployment.discard()


@pytest.fixture
def subject():
    """Somebody who has not asked yet."""
    return fresh("subject")


def pay(gateway, subject, order=None):
    return gateway.post("/pay", tokens.user(subject), {"order_id": order or fresh("order"), "amount": 100})


def spend(gateway, subject):
    """Asks as often as is allowed."""
    answers = [pay(gateway, subject) for _ in range(REQUESTS)]
    assert [answer.status for answer in answers] == [200] * REQUESTS
    return answers


def standing(answer):
    """What remains to the subject, and in how many seconds all is back (draft-ietf-httpapi-ratelimit-headers)."""
    assert answer.header("RateLimit-Policy") == f'"default";q={REQUESTS};w={SECONDS}', str(answer)
    return tuple(map(int, re.fullmatch(r'"default";r=(\d+);t=(\d+)', answer.header("RateLimit")).groups()))


def test_each_answer_says_what_remains(limited, subject):
    standings = [standing(answer) for answer in spend(limited, subject)]
    assert [remaining for remaining, _ in standings] == [2, 1, 0]
    resets = [reset for _, reset in standings]
    assert resets == sorted(resets) and resets[-1] <= SECONDS


def test_who_asks_too_often_is_told_when_to_come_again(limited, subject):
    spend(limited, subject)
    refused = pay(limited, subject)
    assert assert_problem(refused, 429, "rate_limited", "/pay")["retryable"] is True
    assert standing(refused)[0] == 0
    assert 1 <= int(refused.header("Retry-After")) <= SECONDS // REQUESTS


def test_another_subject_is_not_touched(limited, subject):
    spend(limited, subject)
    assert pay(limited, subject).status == 429
    assert standing(spend(limited, fresh("subject"))[0])[0] == REQUESTS - 1
    assert pay(limited, subject).status == 429


def test_all_that_a_subject_asks_counts_together_whatever_its_token(limited, subject):
    payment = pay(limited, subject).json["payment_id"]
    shown = limited.get(f"/payments/{payment}", tokens.user(subject, jti=fresh("token")))
    refunded = limited.post("/refund", tokens.user(subject), {"payment_id": payment, "amount": 1})
    assert [standing(answer)[0] for answer in (shown, refunded)] == [1, 0]
    assert limited.get(f"/payments/{payment}", tokens.user(subject)).status == 429


def test_who_is_nobody_spends_nothing_and_is_told_nothing(limited, subject):
    for answer in (limited.get("/health"), limited.get("/openapi.json"), limited.get("/payments/pay_x", "garbage")):
        assert [answer.header(name) for name in HEADERS] == [None, None], str(answer)
    assert [limited.get("/health").status for _ in range(REQUESTS + 1)] == [200] * (REQUESTS + 1)
    forged = tokens.user(subject, key="k" * 48)
    assert [limited.get("/payments/pay_x", forged).status for _ in range(REQUESTS)] == [401] * REQUESTS
    spend(limited, subject)


def test_what_was_refused_did_not_happen_and_is_done_after_the_wait_that_was_said(subject):
    deployment = system.Deployment.in_one_process("memory", RATE_LIMIT="1/2")
    try:
        gateway, order = Gateway(deployment), fresh("order")
        assert pay(gateway, subject).status == 200
        refused = pay(gateway, subject, order)
        wait = int(refused.header("Retry-After"))
        assert refused.status == 429 and 1 <= wait <= 2, str(refused)
        paid = until(lambda: pay(gateway, subject, order), lambda answer: answer.status == 200, wait + 1)
        assert paid.header("Idempotency-Replayed") is None
        again = until(lambda: pay(gateway, subject, order), lambda answer: answer.status == 200)
        assert again.header("Idempotency-Replayed") == "true"
    finally:
        deployment.discard()


def test_off_by_default(gateway, subject):
    answers = [pay(gateway, subject) for _ in range(REQUESTS * 5)]
    assert [answer.status for answer in answers] == [200] * len(answers)
    assert {answer.header(name) for answer in answers for name in HEADERS} == {None}


@pytest.mark.parametrize("text", ["100", "0/60", "10/0", "-1/60", "1/60/1", "1000001/60", "many/60", "10 / 60"])
def test_a_limit_that_is_none_is_refused_at_the_start(text):
    refused = system.command("--dev", RATE_LIMIT=text)
    assert refused.returncode == 78 and "RATE_LIMIT" in refused.stderr and "100/60" in refused.stderr, refused
