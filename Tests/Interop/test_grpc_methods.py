"""grpcio calls every method as the services call each other."""

import grpc
import ledger_pb2
import payment_pb2
import pytest
import refund_pb2
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from interop import methods
from interop.methods import code_of, fresh


def pay(channels, **fields):
    request = payment_pb2.CreatePaymentRequest(**({"order_id": fresh("order"), "amount": 100} | fields))
    return methods.CREATE_PAYMENT.call(channels["payment"], request)


def refund(channels, payment_id, **fields):
    fields = {"idempotency_key": fresh("key")} | fields
    request = refund_pb2.CreateRefundRequest(payment_id=payment_id, **fields)
    return methods.CREATE_REFUND.call(channels["refund"], request)


def record(channels, **fields):
    request = ledger_pb2.RecordTransactionRequest(**({"payment_id": fresh("pay"), "amount": 100} | fields))
    return methods.RECORD_TRANSACTION.call(channels["ledger"], request)


def balance(channels, account, currency=""):
    request = ledger_pb2.GetBalanceRequest(account=account, currency=currency)
    return methods.GET_BALANCE.call(channels["ledger"], request)


def entries(channels, **fields):
    return methods.LIST_ENTRIES.call(channels["ledger"], ledger_pb2.ListEntriesRequest(**fields))


def test_an_order_id_and_an_amount_are_a_full_create_payment_request(channels):
    payment = pay(channels, order_id="test", amount=100).payment
    assert payment.payment_id.startswith("pay_")
    assert (payment.order_id, payment.amount, payment.method) == ("test", 100, "CARD")
    assert len(payment.currency) == 3
    assert payment.status == "CAPTURED"


def test_a_payment_id_and_an_amount_are_a_full_record_transaction_request(channels):
    answer = record(channels, payment_id="test", amount=100)
    assert (answer.transaction.payment_id, answer.transaction.amount) == ("test", 100)
    assert answer.transaction.method == "CARD"
    assert not answer.already_recorded


def test_a_payment_keeps_the_currency_and_method_it_was_made_with(channels):
    payment = pay(channels, currency="JPY", method="BANK", amount=99_999_999, subject="bob").payment
    assert (payment.currency, payment.method, payment.amount) == ("JPY", "BANK", 99_999_999)


def test_the_same_order_again_is_replayed(channels):
    order = fresh("order")
    first = pay(channels, order_id=order)
    again = pay(channels, order_id=order)
    assert (first.replayed, again.replayed) == (False, True)
    assert again.payment == first.payment


def test_the_same_key_again_is_replayed_and_with_another_amount_refused(channels):
    fields = {"order_id": fresh("order"), "idempotency_key": fresh("key"), "subject": "bob"}
    first = pay(channels, **fields)
    again = pay(channels, **fields)
    assert (first.replayed, again.replayed) == (False, True)
    assert again.payment.payment_id == first.payment.payment_id
    code, error = code_of(pay, channels, **fields, amount=101)
    assert code in (grpc.StatusCode.ALREADY_EXISTS, grpc.StatusCode.ABORTED, grpc.StatusCode.FAILED_PRECONDITION), error


def test_the_same_order_with_another_amount_is_refused(channels):
    order = fresh("order")
    pay(channels, order_id=order)
    code, error = code_of(pay, channels, order_id=order, amount=101)
    assert code in (grpc.StatusCode.ALREADY_EXISTS, grpc.StatusCode.ABORTED, grpc.StatusCode.FAILED_PRECONDITION), error


def test_a_payment_is_shown_with_its_refunds(channels):
    payment = pay(channels, amount=1000).payment
    given = refund(channels, payment.payment_id, amount=300, reason="too late – äöü")
    request = payment_pb2.GetPaymentRequest(payment_id=payment.payment_id)
    shown = methods.GET_PAYMENT.call(channels["payment"], request)
    assert shown.payment == payment
    assert [(each.refund_id, each.amount, each.reason) for each in shown.refunds] == [
        (given.refund_id, 300, "too late – äöü")
    ]
    assert shown.remaining == 700


def test_a_payment_of_another_owner_is_not_found(channels):
    payment = pay(channels, subject="alice").payment
    for owner, expected in (("alice", grpc.StatusCode.OK), ("mallory", grpc.StatusCode.NOT_FOUND)):
        request = payment_pb2.GetPaymentRequest(payment_id=payment.payment_id, owner=owner)
        assert code_of(methods.GET_PAYMENT.call, channels["payment"], request)[0] == expected


@pytest.mark.parametrize("method", [methods.GET_PAYMENT, methods.CREATE_REFUND, methods.GET_TRANSACTION], ids=str)
def test_an_unknown_payment_is_not_found(channels, method):
    assert code_of(method.call, channels[method.callee])[0] == grpc.StatusCode.NOT_FOUND


def test_refunds_add_up_to_the_capture_and_no_further(channels):
    payment_id = pay(channels, amount=1000).payment.payment_id
    part = refund(channels, payment_id, amount=400)
    assert (part.amount, part.remaining, part.status, part.replayed) == (400, 600, "SUCCEEDED", False)
    code, error = code_of(refund, channels, payment_id, amount=601)
    assert code == grpc.StatusCode.FAILED_PRECONDITION, error
    rest = refund(channels, payment_id)
    assert (rest.amount, rest.remaining) == (600, 0)
    code, error = code_of(refund, channels, payment_id)
    assert code == grpc.StatusCode.FAILED_PRECONDITION, error


def test_a_refund_with_the_same_key_is_replayed(channels):
    payment_id = pay(channels, amount=1000).payment.payment_id
    key = fresh("key")
    first = refund(channels, payment_id, amount=400, idempotency_key=key)
    again = refund(channels, payment_id, amount=400, idempotency_key=key)
    assert (first.replayed, again.replayed) == (False, True)
    assert (again.refund_id, again.remaining) == (first.refund_id, first.remaining)


def test_a_refund_without_a_key_is_invalid(channels):
    payment_id = pay(channels).payment.payment_id
    assert code_of(refund, channels, payment_id, idempotency_key="")[0] == grpc.StatusCode.INVALID_ARGUMENT


def test_an_explicit_refund_of_nothing_is_not_a_refund_of_everything(channels):
    payment_id = pay(channels).payment.payment_id
    assert code_of(refund, channels, payment_id, amount=0)[0] == grpc.StatusCode.INVALID_ARGUMENT


def test_a_transaction_is_recorded_once_and_shown(channels):
    fields = {"payment_id": fresh("pay"), "amount": 700, "order_id": "o-1", "subject": "carol"}
    assert not record(channels, **fields).already_recorded
    assert record(channels, **fields).already_recorded
    code, error = code_of(record, channels, **(fields | {"amount": 701}))
    assert code in (grpc.StatusCode.ALREADY_EXISTS, grpc.StatusCode.ABORTED), error
    request = ledger_pb2.GetTransactionRequest(payment_id=fields["payment_id"], owner="carol")
    shown = methods.GET_TRANSACTION.call(channels["ledger"], request)
    assert (shown.transaction.order_id, shown.transaction.subject, shown.remaining) == ("o-1", "carol", 700)


def test_a_refund_is_recorded_once(channels):
    payment_id = record(channels, amount=500).transaction.payment_id
    request = ledger_pb2.RecordRefundRequest(refund_id=fresh("ref"), payment_id=payment_id, amount=200)
    first = methods.RECORD_REFUND.call(channels["ledger"], request)
    again = methods.RECORD_REFUND.call(channels["ledger"], request)
    assert (first.already_recorded, again.already_recorded) == (False, True)
    assert (first.refund.amount, first.remaining) == (200, 300)
    assert again.refund == first.refund


def test_a_capture_and_a_refund_move_the_balances_by_their_amounts(channels):
    before = {name: balance(channels, name, "CHF") for name in ("merchant", "clearing:WALLET")}
    payment_id = record(channels, amount=900, currency="CHF", method="WALLET").transaction.payment_id
    request = ledger_pb2.RecordRefundRequest(refund_id=fresh("ref"), payment_id=payment_id, amount=150)
    methods.RECORD_REFUND.call(channels["ledger"], request)
    after = {name: balance(channels, name, "CHF") for name in ("merchant", "clearing:WALLET")}
    moved = {name: (after[name].debits - old.debits, after[name].credits - old.credits) for name, old in before.items()}
    assert moved == {"merchant": (150, 900), "clearing:WALLET": (900, 150)}


def test_an_unknown_account_is_refused(channels):
    code, error = code_of(balance, channels, "pockets")
    assert code in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND), error


def test_entries_stream_in_order_and_can_be_read_on(channels):
    written = [record(channels, amount=amount).transaction.payment_id for amount in (1, 2, 3)]
    everything = entries(channels)
    sequences = [entry.sequence for entry in everything]
    assert sequences == list(range(1, len(everything) + 1))
    assert [entry.id for entry in everything[-3:]] == written
    rest = entries(channels, after=sequences[-3])
    assert [entry.id for entry in rest] == written[1:]
    assert [entry.sequence for entry in entries(channels, limit=2)] == [1, 2]
    with pytest.raises(grpc.RpcError) as beyond:
        entries(channels, after=sequences[-1] + 1000)
    assert beyond.value.code() == grpc.StatusCode.DATA_LOSS
    assert {entry.kind for entry in everything} <= {"capture", "refund"}
    assert all(entry.debit_account != entry.credit_account and entry.amount > 0 for entry in everything)


def test_more_entries_than_a_page_all_stream(channels):
    last = entries(channels)[-1].sequence
    stub = methods.RECORD_TRANSACTION.stub(channels["ledger"])
    metadata = [("authorization", f"Bearer {methods.RECORD_TRANSACTION.token()}")]
    for _ in range(11):
        calls = [stub.future(methods.RECORD_TRANSACTION.request(), timeout=60, metadata=metadata) for _ in range(100)]
        for call in calls:
            call.result()
    assert len(entries(channels, after=last)) == 1100


@pytest.mark.parametrize(
    "fields, field",
    [
        ({"order_id": ""}, "order_id"),
        ({"order_id": "a b"}, "order_id"),
        ({"order_id": "x" * 65}, "order_id"),
        ({"order_id": "é"}, "order_id"),
        ({"amount": 0}, "amount"),
        ({"amount": -1}, "amount"),
        ({"amount": 100_000_000}, "amount"),
        ({"amount": 2**63 - 1}, "amount"),
        ({"currency": "XXQ"}, "currency"),
        ({"currency": "eur"}, "currency"),
        ({"method": "CASH"}, "method"),
        ({"subject": "a\nb"}, "subject"),
        ({"idempotency_key": "k" * 256}, "idempotency_key"),
    ],
    ids=str,
)
def test_a_broken_rule_is_invalid_argument_and_names_the_field(channels, fields, field):
    code, error = code_of(pay, channels, **fields)
    assert code == grpc.StatusCode.INVALID_ARGUMENT, error
    status = rpc_status.from_call(error)
    assert status is not None, "no grpc-status-details-bin"
    assert (status.code, status.message) == (code.value[0], error.details())
    violations = []
    for detail in status.details:
        bad_request = error_details_pb2.BadRequest()
        if detail.Unpack(bad_request):
            violations += [violation.field for violation in bad_request.field_violations]
    assert violations == [field]


def test_all_broken_rules_are_named_at_once(channels):
    code, error = code_of(pay, channels, order_id="", amount=0, currency="?", method="?")
    assert code == grpc.StatusCode.INVALID_ARGUMENT
    bad_request = error_details_pb2.BadRequest()
    assert any(detail.Unpack(bad_request) for detail in rpc_status.from_call(error).details)
    assert [each.field for each in bad_request.field_violations] == ["order_id", "amount", "currency", "method"]


@pytest.mark.parametrize("path", ["payment.PaymentService/Nothing", "nothing.Service/CreatePayment", "x/y"])
def test_an_unknown_method_is_unimplemented(channels, path):
    call = channels["payment"].unary_unary("/" + path)
    metadata = [("authorization", f"Bearer {methods.CREATE_PAYMENT.token()}")]
    code, error = code_of(call, b"", timeout=60, metadata=metadata)
    assert code == grpc.StatusCode.UNIMPLEMENTED, error
