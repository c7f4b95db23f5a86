"""Tokens made by PyJWT, and those that `runtime token` prints."""

import functools
import secrets
import time
import uuid

import jwt

# Fresh for every run: nothing that leaks from a log is worth anything.
SECRET = secrets.token_urlsafe(48)
ISSUER = "florin"
GATEWAY = "gateway"
ALL_SCOPES = "payment:write payment:read refund:write"


def user(subject="alice", scope=ALL_SCOPES, *, key=SECRET, algorithm="HS256", headers=None, **changes):
    """A user token by PyJWT; `changes` replace claims, None takes one away."""
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": GATEWAY, "sub": subject, "scope": scope, "iat": now, "exp": now + 300}
    claims |= {"jti": uuid.uuid4().hex} | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key, algorithm=algorithm, headers=headers)


def service(caller, callee, scope, *, key=SECRET, headers=None, **changes):
    """A service token by PyJWT."""
    now = int(time.time())
    defaults = {"aud": callee, "iat": now, "exp": now + 60}
    return user(caller, scope, key=key, headers={"typ": "st+jwt"} | (headers or {}), **(defaults | changes))


def minted(caller, callee):
    """A service token by `runtime token`, at most 20 seconds old."""
    return _minted(caller, callee, int(time.time()) // 20)


@functools.lru_cache(maxsize=64)
def _minted(caller, callee, _epoch):
    from interop import system

    run = system.command("token", "--service", caller, "--audience", callee)
    assert run.returncode == 0, f"runtime token --service {caller} --audience {callee}: {run.stderr}"
    return run.stdout.strip()


def claims(token, audience):
    """What a token says, verified by PyJWT."""
    return jwt.decode(token, SECRET, algorithms=["HS256"], audience=audience, issuer=ISSUER)


def scope_of(caller, callee):
    return claims(minted(caller, callee), callee)["scope"]
