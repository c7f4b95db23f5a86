"""A collector of traces by grpcio: OTLP's messages are generated from the protocol's own files."""

from dataclasses import dataclass

from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
from opentelemetry.proto.trace.v1 import trace_pb2

from interop.misbehaviour import FalseServices
from interop.system import HOST

EXPORT = "opentelemetry.proto.collector.trace.v1.TraceService/Export"


@dataclass(frozen=True)
class Span:
    """One span, and the service that it comes from; ids are hexadecimal digits."""

    service: str
    name: str
    kind: int
    trace: str
    id: str
    parent: str
    start: int
    end: int
    attributes: dict
    is_error: bool

    @classmethod
    def read(cls, service, span):
        ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
        times = (span.start_time_unix_nano, span.end_time_unix_nano)
        is_error = span.status.code == trace_pb2.Status.STATUS_CODE_ERROR
        return cls(service, span.name, span.kind, *ids, *times, attributes(span), is_error)


class Collector(FalseServices):
    """Keeps every span that it is sent."""

    def __init__(self):
        super().__init__()
        self.spans = []
        self.behave(EXPORT, self.take)

    @property
    def url(self):
        return f"http://{HOST}:{self.port}"

    def take(self, request, context):
        for part in trace_service_pb2.ExportTraceServiceRequest.FromString(request).resource_spans:
            service = attributes(part.resource)["service.name"]
            self.spans += [Span.read(service, span) for scope in part.scope_spans for span in scope.spans]
        return trace_service_pb2.ExportTraceServiceResponse().SerializeToString()

    def of(self, trace):
        return [span for span in self.spans if span.trace == trace]


def attributes(thing):
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in thing.attributes}
