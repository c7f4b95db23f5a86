"""Waits that end: with what was waited for, or with a word on what was there instead."""

import time

# Only what hangs takes longer, on a busy machine too.
SECONDS_MAX = 120
PAUSE_SECONDS = 0.05


def until(ask, accept=bool, seconds=SECONDS_MAX):
    """Asks again and again; the first answer that is accepted."""
    deadline = time.monotonic() + seconds
    while not accept(answer := ask()):
        assert time.monotonic() < deadline, f"not in {seconds} s, the last was {str(answer)[-4000:]}"
        time.sleep(PAUSE_SECONDS)
    return answer
