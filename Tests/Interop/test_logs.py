"""Runs last: what all the processes of this run wrote."""

import re

from interop import system, tokens

CRASH = re.compile(r"Fatal error|Crash|\*\*\* |SIGILL|SIGSEGV|SIGABRT|Precondition failed", re.IGNORECASE)


def test_no_log_holds_a_secret_or_a_token():
    assert (logs := list(system.LOGS.glob("*.log")))
    for log in logs:
        text = log.read_text(errors="replace")
        assert tokens.SECRET not in text, log
        # Header and payload of a token; a random request id may hold `eyJ` too, but no dot.
        assert not re.search(r"eyJ[\w-]{10,}\.eyJ", text), log
        assert "Bearer" not in text, log


def test_no_log_tells_of_a_crash():
    for log in system.LOGS.glob("*.log"):
        assert not CRASH.search(log.read_text(errors="replace")), log
