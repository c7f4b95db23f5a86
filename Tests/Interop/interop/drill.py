"""The executable `drill`, as people run it."""

import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import time

HERE = pathlib.Path(__file__).parent
BROKEN = str(HERE / "broken-drill.yaml")
SCENARIOS = HERE.parents[2] / "Scenarios"
SECONDS_MAX = 300


def executable():
    return str(pathlib.Path(os.environ["RUNTIME_BIN"]).with_name("drill"))


def run(*arguments, timeout=120, **how):
    return subprocess.run([executable(), *arguments], capture_output=True, text=True, timeout=timeout, **how)


class Watched:
    """A `drill` whose errors go to a terminal, as those of one that somebody looks at."""

    def __init__(self, *arguments, **how):
        self.shown = ""
        self.near, far = pty.openpty()
        self.process = subprocess.Popen(
            [executable(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=far, text=True, **how
        )
        os.close(far)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        os.close(self.near)

    def await_shown(self, pattern):
        """Waits until the terminal shows this, and returns the match."""
        deadline = time.monotonic() + SECONDS_MAX
        while not (found := re.search(pattern, self.shown)):
            assert self._read(deadline), f"it ended, and showed only {self.shown!r}"
        return found

    def interrupt(self):
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def finish(self):
        """Waits for the end; returns the exit code, and what was written to the standard output."""
        deadline = time.monotonic() + SECONDS_MAX
        while self._read(deadline):
            pass
        output, _ = self.process.communicate(timeout=SECONDS_MAX)
        return self.process.returncode, output

    def _read(self, deadline):
        """Reads what comes next; false at the end, which Linux says with EIO."""
        ready, _, _ = select.select([self.near], [], [], max(0, deadline - time.monotonic()))
        assert ready, f"nothing more in {SECONDS_MAX} s: {self.shown!r}"
        try:
            self.shown += os.read(self.near, 1 << 16).decode()
        except OSError:
            return False
        return True
