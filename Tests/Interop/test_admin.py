"""What each process tells of itself on its admin port, judged by promtool and by Prometheus' own client."""

import pathlib
import secrets
import socket
import subprocess
import sys

import pytest
from prometheus_client.openmetrics import parser as openmetrics

from interop import system, tokens
from interop.admin import Admin, admins, front, samples  # noqa: F401: fixtures are used by their names
from interop.curl import Gateway, assert_problem
from interop.methods import fresh
from interop.waiting import until

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Deploy"))
import catalogue  # noqa: E402

PROCESSES = ("gateway", *system.SERVICES)
PATHS = ("/health", "/metrics", "/config", "/breakers", "/endpoints", "/log-level")
CALLEES = {"gateway": {"payment", "refund"}, "payment": {"ledger"}, "refund": {"ledger"}, "ledger": set()}
PREVIOUS_SECRET = secrets.token_urlsafe(48)
PAYMENTS = 20
# At these a breaker opens: the standard service config wants 20 calls within its window, and half of them failed.
CALLS_UNTIL_OPEN_MAX = 40
LOOPBACK_TOO = "127.0.0.2"


@pytest.fixture(scope="module")
def processes():
    """One process for each service, after some trade."""
    deployment = system.Deployment.one_process_each(
        ADMIN_PORT="0",
        JWT_SECRET_KEY_PREVIOUS=PREVIOUS_SECRET,
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://{system.HOST}:{system.free_ports(1)[0]}",
    )
    try:
        front = Gateway(deployment)
        for _ in range(PAYMENTS):
            trade(front)
        yield deployment
    finally:
        deployment.discard()


@pytest.fixture(params=PROCESSES)
def name(request):
    return request.param


@pytest.fixture
def admin(admins, name):
    return admins[name]


def pay(front, **options):
    return front.post("/pay", tokens.user("alice"), {"order_id": fresh("order"), "amount": 100}, **options)


def trade(front):
    """A payment that is taken, read and given back in part."""
    payment = pay(front).json["payment_id"]
    refund = front.post("/refund", tokens.user("alice"), {"payment_id": payment, "amount": 30})
    assert (refund.status, front.get(f"/payments/{payment}", tokens.user("alice")).status) == (200, 200), str(refund)


def test_health_names_the_services_of_the_process(admin, name):
    assert [admin.get(path).status for path in ("/health/live", "/health/ready")] == [200, 200]
    answer = admin.get("/health")
    served = {name: "SERVING"} if name in system.SERVICES else {}
    assert (answer.status, answer.json) == (200, {"status": "SERVING", "services": served})


def test_config_shows_how_the_process_was_configured(admin, name, processes):
    shown = admin.get("/config").json
    assert shown["services"] == [name]
    assert shown["endpoints"]["payment"] == processes.ports.target("payment")
    assert (shown["rate_limit"], shown["tls"], shown["credentials"]) == ("off", False, "[redacted]")


def test_no_path_shows_a_secret(admin):
    for path in PATHS:
        body = admin.get(path).body.decode()
        assert body and tokens.SECRET not in body and PREVIOUS_SECRET not in body, path


def test_a_ledger_without_its_database_starts_and_does_not_show_the_password():
    password, ports = secrets.token_hex(16), system.Ports.free()
    url = f"postgresql://florin:{password}@{system.HOST}:{ports.gateway}/florin"
    names = system.environment(ports, "ledger", ADMIN_PORT="0", LEDGER_DATA=None, DATABASE_URL=url, LOG_LEVEL="trace")
    ledger = system.Process("ledger-without-database", ["--transport", "grpc", "--service", "ledger"], names)
    try:
        admin = Admin(ledger)
        assert admin.get("/config").json["ledger_store"] == "database"
        ledger.await_log("the store of .* is lost")
        for path in PATHS:
            assert password not in admin.get(path).body.decode(), path
        assert password not in ledger.text
    finally:
        ledger.discard()


def test_breakers_are_those_of_the_methods_that_were_called(admin, name):
    breakers = admin.get("/breakers").json["breakers"]
    assert {breaker["target"] for breaker in breakers} == CALLEES[name]
    assert {breaker["state"] for breaker in breakers} <= {"closed"}
    assert all(breaker["method"].startswith(breaker["target"] + ".") for breaker in breakers), breakers


def test_endpoints_are_the_addresses_that_are_called(admin, name, processes):
    expected = [{"target": to, "address": processes.ports.target(to), "state": "ready"} for to in sorted(CALLEES[name])]
    # One event loop is asked, and each knows what it called itself.
    until(lambda: admin.get("/endpoints").json["endpoints"], lambda shown: shown == expected)


def test_an_unknown_path_is_not_found_and_the_answer_is_true(admins):
    for path in ("/", "/nothing", "/metrics/", "/config.json"):
        problem = assert_problem(admins["ledger"].get(path), 404, "route_not_found", path)
        assert "only /health" not in problem["detail"], problem


@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_method_is_refused_with_the_right_ones(admins, path):
    right = {"GET", "HEAD", "POST"} if path == "/log-level" else {"GET", "HEAD"}
    for method in sorted({"POST", "PUT", "DELETE", "PATCH"} - right):
        answer = admins["ledger"].send(method, path)
        assert_problem(answer, 405, "method_not_allowed", path)
        assert set(answer.header("allow").split(", ")) == right


@pytest.fixture
def level(admins):
    """Turns the level of the gateway's log; it is as before afterwards."""
    yield lambda name, **how: admins["gateway"].post("/log-level", **(how or {"form": [f"level={name}"]}))
    admins["gateway"].post("/log-level", form=["level=info"])


def test_the_log_level_is_read_and_turned_while_the_process_runs(admins, front, processes, level):
    log = processes.processes["gateway"]
    assert admins["gateway"].get("/log-level").json == {"level": "info"}
    names = [fresh(name) for name in ("shown", "hidden", "again")]
    for name, turned in zip(names, ("info", "error", "info")):
        assert level(turned).json == {"level": turned}
        assert admins["gateway"].get("/log-level").json == {"level": turned}
        pay(front, headers=[f"X-Request-ID: {name}"])
    log.await_log(names[2])
    assert [name in log.text for name in names] == [True, False, True]


def test_the_log_level_is_taken_as_json_as_it_is_given(admins, level):
    assert level("debug", json_body={"level": "debug"}).json == {"level": "debug"}
    assert admins["gateway"].get("/log-level").json == {"level": "debug"}


@pytest.mark.parametrize("form", [["level=loud"], ["level="], ["level=debug", "more=x"], ["levle=debug"], []])
def test_a_level_that_is_none_is_refused_with_those_that_are(admins, level, form):
    problem = assert_problem(level(None, form=form), 400, "validation_failed", "/log-level")
    assert "trace, debug, info, notice, warning, error, critical" in problem["detail"]
    assert admins["gateway"].get("/log-level").json == {"level": "info"}


def other_addresses():
    """Addresses of this machine that are not 127.0.0.1."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: the kernel says only which address it would send from.
            probe.connect(("192.0.2.1", 9))
            return {LOOPBACK_TOO, probe.getsockname()[0]} - {system.HOST}
        except OSError:
            return {LOOPBACK_TOO}


def can_connect(address, port):
    try:
        socket.create_connection((address, port), timeout=60).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.mark.parametrize("bind, is_open", [(None, False), ("0.0.0.0", True)], ids=["by default", "where told"])
def test_the_admin_port_is_on_loopback_only(bind, is_open):
    """The gateway's own port is on every address, in both cases."""
    deployment = system.Deployment.in_one_process("grpc", BIND_HOST="0.0.0.0", ADMIN_PORT="0", ADMIN_BIND_HOST=bind)
    try:
        admin = Admin(deployment.processes["all"])
        assert admin.get("/health").status == 200
        for address in other_addresses():
            assert can_connect(address, deployment.ports.gateway), address
            assert can_connect(address, admin.port) == is_open, address
    finally:
        deployment.discard()


def test_promtool_finds_no_fault_with_the_metrics(admin):
    checked = subprocess.run(["promtool", "check", "metrics"], input=admin.metrics(), capture_output=True, text=True)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_openmetrics_are_given_to_those_who_ask_and_say_the_same(admin):
    answer = admin.get("/metrics", headers=["Accept: application/openmetrics-text; version=1.0.0, text/plain; q=0.5"])
    assert answer.header("content-type") == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    text = answer.body.decode()
    assert text.endswith("\n# EOF\n") and text.count("# EOF") == 1
    asked = samples(openmetrics.text_string_to_metric_families(text))
    key = lambda sample: (sample.name, sorted(sample.labels.items()))
    assert sorted(map(key, asked)) == sorted(map(key, admin.samples()))


def test_prometheus_text_is_given_to_everybody_else(admin):
    for accept in ("text/plain", "*/*", ""):
        answer = admin.get("/metrics", headers=[f"Accept: {accept}"])
        assert answer.header("content-type") == "text/plain; version=0.0.4; charset=utf-8"
        assert "# EOF" not in answer.body.decode()


def test_every_live_metric_is_in_the_catalogue_with_its_labels(admin):
    known = catalogue.samples()
    assert not [sample for sample in admin.samples() if known.get(sample.name) != set(sample.labels)]


def test_every_metric_of_the_catalogue_is_live_somewhere(admins):
    live = {sample.name for admin in admins.values() for sample in admin.samples()}
    # These processes use no TLS.
    assert set(catalogue.samples()) - live == {"florin_tls_certificate_expiry_seconds"}


def test_metrics_count_what_was_done(admins, front):
    count = lambda name, metric, **labels: admins[name].total(metric, **labels)
    asked = {"http_request_method": "POST", "http_route": "/pay", "http_response_status_code": "200"}
    pairs = [
        ("gateway", "http_server_request_duration_seconds_count", asked),
        ("gateway", "grpc_client_attempt_started_total", {"grpc_method": "payment.PaymentService/CreatePayment"}),
        ("payment", "grpc_server_call_started_total", {"grpc_method": "payment.PaymentService/CreatePayment"}),
        ("ledger", "grpc_server_call_started_total", {"grpc_method": "ledger.LedgerService/RecordTransaction"}),
        ("ledger", "florin_journal_batch_entries_sum", {}),
    ]
    before = [count(name, metric, **labels) for name, metric, labels in pairs]
    for _ in range(3):
        assert pay(front).status == 200
    after = [count(name, metric, **labels) for name, metric, labels in pairs]
    assert [new - old for new, old in zip(after, before)] == [3] * len(pairs)


# Last: it leaves a breaker that is open.
def test_a_breaker_that_opens_is_shown_and_its_callers_are_told_when_to_come_again(admins, front, processes):
    processes.processes["payment"].kill()
    answers = [pay(front) for _ in range(CALLS_UNTIL_OPEN_MAX)]
    assert {answer.status for answer in answers} <= {503, 504}
    assert int(answers[-1].header("retry-after")) >= 1
    states = {one["target"]: one["state"] for one in admins["gateway"].get("/breakers").json["breakers"] if "Create" in one["method"]}
    assert states == {"payment": "open", "refund": "closed"}
    labels = {"grpc_target": "payment", "grpc_method": "payment.PaymentService/CreatePayment"}
    shown = {state: admins["gateway"].total("florin_breaker_state", state=state, **labels) for state in ("open", "closed")}
    assert shown == {"open": 1, "closed": 0}
    processes.start("payment")
    until(lambda: pay(front), lambda answer: answer.status == 200)
