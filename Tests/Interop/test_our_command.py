"""`runtime call`, the bare client, against a grpcio server that misbehaves; it came later than the rest, if at all."""

import time

import grpc
import pytest

from interop import misbehaviour, system

pytestmark = pytest.mark.skipif(
    "\n  call " not in system.command("--help").stdout, reason="this `runtime` has no `call`"
)
PATH = "misbehaviour.Service/Call"


@pytest.fixture(scope="module")
def services():
    made = misbehaviour.FalseServices()
    yield made
    made.stop()


def call(port, *arguments, path=PATH):
    began = time.monotonic()
    run = system.command("call", "--target", f"{system.HOST}:{port}", "--method", path, *arguments)
    status = run.stdout.strip().partition(":")[0]
    assert run.returncode == (0 if status == "OK" else 1), run
    return status, run.stdout.strip().partition(": ")[2], time.monotonic() - began


def test_ok_is_ok(services):
    services.behave(PATH, lambda request, context: b"")
    assert call(services.port)[0] == "OK"


@pytest.mark.parametrize("code", [code for code in grpc.StatusCode if code is not grpc.StatusCode.OK], ids=lambda code: code.name)
def test_every_status_arrives_with_its_message(services, code):
    services.behave(PATH, lambda request, context: context.abort(code, "100 % über €"))
    status, message, _ = call(services.port)
    assert (status, message) == (code.name, "100 % über €")


def test_a_server_that_never_answers_meets_the_deadline(services):
    services.behave(PATH, lambda request, context: services.seen[-1].ended.wait(10) and b"")
    status, _, elapsed = call(services.port, "--timeout", "500ms")
    assert status == "DEADLINE_EXCEEDED" and elapsed < 3
    assert services.seen[-1].ended.wait(2)


@pytest.mark.parametrize("size, status", [(4 * 1024 * 1024, "OK"), (4 * 1024 * 1024 + 1, "RESOURCE_EXHAUSTED")])
def test_a_large_response_is_taken_up_to_four_mebibytes(services, size, status):
    services.behave(PATH, lambda request, context: b"x" * size)
    assert call(services.port)[0] == status


@pytest.mark.parametrize("size, status", [(4 * 1024 * 1024, "OK"), (4 * 1024 * 1024 + 1, "RESOURCE_EXHAUSTED")])
def test_a_large_request_is_sent(services, size, status):
    services.behave(PATH, lambda request, context: b"")
    assert call(services.port, "--message-bytes", str(size))[0] == status
    if status == "OK":
        assert len(services.seen[-1].request) == size


def test_a_method_nobody_has_is_unimplemented(services):
    assert call(services.port, path="nobody.Has/This")[0] == "UNIMPLEMENTED"


@pytest.mark.parametrize("count", [0, 2])
def test_another_count_of_messages_than_one_is_an_error(services, count):
    def run(request, context):
        yield from [b""] * count

    services.behave(PATH, run, streams=True)
    assert call(services.port)[0] in ("INTERNAL", "UNIMPLEMENTED", "UNKNOWN")


def test_metadata_before_an_error_does_not_hide_it(services):
    def run(request, context):
        context.send_initial_metadata([("x-early", "1")])
        context.set_trailing_metadata([("x-late-bin", b"\0\xff")])
        context.abort(grpc.StatusCode.ABORTED, "late")

    services.behave(PATH, run)
    assert call(services.port)[:2] == ("ABORTED", "late")


@pytest.mark.parametrize(
    "talk, expected",
    [
        (misbehaviour.hang_up, "UNAVAILABLE"),
        (misbehaviour.reset, "UNAVAILABLE"),
        (misbehaviour.speak_http_1, "UNAVAILABLE"),
        (misbehaviour.speak_nonsense, "UNAVAILABLE"),
        (misbehaviour.settle_and_hang_up, "UNAVAILABLE"),
        (misbehaviour.say_nothing, "DEADLINE_EXCEEDED"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_peer_that_is_no_grpc_server_ends_the_call(talk, expected):
    peer = misbehaviour.RawServer(talk)
    try:
        status, _, elapsed = call(peer.port, "--timeout", "2s")
        assert status in (expected, "DEADLINE_EXCEEDED") and elapsed < 4
    finally:
        peer.close()


@pytest.mark.parametrize(
    "status, expected",
    [(200, "UNKNOWN"), (400, "INTERNAL"), (401, "UNAUTHENTICATED"), (403, "PERMISSION_DENIED"), (404, "UNIMPLEMENTED"),
     (418, "UNKNOWN"), (429, "UNAVAILABLE"), (500, "UNKNOWN"), (502, "UNAVAILABLE"), (503, "UNAVAILABLE"), (504, "UNAVAILABLE")],
)
def test_an_http_status_stands_for_a_grpc_status(status, expected):
    peer = misbehaviour.RawServer(misbehaviour.answer_in_plain_http_2(status))
    try:
        assert call(peer.port, "--timeout", "2s")[0] == expected
    finally:
        peer.close()


def test_nobody_listening_is_unavailable_at_once():
    status, _, elapsed = call(system.free_ports(1)[0], "--timeout", "5s")
    assert status == "UNAVAILABLE" and elapsed < 3
