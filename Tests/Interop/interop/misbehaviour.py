"""A grpcio server that misbehaves on purpose, and TCP servers that are no gRPC servers at all."""

import concurrent.futures
import socket
import struct
import threading
from dataclasses import dataclass, field
from typing import Callable

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from interop.system import HOST

THREADS_MAX = 64


@dataclass
class Seen:
    """What a call brought along."""

    path: str
    request: bytes
    metadata: dict
    time_remaining: float
    ended: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Behaviour:
    """How a method answers: `run(request, context)` returns bytes, or yields them when it streams."""

    run: Callable
    streams: bool = False


class FalseServices(grpc.GenericRpcHandler):
    """Answers every method as it is told, over real grpcio; health says SERVING."""

    def __init__(self, port=0):
        self.behaviours = {}
        self.seen = []
        self.port = port
        self.start()

    def start(self):
        pool = concurrent.futures.ThreadPoolExecutor(THREADS_MAX)
        options = [("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", 4 * 1024 * 1024)]
        self.server = grpc.server(pool, options=[*options, ("grpc.max_send_message_length", -1)])
        servicer = health.HealthServicer()
        for name in ("", "payment.PaymentService", "refund.RefundService", "ledger.LedgerService"):
            servicer.set(name, health_pb2.HealthCheckResponse.SERVING)
        health_pb2_grpc.add_HealthServicer_to_server(servicer, self.server)
        self.server.add_generic_rpc_handlers((self,))
        self.port = self.server.add_insecure_port(f"{HOST}:{self.port}")
        self.server.start()

    def stop(self, grace=None):
        return self.server.stop(grace)

    def behave(self, path, run, streams=False):
        self.behaviours["/" + path] = Behaviour(run, streams)

    def service(self, details):
        behaviour = self.behaviours.get(details.method)
        if behaviour is None:
            return None

        def note(request, context):
            metadata = {}
            for name, value in details.invocation_metadata:
                metadata.setdefault(name, []).append(value)
            seen = Seen(details.method, request, metadata, context.time_remaining())
            self.seen.append(seen)
            context.add_callback(seen.ended.set)

        def answer(request, context):
            note(request, context)
            return behaviour.run(request, context)

        def stream(request, context):
            note(request, context)
            yield from behaviour.run(request, context)

        if behaviour.streams:
            return grpc.unary_stream_rpc_method_handler(stream)
        return grpc.unary_unary_rpc_method_handler(answer)


class RawServer:
    """A TCP server whose every connection is handed to `talk` and then closed."""

    def __init__(self, talk):
        self.talk = talk
        self.connections = 0
        self.closing = threading.Event()
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while not self.closing.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            connection.settimeout(10)
            try:
                self.talk(connection, self.closing)
            except OSError:
                pass

    def close(self):
        self.closing.set()
        self.listener.close()


def hang_up(connection, closing):
    """Closes at once."""


def reset(connection, closing):
    """Closes with a TCP reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def say_nothing(connection, closing):
    """Reads and never answers."""
    while not closing.is_set() and connection.recv(65536):
        pass


def speak_http_1(connection, closing):
    """Is a web server."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def speak_nonsense(connection, closing):
    """Sends bytes that are no frames."""
    connection.sendall(bytes(range(256)) * 64)
    connection.recv(65536)


def settle_and_hang_up(connection, closing):
    """Sends SETTINGS, reads the first request, and hangs up."""
    connection.sendall(_frame(4, 0, 0, b""))
    connection.recv(65536)
    connection.recv(65536)


def go_away_at_once(connection, closing):
    """Sends SETTINGS and GOAWAY: nothing was processed."""
    connection.sendall(_frame(4, 0, 0, b"") + _frame(7, 0, 0, struct.pack(">II", 0, 0)))
    say_nothing(connection, closing)


def refuse_with_settings_flood(connection, closing):
    """Sends SETTINGS and never stops."""
    for _ in range(20_000):
        connection.sendall(_frame(4, 0, 0, b"") * 10)


def answer_in_plain_http_2(status):
    """Answers every stream with an HTTP status and no grpc-status."""

    def talk(connection, closing):
        connection.sendall(_frame(4, 0, 0, b""))
        buffer = b""
        while not closing.is_set():
            buffer += connection.recv(65536)
            buffer = buffer.removeprefix(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            while len(buffer) >= 9 and len(buffer) >= 9 + int.from_bytes(buffer[:3], "big"):
                length, kind, stream = int.from_bytes(buffer[:3], "big"), buffer[3], int.from_bytes(buffer[5:9], "big")
                buffer = buffer[9 + length :]
                if kind == 1:
                    # Literal field, not indexed, name 8 of HPACK's static table: ":status".
                    connection.sendall(_frame(1, 0x5, stream, b"\x08\x03" + str(status).encode()))

    return talk


def _frame(kind, flags, stream, payload):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


class Wire:
    """A TCP line to a server that can be cut."""

    def __init__(self, target_port):
        self.target_port = target_port
        self.ends = []
        self.server = RawServer(self._carry)
        self.port = self.server.port

    def _carry(self, near, closing):
        far = socket.create_connection((HOST, self.target_port))
        near.settimeout(None)
        self.ends += [near, far]
        back = threading.Thread(target=self._pump, args=(far, near), daemon=True)
        back.start()
        self._pump(near, far)
        back.join()

    @staticmethod
    def _pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        """Ends every connection; a new one is carried again."""
        ends, self.ends = self.ends, []
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.cut()
        self.server.close()
