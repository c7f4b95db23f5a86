"""Deadlines, cancellation, sizes, concurrency and metadata, as grpcio has them."""

import threading
import time

import grpc
import payment_pb2
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from interop import methods
from interop.methods import CREATE_PAYMENT, LIST_ENTRIES, MESSAGE_BYTES_MAX, RECORD_TRANSACTION, code_of, fresh

CALLS_IN_FLIGHT = 200


def authorization(method):
    return [("authorization", f"Bearer {method.token()}")]


def start(channel, request=None, timeout=30, method=CREATE_PAYMENT, **options):
    request = request or method.request()
    return method.stub(channel).future(request, timeout=timeout, metadata=authorization(method), **options)


def assert_alive(channels):
    code, error = code_of(CREATE_PAYMENT.call, channels["payment"])
    assert code == grpc.StatusCode.OK, error


@pytest.mark.parametrize("timeout", [0, 0.000001, 0.0005], ids=["passed", "1 us", "500 us"])
def test_a_deadline_that_has_passed_ends_the_call(channels, timeout):
    code, error = code_of(CREATE_PAYMENT.call, channels["payment"], timeout=timeout)
    allowed = [grpc.StatusCode.DEADLINE_EXCEEDED] + ([grpc.StatusCode.OK] if timeout == 0.0005 else [])
    assert code in allowed, error
    assert_alive(channels)


def test_a_thousand_tiny_deadlines_leave_a_healthy_server(channels):
    calls = [start(channels["payment"], timeout=0.0002 * (1 + index % 20)) for index in range(1000)]
    codes = {call.code() for call in calls}
    assert codes <= {grpc.StatusCode.OK, grpc.StatusCode.DEADLINE_EXCEEDED}
    assert_alive(channels)


def test_a_watch_ends_at_its_deadline(channels):
    began = time.monotonic()
    watch = health_pb2_grpc.HealthStub(channels["payment"]).Watch(health_pb2.HealthCheckRequest(), timeout=0.5)
    code, _ = code_of(lambda: list(watch))
    assert code == grpc.StatusCode.DEADLINE_EXCEEDED
    assert 0.4 < time.monotonic() - began


def test_an_unlimited_call_is_answered(channels):
    assert code_of(CREATE_PAYMENT.call, channels["payment"], timeout=None)[0] == grpc.StatusCode.OK


def test_a_cancelled_call_is_cancelled_and_the_next_is_served(channels):
    calls = [start(channels["payment"]) for _ in range(300)]
    for call in calls:
        call.cancel()
    codes = [call.code() for call in calls]
    # Some were quicker than we.
    assert set(codes) <= {grpc.StatusCode.CANCELLED, grpc.StatusCode.OK}
    assert codes.count(grpc.StatusCode.CANCELLED) > 0
    assert_alive(channels)


def test_a_call_cancelled_in_the_middle_is_cancelled(channels):
    for index in range(100):
        call = start(channels["payment"])
        time.sleep(0.0002 * (index % 10))
        call.cancel()
        assert call.code() in (grpc.StatusCode.OK, grpc.StatusCode.CANCELLED)
    assert_alive(channels)


def test_a_stream_that_is_cancelled_ends(channels):
    stream = LIST_ENTRIES.stub(channels["ledger"])(
        methods.ledger_pb2.ListEntriesRequest(),
        timeout=10,
        metadata=authorization(LIST_ENTRIES),
    )
    stream.cancel()
    code, _ = code_of(lambda: list(stream))
    assert code == grpc.StatusCode.CANCELLED
    assert code_of(LIST_ENTRIES.call, channels["ledger"])[0] == grpc.StatusCode.OK


def sized(size):
    """A CreatePayment request of exactly `size` bytes."""
    overhead = payment_pb2.CreatePaymentRequest(order_id="x" * (size - 16), amount=100).ByteSize() - (size - 16)
    request = payment_pb2.CreatePaymentRequest(order_id="x" * (size - overhead), amount=100)
    assert request.ByteSize() == size
    return request


@pytest.mark.parametrize("size", [MESSAGE_BYTES_MAX, MESSAGE_BYTES_MAX - 1, 1024 * 1024])
def test_a_message_of_up_to_four_mebibytes_is_read(channels, size):
    code, error = code_of(CREATE_PAYMENT.call, channels["payment"], sized(size))
    assert code == grpc.StatusCode.INVALID_ARGUMENT, error
    assert len(error.details()) < 1024


@pytest.mark.parametrize("size", [MESSAGE_BYTES_MAX + 1, MESSAGE_BYTES_MAX * 2])
def test_a_message_over_four_mebibytes_is_refused(channels, size):
    code, error = code_of(CREATE_PAYMENT.call, channels["payment"], sized(size))
    assert code == grpc.StatusCode.RESOURCE_EXHAUSTED, error
    assert_alive(channels)


@pytest.mark.parametrize("size", [100_000, 3_000_000, MESSAGE_BYTES_MAX])
def test_a_large_upload_to_a_refused_call_is_answered_before_it_ends(channels, size):
    for _ in range(10):
        code, error = code_of(CREATE_PAYMENT.call, channels["payment"], sized(size), token=None)
        assert code == grpc.StatusCode.UNAUTHENTICATED, error
    assert_alive(channels)


def test_large_messages_at_once_are_all_read(channels):
    # A debug build reads four mebibytes in a second or two.
    calls = [start(channels["payment"], sized(MESSAGE_BYTES_MAX), timeout=50) for _ in range(5)]
    assert {call.code() for call in calls} == {grpc.StatusCode.INVALID_ARGUMENT}


def test_two_hundred_calls_in_flight_are_all_answered(channels):
    requests = [CREATE_PAYMENT.request() for _ in range(CALLS_IN_FLIGHT)]
    calls = [start(channels["payment"], request) for request in requests]
    answers = [call.result() for call in calls]
    assert [answer.payment.order_id for answer in answers] == [request.order_id for request in requests]
    assert len({answer.payment.payment_id for answer in answers}) == CALLS_IN_FLIGHT
    assert not any(answer.replayed for answer in answers)


def test_two_hundred_racing_duplicates_have_one_effect(channels):
    request = payment_pb2.CreatePaymentRequest(order_id=fresh("order"), amount=5, idempotency_key=fresh("key"))
    calls = [start(channels["payment"], request) for _ in range(CALLS_IN_FLIGHT)]
    answers = [call.result() for call in calls]
    assert [answer.replayed for answer in answers].count(False) == 1
    assert len({answer.payment.payment_id for answer in answers}) == 1


def test_twenty_connections_are_served_side_by_side(backbone):
    failures = []

    def client():
        options = [("grpc.use_local_subchannel_pool", 1)]
        with grpc.insecure_channel(backbone.ports.target("payment"), options=options) as channel:
            for _ in range(20):
                code, error = code_of(CREATE_PAYMENT.call, channel)
                if code != grpc.StatusCode.OK:
                    failures.append(error)

    CREATE_PAYMENT.token()
    threads = [threading.Thread(target=client) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.parametrize(
    "metadata",
    [
        [("x-blob-bin", bytes(range(256)))],
        [("x-blob-bin", b"")],
        [("x-blob-bin", b"a"), ("x-blob-bin", b"bc"), ("x-blob-bin", b"def")],
        [("x-trace-bin", b"\x00\xff" * 2000)],
        [("grpc-trace-bin", b"\x00" * 29)],
        [("x-words", "a, b; c=\"d\" ~")],
        [("x-request-id", "interop.1"), ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")],
    ],
    ids=["all bytes", "empty", "three values", "4 KB", "census", "text", "trace"],
)
def test_metadata_of_any_kind_does_not_break_a_call(channels, metadata):
    code, error = code_of(CREATE_PAYMENT.call, channels["payment"], metadata=metadata)
    assert code == grpc.StatusCode.OK, error


def test_too_much_metadata_is_refused_and_the_connection_serves_on(channels):
    metadata = [("x-much", "m" * 1000)] * 64
    code, error = code_of(CREATE_PAYMENT.call, channels["payment"], metadata=metadata)
    assert code == grpc.StatusCode.RESOURCE_EXHAUSTED, error
    assert_alive(channels)


def test_a_request_compressed_with_gzip_is_read(channels):
    """What it says is wrong: an error of ours means that it was read."""
    request = payment_pb2.CreatePaymentRequest(order_id="x" * 4000, amount=100)
    code, error = code_of(CREATE_PAYMENT.call, channels["payment"], request, compression=grpc.Compression.Gzip)
    assert code == grpc.StatusCode.INVALID_ARGUMENT, error
    code, error = code_of(CREATE_PAYMENT.call, channels["payment"], compression=grpc.Compression.Gzip)
    assert code == grpc.StatusCode.OK, error


def test_a_request_compressed_with_deflate_is_unimplemented(channels):
    request = payment_pb2.CreatePaymentRequest(order_id="x" * 4000, amount=100)
    code, error = code_of(CREATE_PAYMENT.call, channels["payment"], request, compression=grpc.Compression.Deflate)
    assert code == grpc.StatusCode.UNIMPLEMENTED, error
    assert_alive(channels)


def test_a_unary_method_called_as_a_stream_of_one_is_served(channels):
    call = channels["payment"].stream_unary(
        "/" + CREATE_PAYMENT.path,
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=CREATE_PAYMENT.response.FromString,
    )
    metadata = authorization(CREATE_PAYMENT)
    assert call(iter([CREATE_PAYMENT.request()]), timeout=60, metadata=metadata).payment.amount == 100
    code, error = code_of(call, iter([CREATE_PAYMENT.request()] * 2), timeout=60, metadata=metadata)
    assert code == grpc.StatusCode.UNIMPLEMENTED, error
    code, error = code_of(call, iter([]), timeout=60, metadata=metadata)
    assert code in (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNIMPLEMENTED), error


def test_a_channel_that_was_closed_leaves_its_calls_cancelled(backbone):
    channel = grpc.insecure_channel(backbone.ports.target("payment"), options=[("grpc.use_local_subchannel_pool", 1)])
    calls = [start(channel) for _ in range(50)]
    channel.close()
    assert {call.code() for call in calls} <= {grpc.StatusCode.OK, grpc.StatusCode.CANCELLED}


def test_record_transaction_takes_two_hundred_at_once(channels):
    calls = [start(channels["ledger"], method=RECORD_TRANSACTION) for _ in range(CALLS_IN_FLIGHT)]
    assert not any(call.result().already_recorded for call in calls)
