"""curl sends bare gRPC frames over cleartext HTTP/2: what no gRPC library would send."""

import gzip

import pytest

from interop import methods
from interop.curl import frame, grpc_call

OK, INVALID_ARGUMENT, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAUTHENTICATED = 0, 3, 4, 12, 13, 16
RESOURCE_EXHAUSTED = 8
PATH = methods.CREATE_PAYMENT.path


@pytest.fixture
def call(backbone):
    def send(body=None, **options):
        options.setdefault("token", methods.CREATE_PAYMENT.token())
        body = frame(methods.CREATE_PAYMENT.request().SerializeToString()) if body is None else body
        return grpc_call(backbone.ports.target("payment"), options.pop("path", PATH), body, **options)

    return send


def test_one_framed_message_is_a_call(call):
    answer = call()
    assert (answer.http_status, answer.code) == (200, OK)
    assert answer.header("content-type").startswith("application/grpc")
    payment = methods.CREATE_PAYMENT.response.FromString(answer.body[5:]).payment
    assert answer.body[0] == 0 and payment.amount == 100


@pytest.mark.parametrize("content_type", ["application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8"])
def test_a_grpc_content_type_is_served(call, content_type):
    assert call(content_type=content_type).code == OK


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/grpcx", "application/grpc-web"])
def test_another_content_type_is_http_415(call, content_type):
    assert call(content_type=content_type).http_status == 415


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_http_method_is_http_405(call, method):
    assert call(method=method).http_status == 405


@pytest.mark.parametrize("timeout", ["1n", "0S", "1u"])
def test_the_server_enforces_a_deadline_itself(call, timeout):
    assert call(headers=[f"grpc-timeout: {timeout}"]).code == DEADLINE_EXCEEDED


@pytest.mark.parametrize("timeout", ["10S", "99999999H", "10000m", "1M"])
def test_a_deadline_in_any_unit_is_read(call, timeout):
    assert call(headers=[f"grpc-timeout: {timeout}"]).code == OK


@pytest.mark.parametrize("timeout", ["S", "10", "123456789S", "1s", "-1S", "1.5S", "ten"])
def test_a_malformed_deadline_is_internal(call, timeout):
    assert call(headers=[f"grpc-timeout: {timeout}"]).code == INTERNAL


def test_a_message_compressed_with_gzip_is_read(call):
    message = gzip.compress(methods.CREATE_PAYMENT.request().SerializeToString())
    assert call(frame(message, compressed=1), headers=["grpc-encoding: gzip"]).code == OK


@pytest.mark.parametrize("message", [b"", b"\x1f\x8b\x08", b"no gzip", gzip.compress(b"\x08\x01") + b"more"])
def test_what_is_no_gzip_is_internal(call, message):
    assert call(frame(message, compressed=1), headers=["grpc-encoding: gzip"]).code == INTERNAL


def test_a_compressed_message_over_the_limit_is_refused(call):
    bomb = gzip.compress(bytes(methods.MESSAGE_BYTES_MAX + 1))
    assert call(frame(bomb, compressed=1), headers=["grpc-encoding: gzip"]).code == RESOURCE_EXHAUSTED


@pytest.mark.parametrize("encoding", ["deflate", "snappy", "nonsense"])
def test_an_encoding_we_do_not_have_is_unimplemented_and_says_which_we_have(call, encoding):
    message = gzip.compress(methods.CREATE_PAYMENT.request().SerializeToString())
    answer = call(frame(message, compressed=1), headers=[f"grpc-encoding: {encoding}"])
    assert answer.code == UNIMPLEMENTED, answer
    assert answer.header("grpc-accept-encoding") == "identity,gzip"


def test_a_compressed_message_without_an_encoding_is_internal(call):
    message = gzip.compress(methods.CREATE_PAYMENT.request().SerializeToString())
    assert call(frame(message, compressed=1)).code == INTERNAL
    assert call(frame(message, compressed=1), headers=["grpc-encoding: identity"]).code == INTERNAL


@pytest.mark.parametrize(
    "body",
    [frame(b"\xff\xff\xff\xff"), frame(b"\x08"), frame(b"\x0a\x05ab"), frame(b"\x0a\x02\xff\xfe"), b"\0\0\0\0\x05ab", b"\0"],
    ids=["garbage", "cut varint", "cut string", "no UTF-8", "cut message", "cut prefix"],
)
def test_a_message_that_is_none_is_internal(call, body):
    assert call(body).code == INTERNAL


def test_two_messages_on_a_unary_call_are_unimplemented(call):
    message = frame(methods.CREATE_PAYMENT.request().SerializeToString())
    assert call(message + message).code == UNIMPLEMENTED


def test_a_prefix_that_promises_too_much_is_refused_before_the_bytes_come(call):
    answer = call(b"\0\x7f\xff\xff\xff" + b"x" * 100)
    assert answer.code == 8, answer


def test_an_empty_message_breaks_rules_and_no_framing(call):
    assert call(frame(b"")).code == INVALID_ARGUMENT


def test_an_error_message_is_percent_encoded(call):
    answer = call(path="payment.PaymentService/N%C3%B6thing")
    assert answer.code == UNIMPLEMENTED
    assert all(" " <= character <= "~" for character in answer.message)


def test_an_error_is_http_200_without_a_body(call):
    answer = call(token=None)
    assert (answer.http_status, answer.code, answer.body) == (200, UNAUTHENTICATED, b"")


def test_an_unknown_field_is_passed_over(call):
    request = methods.CREATE_PAYMENT.request().SerializeToString()
    assert call(frame(request + b"\xf8\x3f\x01")).code == OK
