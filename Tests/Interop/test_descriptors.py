"""A process that may open few files, and clients that open more connections than that."""

import contextlib
import http.client
import json
import resource
import socket

import pytest
import requests

from interop import system, tokens
from interop.admin import Admin
from interop.methods import fresh
from interop.waiting import until

LIMIT = 256
ATTEMPTS = 20 * LIMIT
STARTS = {
    "silent": b"",
    "slow-header": b"GET /health HTTP/1.1\r\nHost: a",
    "slow-body": b"POST /pay HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{",
}


@pytest.fixture(scope="module")
def small():
    """The whole system in a process that may have 256 descriptors, however it asks."""
    system.preexec = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (LIMIT, LIMIT))
    try:
        deployment = system.Deployment.in_one_process("grpc", ADMIN_PORT="0")
    finally:
        system.preexec = None
    yield deployment
    deployment.discard()


class Flood:
    """Connections that stay open, the oldest of them given up when there are too many for us."""

    def __init__(self, port, start, kept=400):
        self.port, self.start, self.kept, self.lines = port, start, kept, []

    def more(self, count):
        for _ in range(count):
            line = socket.socket()
            line.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                line.connect((system.HOST, self.port))
            self.lines.append(line)
            if len(self.lines) > self.kept:
                self.lines.pop(0).close()
        if self.start:
            for line in self.lines[-count:]:
                with contextlib.suppress(OSError):
                    line.send(self.start)

    def close(self):
        for line in self.lines:
            line.close()


class Payer:
    """Pays on one connection, as long as it is open."""

    def __init__(self, deployment):
        self.line = http.client.HTTPConnection(system.HOST, deployment.ports.gateway, timeout=30)
        self.line.auto_open = False
        self.line.connect()

    def pay(self):
        body = json.dumps({"order_id": fresh("order"), "amount": 100})
        headers = {"Authorization": "Bearer " + tokens.user("alice"), "Content-Type": "application/json"}
        self.line.request("POST", "/pay", body, headers)
        answer = self.line.getresponse()
        answer.read()
        return answer.status


def check_health(deployment):
    answer = requests.get(deployment.url + "/health", timeout=30)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("kind", STARTS)
def test_clients_that_ask_nothing_keep_nobody_out_and_end_no_open_connection(small, kind):
    payer = Payer(small)
    assert payer.pay() == 200
    flood = Flood(small.ports.gateway, STARTS[kind])
    try:
        for _ in range(ATTEMPTS // len(STARTS) // 100):
            flood.more(100)
            check_health(small)
            assert payer.pay() == 200
    finally:
        flood.close()
        payer.line.close()
    small.assert_running()


def test_clients_that_asked_once_keep_nobody_out(small):
    flood = Flood(small.ports.gateway, b"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n")
    try:
        for _ in range(10):
            flood.more(100)
            check_health(small)
            payer = Payer(small)
            assert payer.pay() == 200
            payer.line.close()
    finally:
        flood.close()
    small.assert_running()


def test_each_port_has_its_own_bound(small):
    ports = [small.ports.of(name) for name in system.SERVICES]
    ports += [small.ports.health_of(name) for name in system.SERVICES]
    floods = [Flood(port, b"", kept=120) for port in ports]
    try:
        for flood in floods:
            flood.more(120)
        for name in system.SERVICES:
            url = f"http://{system.HOST}:{small.ports.health_of(name)}/health"
            assert requests.get(url, timeout=30).status_code == 200
            assert system.command("health", "--target", small.ports.target(name), "--timeout", "30").returncode == 0
        payer = Payer(small)
        assert payer.pay() == 200
        payer.line.close()
    finally:
        for flood in floods:
            flood.close()
    small.assert_running()


def test_it_is_told_once_and_counted(small):
    process = small.processes["all"]
    admin = Admin(process)
    assert admin.total("process_max_fds") == LIMIT
    bound = admin.total("florin_connections_limit", listener="gateway")
    assert 8 <= bound < LIMIT
    flood = Flood(small.ports.gateway, b"")
    try:
        flood.more(300)
        until(lambda: admin.total("florin_connections_evicted_total", listener="gateway"), lambda count: count > 0)
        assert admin.total("florin_connections_open", listener="gateway") <= bound + 4
        assert admin.total("process_open_fds") < LIMIT
        assert admin.total("florin_connections_accept_failures_total") == 0
    finally:
        flood.close()
    until(lambda: admin.total("florin_connections_open", listener="gateway"), lambda count: count < bound / 2)
    full = process.text.count("gateway: %d connections are open" % bound)
    again = process.text.count("gateway: there is room again")
    assert full >= 1
    assert abs(full - again) <= 1


def test_the_soft_limit_is_raised():
    def lower():
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))

    system.preexec = lower
    try:
        deployment = system.Deployment.in_one_process("grpc", ADMIN_PORT="0")
    finally:
        system.preexec = None
    try:
        admin = Admin(deployment.processes["all"])
        assert admin.total("process_max_fds") > 64
    finally:
        deployment.discard()


def test_a_limit_that_is_too_low_is_said_at_the_start():
    system.preexec = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    try:
        process = system.Process("low", ["--dev"], system.environment())
    finally:
        system.preexec = None
    try:
        assert process.popen.wait(timeout=system.START_SECONDS_MAX) == 78
        assert "may open 64 files and needs at least" in process.text
    finally:
        process.discard()
