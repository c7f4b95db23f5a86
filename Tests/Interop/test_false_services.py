"""Our client calls a grpcio server that misbehaves on purpose: the gateway in front of false services."""

import dataclasses
import threading
import time

import grpc
import jwt
import payment_pb2
import pytest
import refund_pb2
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from interop import misbehaviour, system, tokens
from interop.curl import Gateway, assert_problem
from interop.methods import CREATE_PAYMENT, CREATE_REFUND, GET_PAYMENT, fresh

CREATE_TIMEOUT_SECONDS = 5
GET_TIMEOUT_SECONDS = 2
PAYMENT = payment_pb2.Payment(
    payment_id="pay_x", order_id="o", amount=100, currency="EUR", method="CARD", status="CAPTURED"
)
SHOWN = payment_pb2.GetPaymentResponse(payment=PAYMENT, remaining=100).SerializeToString()
SHORT = payment_pb2.GetPaymentResponse(payment=PAYMENT).SerializeToString()
LONG = payment_pb2.GetPaymentResponse(
    payment=PAYMENT, refunds=[payment_pb2.Refund(refund_id="ref_x", amount=1, reason="x" * 200)], remaining=99
).SerializeToString()
PAID = payment_pb2.CreatePaymentResponse(payment=PAYMENT).SerializeToString()
# What a status without a reason of ours means for a read (docs/decisions/0012): nobody vouches for it.
HTTP_OF = {
    "INVALID_ARGUMENT": 500,
    "FAILED_PRECONDITION": 500,
    "OUT_OF_RANGE": 500,
    "UNAUTHENTICATED": 503,
    "PERMISSION_DENIED": 503,
    "NOT_FOUND": 500,
    "ALREADY_EXISTS": 500,
    "ABORTED": 500,
    "RESOURCE_EXHAUSTED": 503,
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INTERNAL": 500,
    "DATA_LOSS": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
SECRET_TEXT = "internal text: /srv/db 10.1.2.3"


# A breaker would spare the false services what they are here for.
WITHOUT_BREAKER = '{"loadBalancingConfig": [{"round_robin": {}}]}'


class Front(Gateway):
    """A gateway process in front of somebody else's services."""

    def __init__(self, port):
        ports = dataclasses.replace(system.Ports.free(), payment=port, refund=port, ledger=port)
        self.process = system.Process(
            "gateway-of-false-services",
            ["--transport", "grpc", "--service", "gateway"],
            system.environment(ports, "gateway", PAYMENT_SERVICE_CONFIG=WITHOUT_BREAKER),
        )
        self.url = f"http://{system.HOST}:{ports.gateway}"
        self.process.await_http(ports.gateway)

    def show(self, token=None, **options):
        return self.get("/payments/pay_x", token or tokens.user("alice"), **options)

    def pay(self, **options):
        fields = {"order_id": fresh("order"), "amount": 100}
        return self.post("/pay", tokens.user("alice"), fields, **options)

    def discard(self):
        running = self.process.is_running
        tail = self.process.tail()
        self.process.discard()
        assert running, f"the gateway ended with {self.process.popen.returncode}:\n{tail}"


@pytest.fixture(scope="module")
def services():
    made = misbehaviour.FalseServices()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def front(services):
    made = Front(services.port)
    yield made
    made.discard()


@pytest.fixture(autouse=True)
def good_behaviour(services):
    services.seen.clear()
    services.behave(GET_PAYMENT.path, lambda request, context: SHOWN)
    services.behave(CREATE_PAYMENT.path, lambda request, context: PAID)


def aborting(code, message=SECRET_TEXT):
    return lambda request, context: context.abort(code, message)


def test_a_good_answer_is_shown(front):
    answer = front.show()
    assert (answer.status, answer.json["payment_id"], answer.json["remaining"]) == (200, "pay_x", 100), str(answer)
    assert front.pay().status == 200


@pytest.mark.parametrize("name", HTTP_OF)
def test_a_status_without_a_reason_of_ours_vouches_for_nothing(front, services, name):
    services.behave(GET_PAYMENT.path, aborting(grpc.StatusCode[name]))
    answer = front.show()
    assert answer.status == HTTP_OF[name], str(answer)
    assert SECRET_TEXT not in str(assert_problem(answer, answer.status, None, "/payments/pay_x"))


@pytest.mark.parametrize("name", HTTP_OF)
def test_no_status_makes_a_payment_that_may_have_happened_a_failed_one(front, services, name):
    services.behave(CREATE_PAYMENT.path, aborting(grpc.StatusCode[name]))
    answer = front.pay()
    problem = assert_problem(answer, answer.status, None, "/pay")
    assert SECRET_TEXT not in str(problem)
    if name in ("UNKNOWN", "INTERNAL", "DATA_LOSS", "DEADLINE_EXCEEDED", "CANCELLED"):
        assert problem["payment_id"].startswith("pay_"), problem
    if name in ("DEADLINE_EXCEEDED", "UNAVAILABLE"):
        assert answer.status in (503, 504) and problem["retryable"] is True


def rich(code, message, *details):
    def run(request, context):
        status = status_pb2.Status(code=code, message=message)
        for detail in details:
            packed = any_pb2.Any()
            packed.Pack(detail)
            status.details.append(packed)
        context.abort_with_status(rpc_status.to_status(status))

    return run


def info(reason, **metadata):
    return error_details_pb2.ErrorInfo(reason=reason, domain="florin", metadata=metadata)


def test_rich_errors_by_grpcio_status_are_understood(front, services):
    alice = tokens.user("alice")
    exceeded = info("REFUND_EXCEEDS_REMAINING", remaining="7")
    services.behave(CREATE_REFUND.path, rich(code_pb2.FAILED_PRECONDITION, "no", exceeded))
    answer = front.post("/refund", alice, {"payment_id": "pay_x", "amount": 8})
    assert assert_problem(answer, 409, "refund_exceeds_remaining")["remaining"] == 7
    services.behave(CREATE_PAYMENT.path, rich(code_pb2.ALREADY_EXISTS, "no", info("ORDER_CONFLICT", field="amount")))
    assert assert_problem(front.pay(), 409, "order_conflict")["errors"][0]["field"] == "amount"
    services.behave(GET_PAYMENT.path, rich(code_pb2.NOT_FOUND, "no", info("PAYMENT_NOT_FOUND")))
    assert_problem(front.show(), 404, "payment_not_found")


def test_details_beside_others_and_of_another_domain_are_passed_over(front, services):
    foreign = error_details_pb2.ErrorInfo(reason="ALREADY_REFUNDED", domain="elsewhere")
    hint = error_details_pb2.RetryInfo()
    services.behave(GET_PAYMENT.path, rich(code_pb2.NOT_FOUND, "no", hint, foreign, info("PAYMENT_NOT_FOUND")))
    assert_problem(front.show(), 404, "payment_not_found")


@pytest.mark.parametrize("details", [b"", b"\xff\xff\xff", b"x" * 4000])
def test_details_that_cannot_be_read_do_not_lose_the_code(front, services, details):
    def run(request, context):
        context.set_trailing_metadata([("grpc-status-details-bin", details)])
        context.abort(grpc.StatusCode.DEADLINE_EXCEEDED, "no")

    services.behave(CREATE_PAYMENT.path, run)
    assert_problem(front.pay(), 504, "outcome_unknown")


@pytest.mark.parametrize("message", ["", "100 % \r\n über €", "%", "x" * 3000, "\x7f\x01"])
def test_a_message_of_any_kind_does_not_lose_the_code(front, services, message):
    services.behave(CREATE_PAYMENT.path, aborting(grpc.StatusCode.DEADLINE_EXCEEDED, message))
    assert_problem(front.pay(), 504, "outcome_unknown")


def test_a_service_that_never_answers_is_an_unknown_outcome_and_is_told_to_stop(front, services):
    services.behave(CREATE_PAYMENT.path, lambda request, context: services.seen[-1].ended.wait(20) and b"")
    began = time.monotonic()
    answer = front.pay()
    elapsed = time.monotonic() - began
    problem = assert_problem(answer, 504, "outcome_unknown", "/pay")
    assert problem["payment_id"].startswith("pay_") and problem["retryable"] is True
    assert CREATE_TIMEOUT_SECONDS - 1 < elapsed
    assert services.seen[-1].ended.wait(60), "the service was never told"


def test_an_answer_after_the_deadline_is_not_taken_for_the_next_call(front, services):
    def late(request, context):
        time.sleep(GET_TIMEOUT_SECONDS + 1)
        return SHOWN

    services.behave(GET_PAYMENT.path, late)
    assert front.show().status == 504
    services.behave(GET_PAYMENT.path, lambda request, context: context.abort(grpc.StatusCode.UNIMPLEMENTED, "no"))
    for _ in range(3):
        assert front.show().status == 501
        time.sleep(0.5)


def test_the_deadline_travels_with_the_call(front, services):
    front.pay()
    assert 0 < services.seen[-1].time_remaining <= CREATE_TIMEOUT_SECONDS
    front.show()
    assert 0 < services.seen[-1].time_remaining <= GET_TIMEOUT_SECONDS


def test_pyjwt_verifies_the_service_token_and_the_user_token_stays_behind(front, services):
    user = tokens.user("alice")
    front.show(user)
    values = services.seen[-1].metadata["authorization"]
    assert len(values) == 1 and values[0].startswith("Bearer ") and user not in values[0]
    token = values[0].removeprefix("Bearer ")
    claims = tokens.claims(token, "payment")
    assert (claims["sub"], claims["aud"]) == ("gateway", "payment")
    assert claims["exp"] - claims["iat"] <= 60
    assert jwt.get_unverified_header(token)["typ"] == "st+jwt"


def test_the_service_learns_the_subject_from_the_request(front, services):
    front.pay()
    assert payment_pb2.CreatePaymentRequest.FromString(services.seen[-1].request).subject == "alice"
    front.show()
    assert payment_pb2.GetPaymentRequest.FromString(services.seen[-1].request).owner == "alice"
    services.behave(CREATE_REFUND.path, aborting(grpc.StatusCode.NOT_FOUND))
    front.post("/refund", tokens.user("alice"), {"payment_id": "pay_x"})
    refund = refund_pb2.CreateRefundRequest.FromString(services.seen[-1].request)
    assert (refund.owner, refund.subject) == ("alice", "alice")
    assert not refund.HasField("amount") and len(refund.idempotency_key) >= 16


def test_the_request_id_and_the_trace_parent_travel_with_the_call(front, services):
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    front.show(headers=["X-Request-Id: interop-7", "traceparent: " + parent])
    metadata = services.seen[-1].metadata
    assert metadata["x-request-id"] == ["interop-7"]
    version, trace, _, flags = metadata["traceparent"][0].split("-")
    assert (version, trace, flags) == ("00", "4bf92f3577b34da6a3ce929d0e0e4736", "01")


def metadata_of_all_kinds(request, context):
    context.send_initial_metadata([("x-initial", "1"), ("x-initial-bin", bytes(range(256)))])
    context.set_trailing_metadata([("x-trailing", "a, b"), ("x-trailing-bin", b""), ("x-trailing-bin", b"\xff" * 900)])
    return SHOWN


def uncompressed_under_gzip(request, context):
    """grpcio announces gzip and sends so short a message as it is: flag 0 under an encoding is legal."""
    context.set_compression(grpc.Compression.Gzip)
    return SHORT


def compressed(request, context):
    """grpcio compresses for peers too that did not ask for it."""
    context.set_compression(grpc.Compression.Gzip)
    return LONG


@pytest.mark.parametrize("run", [metadata_of_all_kinds, uncompressed_under_gzip, compressed], ids=lambda run: run.__name__)
def test_an_unusual_answer_is_taken(front, services, run):
    services.behave(GET_PAYMENT.path, run)
    assert front.show().status == 200


def huge_trailers(request, context):
    context.set_trailing_metadata([("x-much", "m" * 4000)] * 32)
    return SHOWN


def two_messages(request, context):
    yield SHOWN
    yield SHOWN


def no_message(request, context):
    yield from ()


def message_then_error(request, context):
    yield SHOWN
    context.abort(grpc.StatusCode.ABORTED, "changed my mind")


def crash(request, context):
    raise ValueError("a bug of the service")


BROKEN = {
    "no protobuf": (lambda request, context: b"\xff\xff\xff\xff", False),
    "cut protobuf": (lambda request, context: SHOWN[:-1], False),
    "empty": (lambda request, context: b"", False),
    "over 4 MiB": (lambda request, context: b"\x0a" + b"x" * (5 * 1024 * 1024), False),
    "two messages": (two_messages, True),
    "no message": (no_message, True),
    "a message, then an error": (message_then_error, True),
    "huge trailers": (huge_trailers, False),
    "an exception": (crash, False),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_answer_is_a_problem_and_the_next_one_is_served(front, services, name):
    services.behave(GET_PAYMENT.path, *BROKEN[name])
    answer = front.show()
    assert answer.status in (409, 429, 500, 502, 503, 504), str(answer)
    assert_problem(answer, answer.status, None, "/payments/pay_x")
    services.behave(GET_PAYMENT.path, lambda request, context: SHOWN)
    assert front.show().status == 200


def test_a_method_the_service_does_not_have_is_not_implemented(front, services):
    services.behaviours.clear()
    assert_problem(front.show(), 501, "unimplemented")


def test_a_call_in_flight_survives_a_graceful_stop_and_the_next_one_finds_the_new_server():
    services = misbehaviour.FalseServices()
    front = Front(services.port)
    entered, stopping = threading.Event(), threading.Event()

    def slow(request, context):
        entered.set()
        stopping.wait(60)
        return SHOWN

    try:
        services.behave(GET_PAYMENT.path, slow)
        answers = []
        caller = threading.Thread(target=lambda: answers.append(front.show()))
        caller.start()
        assert entered.wait(60)
        stopped = services.stop(grace=60)
        stopping.set()
        caller.join()
        assert [answer.status for answer in answers] == [200], str(answers)
        assert stopped.wait(60)
        services.start()
        assert await_status(front.show, 200).status == 200
    finally:
        services.stop()
        front.discard()


def test_a_server_that_stops_in_the_middle_leaves_an_unknown_outcome():
    services = misbehaviour.FalseServices()
    front = Front(services.port)
    entered = threading.Event()

    def slow(request, context):
        entered.set()
        services.seen[-1].ended.wait(10)
        return PAID

    try:
        services.behave(CREATE_PAYMENT.path, slow)
        answers = []
        caller = threading.Thread(target=lambda: answers.append(front.pay()))
        caller.start()
        assert entered.wait(60)
        services.stop(grace=None)
        caller.join()
        problem = assert_problem(answers[0], answers[0].status, None, "/pay")
        assert answers[0].status in (499, 503, 504), str(answers[0])
        assert problem["retryable"] is True and problem["payment_id"].startswith("pay_")
    finally:
        services.stop()
        front.discard()


def test_a_cut_line_leaves_an_unknown_outcome_and_is_mended():
    services = misbehaviour.FalseServices()
    wire = misbehaviour.Wire(services.port)
    front = Front(wire.port)
    entered = threading.Event()

    def slow(request, context):
        entered.set()
        services.seen[-1].ended.wait(10)
        return PAID

    try:
        services.behave(CREATE_PAYMENT.path, slow)
        answers = []
        caller = threading.Thread(target=lambda: answers.append(front.pay()))
        caller.start()
        assert entered.wait(60)
        wire.cut()
        caller.join()
        problem = assert_problem(answers[0], 504, "outcome_unknown", "/pay")
        assert problem["payment_id"].startswith("pay_") and problem["retryable"] is True
        services.behave(CREATE_PAYMENT.path, lambda request, context: PAID)
        assert await_status(front.pay, 200).status == 200
    finally:
        wire.close()
        services.stop()
        front.discard()


def await_status(ask, status, seconds=120):
    """Asks until the answer has the status."""
    deadline = time.monotonic() + seconds
    answer = ask()
    while answer.status != status and time.monotonic() < deadline:
        time.sleep(0.1)
        answer = ask()
    return answer


TALKS = [
    misbehaviour.hang_up,
    misbehaviour.reset,
    misbehaviour.say_nothing,
    misbehaviour.speak_http_1,
    misbehaviour.speak_nonsense,
    misbehaviour.settle_and_hang_up,
    misbehaviour.go_away_at_once,
    misbehaviour.refuse_with_settings_flood,
]


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.__name__)
def test_a_peer_that_is_no_grpc_server_is_a_problem_in_time(talk):
    peer = misbehaviour.RawServer(talk)
    front = Front(peer.port)
    try:
        for send, path in ((front.show, "/payments/pay_x"), (front.pay, "/pay")):
            answer = send()
            assert assert_problem(answer, answer.status, None, path)["retryable"] is True
            assert answer.status in (503, 504), str(answer)
        # A connection that answered nothing is made again at once, once; then each waits longer than the one before.
        assert 1 <= peer.connections < 50, "connections without any pause"
    finally:
        peer.close()
        front.discard()


# PROTOCOL.md 20, then CONTRACT.md: the HTTP status of a proxy, the gRPC status it stands for, our HTTP status.
PROXIES = [(400, {500}), (401, {401, 503}), (403, {403, 503}), (404, {501}), (429, {503, 504}), (502, {503, 504}),
           (503, {503, 504}), (504, {503, 504}), (500, {500}), (200, {500})]


@pytest.mark.parametrize("status, expected", PROXIES, ids=lambda value: str(value))
def test_an_http_status_without_a_grpc_status_is_understood(status, expected):
    peer = misbehaviour.RawServer(misbehaviour.answer_in_plain_http_2(status))
    front = Front(peer.port)
    try:
        answer = front.show()
        assert answer.status in expected, str(answer)
    finally:
        peer.close()
        front.discard()


def test_nobody_listening_is_unavailable_at_once():
    front = Front(system.free_ports(1)[0])
    try:
        # One that had waited for its deadline would be 504.
        assert_problem(front.pay(), 503, "unavailable", "/pay")
        health = front.get("/health")
        assert (health.status, health.json["status"]) == (503, "NOT_SERVING")
    finally:
        front.discard()
