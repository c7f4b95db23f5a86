"""Starts `runtime` processes on free ports, and stops every one of them."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass

import requests

from interop import tokens
from interop.waiting import until

RUNTIME = os.environ["RUNTIME_BIN"]
LOGS = pathlib.Path(os.environ["INTEROP_WORK"]) / "logs"
HOST = "127.0.0.1"
START_SECONDS_MAX = 120
STOP_SECONDS_MAX = 60
SERVICES = ("payment", "ledger", "refund")


def free_ports(count):
    """Ports that nobody listens on; all are held until the last is known, so they differ."""
    holders = [socket.socket() for _ in range(count)]
    try:
        for holder in holders:
            holder.bind((HOST, 0))
        return [holder.getsockname()[1] for holder in holders]
    finally:
        for holder in holders:
            holder.close()


@dataclass(frozen=True)
class Ports:
    gateway: int
    payment: int
    ledger: int
    refund: int
    payment_health: int
    ledger_health: int
    refund_health: int

    @classmethod
    def free(cls):
        return cls(*free_ports(7))

    def of(self, service):
        return getattr(self, service)

    def health_of(self, service):
        return self.gateway if service == "gateway" else getattr(self, service + "_health")

    def target(self, service):
        return f"{HOST}:{self.of(service)}"


def environment(ports=None, service="all", **changes):
    """The environment of one process; `changes` with None take a variable away."""
    names = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    names |= {
        "JWT_SECRET_KEY": tokens.SECRET,
        "JWT_ALGORITHM": "HS256",
        "JWT_ISSUER": tokens.ISSUER,
        "JWT_AUDIENCE": tokens.GATEWAY,
        "BIND_HOST": HOST,
        "ADMIN_PORT": "off",
        "LEDGER_DATA": "temporary",
    }
    if ports:
        names["GATEWAY_PORT"] = str(ports.gateway)
        for callee in SERVICES:
            names[f"{callee.upper()}_SERVICE_HOST"] = HOST
            names[f"{callee.upper()}_SERVICE_PORT"] = str(ports.of(callee))
            names[f"{callee.upper()}_HEALTH_PORT"] = str(ports.health_of(callee))
        if service in SERVICES:
            names["SERVICE_PORT"] = str(ports.of(service))
            names["HEALTH_PORT"] = str(ports.health_of(service))
    names |= changes
    return {name: value for name, value in names.items() if value is not None}


# What a process that is started does before it is `runtime`.
preexec = None


class Process:
    """One `runtime` process, its log in .build-interop/logs."""

    def __init__(self, name, arguments, names):
        self.name = name
        self.log = LOGS / f"{name}-{time.monotonic_ns()}.log"
        self.directory = tempfile.TemporaryDirectory(prefix="florin-")
        with self.log.open("wb") as log:
            self.popen = subprocess.Popen(
                [RUNTIME, *arguments],
                env=names,
                cwd=self.directory.name,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=preexec,
            )

    def await_http(self, port, status=None):
        """Waits until GET /health answers (with `status`, if one is named; 200 only when every service serves)."""
        deadline = time.monotonic() + START_SECONDS_MAX
        seen = "no answer"
        while time.monotonic() < deadline:
            if not self.is_running:
                raise AssertionError(f"{self.name} ended with {self.popen.returncode}:\n{self.tail()}")
            try:
                answer = requests.get(f"http://{HOST}:{port}/health", timeout=2)
                seen = f"{answer.status_code} {answer.text}"
                if status is None or (status == answer.status_code and not (status == 200 and answer.json()["status"] == "DEGRADED")):
                    return answer
            except requests.RequestException:
                pass
            time.sleep(0.05)
        raise AssertionError(f"{self.name} is not ready on port {port}: {seen}\n{self.tail()}")

    def await_log(self, pattern):
        """Waits until the log holds this pattern, and returns the match."""
        return re.search(pattern, until(lambda: self.text, lambda text: re.search(pattern, text)))

    @property
    def is_running(self):
        return self.popen.poll() is None

    def terminate(self):
        """SIGTERM; returns the exit code and the seconds it took."""
        began = time.monotonic()
        self.popen.send_signal(signal.SIGTERM)
        code = self.popen.wait(timeout=STOP_SECONDS_MAX * 2)
        return code, time.monotonic() - began

    def kill(self):
        """kill -9."""
        if self.is_running:
            self.popen.kill()
            self.popen.wait()

    def discard(self):
        self.kill()
        self.directory.cleanup()

    @property
    def text(self):
        return self.log.read_text(errors="replace")

    def tail(self, count=4000):
        return self.text[-count:]


class Deployment:
    """A whole system: one process of everything, or one for each service."""

    def __init__(self, name):
        self.name = name
        self.ports = Ports.free()
        self.processes = {}
        self.changes = {}

    @classmethod
    def in_one_process(cls, transport, **changes):
        deployment = cls(transport)
        deployment.changes = changes
        deployment.restart()
        return deployment

    def restart(self):
        """Starts the one process, on the same ports as before."""
        self.discard()
        arguments = ["--transport", self.name] + (["--service", "all"] if self.name == "grpc" else [])
        self.processes["all"] = Process(f"{self.name}-all", arguments, environment(self.ports, **self.changes))
        try:
            self.processes["all"].await_http(self.ports.gateway, status=200)
        except BaseException:
            self.discard()
            raise

    @classmethod
    def one_process_each(cls, **changes):
        deployment = cls("processes")
        deployment.changes = changes
        try:
            for service in ("ledger", "payment", "refund", "gateway"):
                deployment.start(service)
            deployment.processes["gateway"].await_http(deployment.ports.gateway, status=200)
        except BaseException:
            deployment.discard()
            raise
        return deployment

    @property
    def url(self):
        return f"http://{HOST}:{self.ports.gateway}"

    def assert_running(self):
        """No request may end a process: names the code of one that ended, and the end of its log."""
        for process in self.processes.values():
            code = process.popen.poll()
            assert code is None, f"{process.name} ended with {code}:\n{process.tail()}"

    def start(self, service):
        """Starts one service, again after it ended, and waits until it answers."""
        names = environment(self.ports, service, **self.changes)
        process = Process(service, ["--transport", "grpc", "--service", service], names)
        if service in self.processes:
            self.processes[service].discard()
        self.processes[service] = process
        process.await_http(self.ports.health_of(service), status=None if service == "gateway" else 200)

    def discard(self):
        for process in self.processes.values():
            process.discard()


def command(*arguments, timeout=60, **changes):
    """Runs a subcommand of `runtime` to its end."""
    return subprocess.run(
        [RUNTIME, *arguments],
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
    )
