"""Every gRPC method of the system, and how grpcio calls it."""

import uuid
from dataclasses import dataclass
from typing import Any, Callable

import grpc
import ledger_pb2
import payment_pb2
import refund_pb2

from interop import tokens

MESSAGE_BYTES_MAX = 4 * 1024 * 1024
UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


@dataclass(frozen=True)
class Method:
    """One method: who calls whom, and a request that breaks no rule."""

    path: str
    caller: str
    callee: str
    response: Any
    request: Callable[[], Any]
    streams: bool = False

    def __str__(self):
        return self.path.split(".")[-1]

    def token(self):
        return tokens.minted(self.caller, self.callee)

    def call(self, channel, request=None, *, token="good", metadata=(), timeout=60, **options):
        """Calls and returns the response, or the list of them for a stream."""
        credentials = self.token() if token == "good" else token
        if credentials is not None:
            metadata = (("authorization", f"Bearer {credentials}"), *metadata)
        request = self.request() if request is None else request
        answer = self.stub(channel)(request, timeout=timeout, metadata=tuple(metadata), **options)
        return list(answer) if self.streams else answer

    def stub(self, channel):
        kind = channel.unary_stream if self.streams else channel.unary_unary
        return kind(
            "/" + self.path,
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=self.response.FromString,
        )

    @property
    def service(self):
        return self.path.split("/")[0]


def fresh(prefix):
    """A name that nobody used before."""
    return f"{prefix}-{uuid.uuid4().hex[:16]}"


CREATE_PAYMENT = Method(
    "payment.PaymentService/CreatePayment",
    "gateway",
    "payment",
    payment_pb2.CreatePaymentResponse,
    lambda: payment_pb2.CreatePaymentRequest(order_id=fresh("order"), amount=100),
)
GET_PAYMENT = Method(
    "payment.PaymentService/GetPayment",
    "gateway",
    "payment",
    payment_pb2.GetPaymentResponse,
    lambda: payment_pb2.GetPaymentRequest(payment_id="pay_unknown"),
)
CREATE_REFUND = Method(
    "refund.RefundService/CreateRefund",
    "gateway",
    "refund",
    refund_pb2.CreateRefundResponse,
    lambda: refund_pb2.CreateRefundRequest(payment_id="pay_unknown", idempotency_key=fresh("key")),
)
RECORD_TRANSACTION = Method(
    "ledger.LedgerService/RecordTransaction",
    "payment",
    "ledger",
    ledger_pb2.RecordTransactionResponse,
    lambda: ledger_pb2.RecordTransactionRequest(payment_id=fresh("pay"), amount=100),
)
RECORD_REFUND = Method(
    "ledger.LedgerService/RecordRefund",
    "refund",
    "ledger",
    ledger_pb2.RecordRefundResponse,
    lambda: ledger_pb2.RecordRefundRequest(refund_id=fresh("ref"), payment_id="pay_unknown"),
)
GET_TRANSACTION = Method(
    "ledger.LedgerService/GetTransaction",
    "payment",
    "ledger",
    ledger_pb2.GetTransactionResponse,
    lambda: ledger_pb2.GetTransactionRequest(payment_id="pay_unknown"),
)
GET_BALANCE = Method(
    "ledger.LedgerService/GetBalance",
    "payment",
    "ledger",
    ledger_pb2.GetBalanceResponse,
    lambda: ledger_pb2.GetBalanceRequest(account="merchant"),
)
LIST_ENTRIES = Method(
    "ledger.LedgerService/ListEntries",
    "payment",
    "ledger",
    ledger_pb2.Entry,
    lambda: ledger_pb2.ListEntriesRequest(limit=1),
    streams=True,
)
ALL = (
    CREATE_PAYMENT,
    GET_PAYMENT,
    CREATE_REFUND,
    RECORD_TRANSACTION,
    RECORD_REFUND,
    GET_TRANSACTION,
    GET_BALANCE,
    LIST_ENTRIES,
)


def code_of(call, *arguments, **options):
    """The status that a call ends with, and the error if it is one."""
    try:
        call(*arguments, **options)
    except grpc.RpcError as error:
        return error.code(), error
    return grpc.StatusCode.OK, None
