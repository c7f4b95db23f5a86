"""A call as grpcurl makes it: its messages are what the server's reflection (v1) says they are; nothing is compiled in."""

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from grpc_reflection.v1alpha import reflection_pb2  # v1 has the same messages

REFLECTION = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"
SECONDS_MAX = 5


def call(target, service, method):
    """What a method answers to an empty message, as JSON has it."""
    with grpc.insecure_channel(target) as channel:
        described = described_service(channel, service).FindMethodByName(method)
        request, answer = (message_factory.GetMessageClass(kind) for kind in (described.input_type, described.output_type))
        asked = channel.unary_unary(f"/{service}/{method}", request_serializer=request.SerializeToString, response_deserializer=answer.FromString)
        return json_format.MessageToDict(asked(request(), timeout=SECONDS_MAX))


def described_service(channel, service):
    reflect = channel.stream_stream(
        REFLECTION,
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
    )
    ask = reflection_pb2.ServerReflectionRequest(file_containing_symbol=service)
    [answer] = reflect(iter([ask]), timeout=SECONDS_MAX)
    pool = descriptor_pool.DescriptorPool()
    for file in answer.file_descriptor_response.file_descriptor_proto:
        pool.AddSerializedFile(file)
    return pool.FindServiceByName(service)
