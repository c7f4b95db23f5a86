"""grpcio-health-checking and grpcio-reflection drive the two standard services, without a token."""

import time

import grpc
import pytest
from google.protobuf import descriptor_pool, message_factory
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from interop import methods, system
from interop.methods import code_of

SERVING = health_pb2.HealthCheckResponse.SERVING
SERVICE_UNKNOWN = health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
FULL_NAMES = {
    "payment": "payment.PaymentService",
    "ledger": "ledger.LedgerService",
    "refund": "refund.RefundService",
}
MESSAGES = {
    "payment.PaymentService": {"CreatePayment": "CreatePaymentRequest", "GetPayment": "GetPaymentRequest"},
    "ledger.LedgerService": {
        "RecordTransaction": "RecordTransactionRequest",
        "RecordRefund": "RecordRefundRequest",
        "GetTransaction": "GetTransactionRequest",
        "GetBalance": "GetBalanceRequest",
        "ListEntries": "ListEntriesRequest",
        "Watch": "WatchRequest",
    },
    "refund.RefundService": {"CreateRefund": "CreateRefundRequest"},
}
VERSIONS = ["v1alpha", "v1"]


@pytest.fixture(params=system.SERVICES)
def service(request):
    return request.param


@pytest.fixture
def health(channels, service):
    return health_pb2_grpc.HealthStub(channels[service])


def asking(name=""):
    return health_pb2.HealthCheckRequest(service=name)


def test_the_server_and_its_service_are_serving(health, service):
    assert health.Check(asking(), timeout=60).status == SERVING
    assert health.Check(asking(FULL_NAMES[service]), timeout=60).status == SERVING


@pytest.mark.parametrize("name", ["nothing", "payment", "payment.PaymentService/CreatePayment", "ö"])
def test_check_of_an_unknown_service_is_not_found(health, name):
    assert code_of(health.Check, asking(name), timeout=60)[0] == grpc.StatusCode.NOT_FOUND


def test_list_names_the_server_and_its_service(health, service):
    statuses = health.List(health_pb2.HealthListRequest(), timeout=60).statuses
    named = {name: statuses[name].status for name in statuses}
    assert named[""] == SERVING and named[FULL_NAMES[service]] == SERVING


@pytest.mark.parametrize("known", [True, False], ids=["the service", "the server"])
def test_watch_sends_the_status_at_once_and_stays_open(health, service, known):
    watch = health.Watch(asking(FULL_NAMES[service] if known else ""), timeout=60)
    assert next(watch).status == SERVING
    time.sleep(0.2)
    assert watch.is_active()
    watch.cancel()


def test_watch_of_an_unknown_service_sends_service_unknown_and_stays_open(health):
    watch = health.Watch(asking("nothing"), timeout=60)
    assert next(watch).status == SERVICE_UNKNOWN
    time.sleep(0.2)
    assert watch.is_active()
    watch.cancel()


def test_fifty_watches_do_not_keep_calls_waiting(channels):
    stub = health_pb2_grpc.HealthStub(channels["payment"])
    watches = [stub.Watch(asking(), timeout=60) for _ in range(50)]
    assert [next(watch).status for watch in watches] == [SERVING] * 50
    assert code_of(methods.CREATE_PAYMENT.call, channels["payment"])[0] == grpc.StatusCode.OK
    for watch in watches:
        watch.cancel()


def test_a_bad_token_does_not_close_health(health):
    metadata = [("authorization", "Bearer garbage")]
    assert health.Check(asking(), timeout=60, metadata=metadata).status == SERVING


def test_the_health_command_says_what_grpcio_says(backbone, service):
    target = backbone.ports.target(service)
    assert system.command("health", "--target", target).returncode == 0
    assert system.command("health", "--target", target, "--service", FULL_NAMES[service]).returncode == 0
    assert system.command("health", "--target", target, "--service", "nothing").returncode != 0


def test_the_health_command_fails_where_nobody_listens():
    port = system.free_ports(1)[0]
    run = system.command("health", "--target", f"127.0.0.1:{port}")
    assert run.returncode != 0, run


def database(channel, version):
    """grpcio-reflection's client; it speaks v1alpha, and v1 has the same messages."""
    client = ProtoReflectionDescriptorDatabase(channel)
    if version == "v1":
        client._stub = RenamedReflection(channel)
    return client


class RenamedReflection:
    def __init__(self, channel):
        self.ServerReflectionInfo = channel.stream_stream(
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
            response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
        )


@pytest.mark.parametrize("version", VERSIONS)
def test_reflection_lists_the_services(channels, service, version):
    names = list(database(channels[service], version).get_services())
    standard = ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"]
    assert sorted(names) == sorted([FULL_NAMES[service], *standard])


@pytest.mark.parametrize("version", VERSIONS)
def test_reflection_describes_every_method_of_every_listed_service(channels, service, version):
    client = database(channels[service], version)
    pool = descriptor_pool.DescriptorPool(client)
    for name in client.get_services():
        described = pool.FindServiceByName(name)
        assert described.full_name == name and described.methods
        for method in described.methods:
            assert pool.FindMethodByName(method.full_name) is not None
            assert message_factory.GetMessageClass(method.input_type)().ByteSize() == 0
            assert message_factory.GetMessageClass(method.output_type)().ByteSize() == 0
    own = pool.FindServiceByName(FULL_NAMES[service])
    assert {method.name: method.input_type.name for method in own.methods} == MESSAGES[FULL_NAMES[service]]


@pytest.mark.parametrize("version", VERSIONS)
def test_reflection_finds_files_messages_and_fields(channels, service, version):
    client = database(channels[service], version)
    file = client.FindFileByName(f"{service}.proto")
    assert file.package == service
    for message in [method for method in MESSAGES[FULL_NAMES[service]].values()]:
        assert client.FindFileContainingSymbol(f"{service}.{message}").name == file.name


@pytest.mark.parametrize("version", VERSIONS)
def test_reflection_of_what_is_not_there_is_an_error_in_the_stream(channels, service, version):
    client = database(channels[service], version)
    stub = client._stub
    asked = [
        reflection_pb2.ServerReflectionRequest(file_containing_symbol="no.Such"),
        reflection_pb2.ServerReflectionRequest(file_by_filename="no_such.proto"),
        reflection_pb2.ServerReflectionRequest(list_services=""),
    ]
    answers = list(stub.ServerReflectionInfo(iter(asked), timeout=60))
    assert [answer.original_request for answer in answers] == asked
    assert [answer.error_response.error_code for answer in answers] == [grpc.StatusCode.NOT_FOUND.value[0]] * 2 + [0]
    assert len(answers[2].list_services_response.service) == 4


@pytest.mark.parametrize("version", VERSIONS)
def test_a_call_made_from_reflection_alone_takes_a_payment(channels, version):
    pool = descriptor_pool.DescriptorPool(database(channels["payment"], version))
    method = pool.FindServiceByName("payment.PaymentService").FindMethodByName("CreatePayment")
    request = message_factory.GetMessageClass(method.input_type)(order_id=methods.fresh("order"), amount=250)
    call = channels["payment"].unary_unary(
        f"/{method.containing_service.full_name}/{method.name}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=message_factory.GetMessageClass(method.output_type).FromString,
    )
    metadata = [("authorization", f"Bearer {methods.CREATE_PAYMENT.token()}")]
    answer = call(request, timeout=60, metadata=metadata)
    assert (answer.payment.amount, answer.payment.order_id) == (250, request.order_id)
