"""One process for each service: killed, restarted, and asked to stop."""

import concurrent.futures
import signal
import socket
import threading
import time

import grpc
import ledger_pb2
import pytest
import requests
from grpc_health.v1 import health_pb2, health_pb2_grpc

from interop import methods, system, tokens
from interop.curl import Gateway, assert_problem
from interop.methods import fresh
from interop.waiting import until

RECOVERY_SECONDS_MAX = 120
LOAD = 200


@pytest.fixture(scope="module")
def processes():
    deployment = system.Deployment.one_process_each()
    yield deployment
    deployment.discard()


@pytest.fixture(scope="module")
def front(processes):
    return Gateway(processes)


def pay(front, order=None, **options):
    fields = {"order_id": order or fresh("order"), "amount": 1000}
    return front.post("/pay", tokens.user("alice"), fields, **options)


def await_status(ask, status):
    return until(ask, lambda answer: answer.status == status, RECOVERY_SECONDS_MAX)


def await_steady(ask, status=200, count=20):
    """Waits until so many answers in a row have the status: every connection of a pool is back."""
    deadline = time.monotonic() + RECOVERY_SECONDS_MAX
    in_a_row = 0
    while in_a_row < count:
        answer = ask()
        in_a_row = in_a_row + 1 if answer.status == status else 0
        assert time.monotonic() < deadline, f"no steady {status} in {RECOVERY_SECONDS_MAX} s: {answer}"


def test_a_payment_goes_through_all_four(front):
    payment = pay(front)
    assert payment.status == 200, str(payment)
    path = "/payments/" + payment.json["payment_id"]
    refund = front.post("/refund", tokens.user("alice"), {"payment_id": payment.json["payment_id"], "amount": 300})
    assert refund.status == 200, str(refund)
    assert front.get(path, tokens.user("alice")).json["remaining"] == 700
    assert front.get("/health").json["services"] == dict.fromkeys(("payment", "ledger", "refund"), "SERVING")


@pytest.mark.parametrize("service", system.SERVICES)
def test_every_process_serves_health_both_ways(processes, service):
    assert system.command("health", "--target", processes.ports.target(service)).returncode == 0
    url = f"http://{system.HOST}:{processes.ports.health_of(service)}/health"
    assert requests.get(url, timeout=60).status_code == 200


def test_a_killed_payment_process_is_a_problem_and_everything_recovers(processes, front):
    alice = tokens.user("alice")
    before = pay(front).json["payment_id"]
    processes.processes["payment"].kill()
    for _ in range(5):
        answer = pay(front)
        problem = assert_problem(answer, answer.status, None, "/pay")
        assert answer.status in (503, 504) and problem["retryable"] is True, str(answer)
    assert front.post("/refund", alice, {"payment_id": before, "amount": 1}).status == 200
    health = front.get("/health")
    assert (health.status, health.json["status"]) == (503, "NOT_SERVING")
    assert [front.get(path).status for path in ("/health/ready", "/health/live")] == [503, 200]
    assert health.json["services"]["payment"] != "SERVING"
    assert health.json["services"]["refund"] == "SERVING"
    assert system.command("health", "--target", processes.ports.target("payment")).returncode != 0
    processes.start("payment")
    await_steady(lambda: pay(front))
    await_status(lambda: front.get("/health"), 200)
    assert front.get("/payments/" + before, alice).json["remaining"] == 999


def test_what_was_asked_while_payment_was_killed_has_one_effect_when_asked_again(processes, front):
    orders = {fresh("key"): fresh("order") for _ in range(LOAD)}
    alice = tokens.user("alice")

    def one(item):
        key, order = item
        headers = {"Authorization": f"Bearer {alice}", "Idempotency-Key": key}
        return requests.post(front.url + "/pay", json={"order_id": order, "amount": 5}, headers=headers, timeout=60)

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        killer = threading.Timer(0.15, processes.processes["payment"].kill)
        killer.start()
        first = list(pool.map(one, orders.items()))
        killer.join()
        assert {answer.status_code for answer in first} <= {200, 503, 504}
        processes.start("payment")
        await_steady(lambda: pay(front))
        again = list(pool.map(one, orders.items()))
    assert {answer.status_code for answer in again} == {200}
    for old, new in zip(first, again):
        if old.status_code == 200:
            assert new.headers["Idempotency-Replayed"] == "true" and new.json() == old.json()
        elif "payment_id" in old.json():
            assert old.json()["payment_id"] == new.json()["payment_id"]
    with grpc.insecure_channel(processes.ports.target("ledger")) as channel:
        entries = methods.LIST_ENTRIES.call(channel, ledger_pb2.ListEntriesRequest())
    recorded = [entry.id for entry in entries if entry.kind == "capture"]
    assert len(recorded) == len(set(recorded))
    assert {answer.json()["payment_id"] for answer in again} <= set(recorded)


def test_once_a_restarted_service_has_answered_no_request_is_turned_away(processes, front):
    processes.processes["payment"].kill()
    deadline = time.monotonic() + 4
    while time.monotonic() < deadline:
        assert pay(front).status in (503, 504)
    processes.start("payment")
    await_status(lambda: pay(front), 200)
    assert [pay(front).status for _ in range(40)] == [200] * 40


def test_a_killed_refund_process_leaves_payments_alone(processes, front):
    processes.processes["refund"].kill()
    payment = pay(front)
    assert payment.status == 200
    health = front.get("/health")
    assert (health.status, health.json["status"], health.json["services"]["refund"]) == (200, "DEGRADED", "UNREACHABLE")
    assert front.get("/health/ready").json == {"status": "SERVING", "services": {"payment": "SERVING", "ledger": "SERVING"}}
    fields = {"payment_id": payment.json["payment_id"], "amount": 1}
    ask = lambda: front.post("/refund", tokens.user("alice"), fields, headers=["Idempotency-Key: k-" + fields["payment_id"]])
    assert ask().status in (503, 504)
    processes.start("refund")
    assert await_status(ask, 200).json["remaining"] == 999
    await_steady(ask)


# Those who call before those who are called.
@pytest.mark.parametrize("service", ["gateway", "payment", "refund", "ledger"])
def test_sigterm_ends_a_process_in_time_with_zero(processes, service):
    process = processes.processes[service]
    channel = watch = None
    if service != "gateway":
        channel = grpc.insecure_channel(processes.ports.target(service))
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(), timeout=60)
        assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
    with requests.Session() as idle:
        idle.get(f"http://{system.HOST}:{processes.ports.health_of(service)}/health", timeout=60)
        code, seconds = process.terminate()
    assert (code, seconds < system.STOP_SECONDS_MAX) == (0, True), f"{code} after {seconds:.1f} s:\n{process.tail()}"
    if watch:
        assert next(watch).status == health_pb2.HealthCheckResponse.NOT_SERVING
        rest = methods.code_of(lambda: list(watch))[0]
        assert rest in (grpc.StatusCode.OK, grpc.StatusCode.UNAVAILABLE)
        channel.close()


def test_a_gateway_goes_on_answering_for_the_grace_and_says_that_it_leaves():
    deployment = system.Deployment.in_one_process("grpc", DRAIN_GRACE="2")
    front = Gateway(deployment)
    try:
        began = time.monotonic()
        deployment.processes["all"].popen.send_signal(signal.SIGTERM)
        assert await_status(lambda: front.get("/health"), 503).json["services"] == {"gateway": "NOT_SERVING"}
        assert [front.get(path).status for path in ("/health/ready", "/health/live")] == [503, 200]
        assert pay(front).status == 200
        assert deployment.processes["all"].popen.wait(timeout=system.STOP_SECONDS_MAX * 3) == 0
        assert time.monotonic() - began > 2
    finally:
        deployment.discard()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT], ids=lambda stop: stop.name)
@pytest.mark.parametrize("transport", ["grpc", "memory"])
def test_the_whole_system_finishes_what_it_began_and_ends_with_zero(transport, stop):
    deployment = system.Deployment.in_one_process(transport)
    process = deployment.processes["all"]
    alice = tokens.user("alice")
    answers, refused = [], []

    def load():
        with requests.Session() as session:
            while process.is_running and len(answers) < 10_000:
                fields = {"order_id": fresh("order"), "amount": 1}
                headers = {"Authorization": f"Bearer {alice}"}
                try:
                    answer = session.post(deployment.url + "/pay", json=fields, headers=headers, timeout=60)
                    answers.append(answer.status_code)
                except requests.RequestException as error:
                    refused.append(error)
                    return

    threads = [threading.Thread(target=load) for _ in range(8)]
    try:
        for thread in threads:
            thread.start()
        until(lambda: answers.count(200), lambda count: count > 10)
        began = time.monotonic()
        process.popen.send_signal(stop)
        code = process.popen.wait(timeout=system.STOP_SECONDS_MAX * 2)
        seconds = time.monotonic() - began
        for thread in threads:
            thread.join()
        assert (code, seconds < system.STOP_SECONDS_MAX) == (0, True), f"{code} after {seconds:.1f} s:\n{process.tail()}"
        assert set(answers) <= {200, 503}, set(answers)
        # A request that was sent as an idle connection closed gets no answer; none is lost in the middle otherwise.
        assert all("timed out" not in str(error).lower() for error in refused), refused
    finally:
        deployment.discard()


def test_a_port_that_is_taken_ends_the_start_with_a_message():
    ports = system.Ports.free()
    with socket.create_server((system.HOST, ports.payment)):
        names = system.environment(ports, "payment")
        run = system.command("--transport", "grpc", "--service", "payment", **names)
    assert run.returncode not in (0, -signal.SIGILL, -signal.SIGTRAP, -signal.SIGABRT, -signal.SIGSEGV), run
    assert run.stderr.strip() or run.stdout.strip()
