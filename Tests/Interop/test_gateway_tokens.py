"""The gateway and the tokens of its users: PyJWT's, and every way to get them wrong."""

import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from interop import system, tokens
from interop.curl import assert_problem
from interop.methods import fresh

CALLS = {
    "pay": ("POST", "/pay", {"amount": 1}, "payment:write"),
    "refund": ("POST", "/refund", {"payment_id": "pay_unknown"}, "refund:write"),
    "get": ("GET", "/payments/pay_unknown", None, "payment:read"),
    "dynamic payment": ("POST", "/pay-dynamic", {"amount": 1}, "payment:write"),
    "dynamic refund": ("POST", "/pay-dynamic", {"action": "create_refund", "payment_id": "pay_unknown"}, "refund:write"),
    "dynamic get": ("POST", "/pay-dynamic", {"action": "get_payment", "payment_id": "pay_unknown"}, "payment:read"),
}


def send(gateway, name, token=None, headers=()):
    method, path, fields, _ = CALLS[name]
    if fields is not None and "amount" in fields:
        fields = fields | {"order_id": fresh("order")}
    return gateway.send(method, path, token, json_body=fields, headers=headers)


def now():
    return int(time.time())


REFUSED = {
    "garbage": lambda: "garbage",
    "another key": lambda: tokens.user(key="k" * 48),
    "a cut signature": lambda: tokens.user()[:-4],
    "padding": lambda: tokens.user() + "=",
    "expired": lambda: tokens.user(exp=now() - 120),
    "not yet valid": lambda: tokens.user(nbf=now() + 120),
    "issued in the future": lambda: tokens.user(iat=now() + 120),
    "no expiry": lambda: tokens.user(exp=None),
    "no subject": lambda: tokens.user(sub=None),
    "an empty subject": lambda: tokens.user(sub=""),
    "no issuer": lambda: tokens.user(iss=None),
    "no audience": lambda: tokens.user(aud=None),
    "wrong issuer": lambda: tokens.user(iss="Florin"),
    "wrong audience": lambda: tokens.user(aud="payment"),
    "algorithm none": lambda: tokens.user(key=None, algorithm="none"),
    "algorithm HS384": lambda: tokens.user(algorithm="HS384"),
    "algorithm RS256": lambda: tokens.user(key=rsa.generate_private_key(65537, 2048), algorithm="RS256"),
    "algorithm ES256": lambda: tokens.user(key=ec.generate_private_key(ec.SECP256R1()), algorithm="ES256"),
    "a critical extension": lambda: tokens.user(headers={"crit": ["b64"], "b64": True}),
    "a type of its own": lambda: tokens.user(headers={"typ": "secevent+jwt"}),
    "a service token": lambda: tokens.service("gateway", "gateway", tokens.ALL_SCOPES),
    "our service token": lambda: tokens.minted("gateway", "payment"),
    "over 4 KiB": lambda: tokens.user(padding="x" * 4096),
}
TAKEN = {
    "plain": lambda: tokens.user(),
    "no type": lambda: tokens.user(headers={"typ": None}),
    "type at+jwt": lambda: tokens.user(headers={"typ": "at+jwt"}),
    "a list of audiences": lambda: tokens.user(aud=["elsewhere", "gateway"]),
    "a fractional expiry": lambda: tokens.user(exp=now() + 60.5),
    "a past start": lambda: tokens.user(nbf=now() - 60),
    "no time of issue": lambda: tokens.user(iat=None),
    "foreign claims": lambda: tokens.user(name="Alice Ä", groups=["a", {"b": 1}], email_verified=True),
}


@pytest.mark.parametrize("name", CALLS)
def test_without_credentials_the_challenge_is_bare(gateway, name):
    answer = send(gateway, name)
    problem = assert_problem(answer, 401, "missing_credentials", CALLS[name][1])
    assert answer.header("www-authenticate") == 'Bearer realm="florin"'
    assert problem["retryable"] is False


@pytest.mark.parametrize("fault", REFUSED)
def test_a_bad_token_is_refused(gateway, fault):
    token = REFUSED[fault]()
    answer = send(gateway, "pay", token)
    problem = assert_problem(answer, 401, "invalid_token", "/pay")
    assert answer.header("www-authenticate") == 'Bearer realm="florin", error="invalid_token"'
    assert token not in str(problem)


@pytest.mark.parametrize("name", CALLS)
def test_a_bad_token_is_refused_on_every_route(gateway, name):
    assert_problem(send(gateway, name, "garbage"), 401, "invalid_token")


def test_another_scheme_is_no_credential(gateway):
    answer = send(gateway, "pay", headers=["Authorization: Basic YWxpY2U6cGFzc3dvcmQ="])
    assert answer.header("www-authenticate") == 'Bearer realm="florin"'
    assert_problem(answer, 401, "missing_credentials")


def test_two_authorizations_are_refused(gateway):
    headers = [f"Authorization: Bearer {tokens.user()}"] * 2
    assert_problem(send(gateway, "pay", headers=headers), 401, "invalid_token")


def test_a_token_in_the_query_is_no_credential(gateway):
    answer = gateway.post(f"/pay?access_token={tokens.user()}", None, {"order_id": "o", "amount": 1})
    assert_problem(answer, 401, "missing_credentials")


@pytest.mark.parametrize("name", TAKEN)
def test_a_good_token_by_pyjwt_is_taken(gateway, name):
    answer = send(gateway, "pay", TAKEN[name]())
    assert answer.status == 200, str(answer)


def test_the_scheme_may_be_in_any_case(gateway):
    for scheme in ("bearer", "BEARER", "Bearer "):
        answer = send(gateway, "pay", headers=[f"Authorization: {scheme} {tokens.user()}"])
        assert answer.status == 200, str(answer)


def test_our_own_token_is_taken(gateway):
    run = system.command("token", "--subject", "alice", "--scope", tokens.ALL_SCOPES, "--ttl", "1h")
    assert run.returncode == 0, run
    assert send(gateway, "pay", run.stdout.strip()).status == 200


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("granted", [None, "", "other", "everything but"])
def test_a_missing_scope_is_forbidden_and_named(gateway, name, granted):
    needed = CALLS[name][3]
    if granted == "everything but":
        granted = " ".join(scope for scope in (tokens.ALL_SCOPES + " payment:admin").split() if scope != needed)
    elif granted == "other":
        granted = f"{needed}s x{needed} {needed.upper()} {needed.split(':')[0]}"
    answer = send(gateway, name, tokens.user(scope=granted))
    assert_problem(answer, 403, "insufficient_scope")
    expected = f'Bearer realm="florin", error="insufficient_scope", scope="{needed}"'
    assert answer.header("www-authenticate") == expected


@pytest.mark.parametrize("name", CALLS)
def test_the_scope_of_the_action_is_enough(gateway, name):
    answer = send(gateway, name, tokens.user(scope=CALLS[name][3]))
    assert answer.status == (200 if "amount" in (CALLS[name][2] or {}) else 404), str(answer)


def test_who_may_not_learns_nothing_of_the_body(gateway):
    body = b"{ no json"
    assert_problem(gateway.post("/pay", None, body), 401, "missing_credentials")
    assert_problem(gateway.post("/pay", tokens.user(scope=""), body), 403, "insufficient_scope")
    assert_problem(gateway.post("/pay-dynamic", None, {"action": "nothing"}), 401, "missing_credentials")


def test_an_unknown_route_needs_no_token_to_be_unknown(gateway):
    assert_problem(gateway.get("/nothing", "garbage"), 404, "route_not_found")
