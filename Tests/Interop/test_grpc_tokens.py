"""Who may call which method: tokens that PyJWT made, well or badly, through grpcio."""

import base64
import json
import time

import grpc
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from interop import methods, system, tokens
from interop.methods import code_of

UNAUTHENTICATED = grpc.StatusCode.UNAUTHENTICATED
PERMISSION_DENIED = grpc.StatusCode.PERMISSION_DENIED
NEVER_ADMITTED = (UNAUTHENTICATED, PERMISSION_DENIED)


def scope(method):
    return tokens.scope_of(method.caller, method.callee)


def now():
    return int(time.time())


def unsigned(method):
    part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
    claims = {"iss": "florin", "aud": method.callee, "sub": method.caller, "scope": scope(method)}
    claims |= {"iat": now(), "exp": now() + 60}
    return f"{part({'alg': 'none', 'typ': 'st+jwt'})}.{part(claims)}."


def by(method, **changes):
    return tokens.service(method.caller, method.callee, changes.pop("scope", scope(method)), **changes)


def by_rsa(method):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return by(method, key=key, algorithm="RS256")


REFUSED = {
    "garbage": lambda method: "garbage",
    "three empty parts": lambda method: "..",
    "another key": lambda method: by(method, key="k" * 48),
    "a cut signature": lambda method: by(method)[:-4],
    "a changed payload": lambda method: ".".join(
        (lambda head, body, tail: (head, body[:-2] + ("A" if body[-2] != "A" else "B") + body[-1], tail))(
            *by(method).split(".")
        )
    ),
    "expired": lambda method: by(method, iat=now() - 240, exp=now() - 180),
    "issued in the future": lambda method: by(method, iat=now() + 300, exp=now() + 360),
    "not yet valid": lambda method: by(method, nbf=now() + 300),
    "lives too long": lambda method: by(method, exp=now() + 3600),
    "no expiry": lambda method: by(method, exp=None),
    "no time of issue": lambda method: by(method, iat=None),
    "no subject": lambda method: by(method, sub=None),
    "no issuer": lambda method: by(method, iss=None),
    "wrong issuer": lambda method: by(method, iss="elsewhere"),
    "wrong audience": lambda method: by(method, aud="gateway"),
    "two audiences": lambda method: by(method, aud=[method.callee, "gateway"]),
    "a user token": lambda method: tokens.user("alice", scope(method), aud=method.callee),
    "a gateway's user token": lambda method: tokens.user("alice", tokens.ALL_SCOPES),
    "a critical extension": lambda method: by(method, headers={"crit": ["exp"]}),
    "algorithm none": unsigned,
    "algorithm HS512": lambda method: by(method, algorithm="HS512"),
    "algorithm RS256": by_rsa,
    "over 4 KiB": lambda method: by(method, padding="x" * 4096),
}


@pytest.mark.parametrize("method", methods.ALL, ids=str)
def test_without_a_token_no_method_answers(channels, method):
    code, error = code_of(method.call, channels[method.callee], token=None)
    assert code == UNAUTHENTICATED, error


@pytest.mark.parametrize("fault", REFUSED)
@pytest.mark.parametrize("method", methods.ALL, ids=str)
def test_a_bad_token_is_refused(channels, method, fault):
    code, error = code_of(method.call, channels[method.callee], token=REFUSED[fault](method))
    assert code == UNAUTHENTICATED, error
    assert not error.details() or "eyJ" not in error.details()


@pytest.mark.parametrize("method", methods.ALL, ids=str)
@pytest.mark.parametrize("granted", ["", "nothing:here", "payment", "PAYMENT:CALL", "ledger:writeful ledger:readable"])
def test_a_good_token_with_another_scope_is_denied(channels, method, granted):
    code, error = code_of(method.call, channels[method.callee], token=by(method, scope=granted))
    assert code == PERMISSION_DENIED, error


@pytest.mark.parametrize("method", methods.ALL, ids=str)
def test_a_service_token_by_pyjwt_is_as_good_as_ours(channels, method):
    code, error = code_of(method.call, channels[method.callee], token=by(method))
    assert code not in NEVER_ADMITTED, error


@pytest.mark.parametrize("method", methods.ALL, ids=str)
def test_our_service_token_is_admitted(channels, method):
    code, error = code_of(method.call, channels[method.callee])
    assert code not in NEVER_ADMITTED, error


def test_two_authorizations_are_refused(channels):
    method = methods.CREATE_PAYMENT
    metadata = [("authorization", f"Bearer {method.token()}")]
    code, error = code_of(method.call, channels["payment"], metadata=metadata)
    assert code == UNAUTHENTICATED, error


@pytest.mark.parametrize("scheme", ["Basic", "bearer ", "Bear", ""])
def test_another_scheme_is_refused(channels, scheme):
    method = methods.CREATE_PAYMENT
    metadata = [("authorization", f"{scheme} {method.token()}".strip())] if scheme != "bearer " else []
    metadata = metadata or [("authorization", "bearer")]
    code, error = code_of(method.call, channels["payment"], token=None, metadata=metadata)
    assert code == UNAUTHENTICATED, error


def test_the_scheme_may_be_in_lower_case(channels):
    method = methods.CREATE_PAYMENT
    metadata = [("authorization", f"bearer {method.token()}")]
    code, error = code_of(method.call, channels["payment"], token=None, metadata=metadata)
    assert code == grpc.StatusCode.OK, error


def test_a_token_is_judged_before_the_message(channels):
    code, error = code_of(
        channels["payment"].unary_unary("/" + methods.CREATE_PAYMENT.path), b"\xff\xff\xff", timeout=10
    )
    assert code == UNAUTHENTICATED, error


def test_expiry_is_judged_on_every_call_of_a_connection(channels):
    method = methods.CREATE_PAYMENT
    assert code_of(method.call, channels["payment"])[0] == grpc.StatusCode.OK
    expired = REFUSED["expired"](method)
    assert code_of(method.call, channels["payment"], token=expired)[0] == UNAUTHENTICATED
    assert code_of(method.call, channels["payment"])[0] == grpc.StatusCode.OK


@pytest.mark.parametrize(
    "caller, callee, method",
    [
        ("refund", "ledger", methods.RECORD_TRANSACTION),
        ("payment", "ledger", methods.RECORD_REFUND),
    ],
    ids=str,
)
def test_a_service_may_do_only_its_own_part(channels, caller, callee, method):
    code, error = code_of(method.call, channels[callee], token=tokens.minted(caller, callee))
    assert code == PERMISSION_DENIED, error


def test_pyjwt_verifies_our_user_token():
    token = tokens_command("--subject", "alice", "--scope", "payment:write payment:read", "--ttl", "1h")
    claims = tokens.claims(token, "gateway")
    assert (claims["sub"], claims["scope"]) == ("alice", "payment:write payment:read")
    assert claims["exp"] - claims["iat"] == 3600
    assert abs(claims["iat"] - time.time()) < 30
    header = jwt.get_unverified_header(token)
    assert (header["alg"], header.get("typ", "JWT")) == ("HS256", "JWT")


@pytest.mark.parametrize(
    "caller, callee",
    [("gateway", "payment"), ("gateway", "refund"), ("payment", "ledger"), ("refund", "ledger")],
)
def test_pyjwt_verifies_our_service_token(caller, callee):
    token = tokens_command("--service", caller, "--audience", callee)
    claims = tokens.claims(token, callee)
    assert (claims["sub"], claims["aud"]) == (caller, callee)
    assert 0 < claims["exp"] - claims["iat"] <= 60
    assert claims["scope"]
    assert jwt.get_unverified_header(token)["typ"] == "st+jwt"
    with pytest.raises(jwt.InvalidAudienceError):
        tokens.claims(token, "gateway")


def test_two_tokens_are_never_the_same():
    arguments = ("--subject", "alice", "--scope", "payment:read", "--ttl", "1h")
    assert tokens_command(*arguments) != tokens_command(*arguments)


def test_pyjwt_with_another_key_refuses_our_token():
    token = tokens_command("--subject", "alice", "--scope", "payment:read", "--ttl", "1h")
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, "k" * 48, algorithms=["HS256"], audience="gateway")


@pytest.mark.parametrize(
    "secret",
    [None, "", "x" * 31, "your-256-bit-secret", "change-me-please-change-me-please-!", "secret" * 8],
    ids=["none", "empty", "31 bytes", "a short sample", "a sample", "a repeated sample"],
)
def test_a_weak_secret_signs_nothing_and_starts_nothing(secret):
    run = system.command("token", "--subject", "a", "--scope", "b", "--ttl", "1h", JWT_SECRET_KEY=secret)
    assert run.returncode != 0 and run.stdout.strip() == "", run
    ports = system.environment(system.Ports.free(), "payment")
    changes = {name: value for name, value in ports.items() if name != "JWT_SECRET_KEY"}
    run = system.command("--transport", "grpc", "--service", "payment", **changes, JWT_SECRET_KEY=secret)
    assert run.returncode != 0, run
    if secret:
        assert secret not in run.stdout + run.stderr


def tokens_command(*arguments):
    run = system.command("token", *arguments)
    assert run.returncode == 0, run
    assert run.stdout.count("\n") == 1 and run.stdout == run.stdout.strip() + "\n"
    return run.stdout.strip()
