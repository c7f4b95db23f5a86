"""curl drives every error of the gateway, over both transports."""

import json

import pytest

from interop import tokens
from interop.curl import assert_problem
from interop.methods import fresh

ROUTES = {
    "/pay": "POST",
    "/pay-dynamic": "POST",
    "/refund": "POST",
    "/payments/pay_x": "GET, HEAD",
    "/health": "GET, HEAD",
    "/health/ready": "GET, HEAD",
    "/health/live": "GET, HEAD",
    "/openapi.json": "GET, HEAD",
}


@pytest.fixture(scope="module")
def alice():
    return tokens.user("alice")


def order(**fields):
    return {"order_id": fresh("order"), "amount": 1000} | fields


def fields_of(problem):
    return [error["field"] for error in problem["errors"]]


BAD_AMOUNTS = [
    "0", "-1", "-0", "1.0", "1.5", "1e2", "1E2", "100000000", "9223372036854775808", "1" + "0" * 400, "1e400",
    '"100"', '""', '"NaN"', '"abc"', "null", "true", "[1]", '{"value": 1}',
]
BAD_AMOUNT_TEXTS = [
    "", "0", "-1", "%2B1", "1.0", "1.5", "1e2", "NaN", "inf", "100000000", "01", "%201", "1%20", "0x10", "1,000",
    "%D9%A1", "1%00",
]


@pytest.mark.parametrize("amount", BAD_AMOUNTS, ids=lambda text: text[:24])
def test_an_amount_that_is_no_amount_is_refused_in_json(gateway, alice, amount):
    body = f'{{"order_id": "{fresh("order")}", "amount": {amount}}}'.encode()
    problem = assert_problem(gateway.post("/pay", alice, body), 400, "validation_failed", "/pay")
    assert fields_of(problem) == ["amount"]


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "+1", "01", ".5", "1.", "0x10", "1_000"])
def test_an_amount_that_is_no_json_is_a_malformed_body(gateway, alice, amount):
    body = f'{{"order_id": "{fresh("order")}", "amount": {amount}}}'.encode()
    assert_problem(gateway.post("/pay", alice, body), 400, "malformed_body", "/pay")


@pytest.mark.parametrize("amount", BAD_AMOUNT_TEXTS)
@pytest.mark.parametrize("place", ["form", "query"])
def test_an_amount_that_is_no_amount_is_refused_in_forms_and_queries(gateway, alice, amount, place):
    text = f"order_id={fresh('order')}&amount={amount}"
    if place == "query":
        answer = gateway.send("POST", "/pay?" + text, alice)
    else:
        headers = ["Content-Type: application/x-www-form-urlencoded"]
        answer = gateway.send("POST", "/pay", alice, headers=headers, body=text.encode())
    problem = assert_problem(answer, 400, "validation_failed", "/pay")
    assert fields_of(problem) == ["amount"]


@pytest.mark.parametrize(
    "fields, named",
    [
        ({"order_id": None}, ["order_id"]),
        ({"order_id": ""}, ["order_id"]),
        ({"order_id": 5}, ["order_id"]),
        ({"order_id": "a b"}, ["order_id"]),
        ({"order_id": "é"}, ["order_id"]),
        ({"order_id": "x" * 65}, ["order_id"]),
        ({"currency": "EURO"}, ["currency"]),
        ({"currency": "eur"}, ["currency"]),
        ({"currency": "XXQ"}, ["currency"]),
        ({"method": "CASH"}, ["method"]),
        ({"method": "card"}, ["method"]),
        ({"order_id": "", "amount": 0, "currency": "?", "method": "?"}, ["order_id", "amount", "currency", "method"]),
    ],
    ids=str,
)
def test_a_broken_rule_is_refused_and_named(gateway, alice, fields, named):
    problem = assert_problem(gateway.post("/pay", alice, order(**fields)), 400, "validation_failed", "/pay")
    assert fields_of(problem) == named
    assert problem["retryable"] is False


@pytest.mark.parametrize("field", ["order_id", "amount"])
def test_a_missing_field_is_named(gateway, alice, field):
    fields = order()
    del fields[field]
    assert fields_of(assert_problem(gateway.post("/pay", alice, fields), 400, "validation_failed")) == [field]


def test_a_request_without_anything_names_all_it_needs(gateway, alice):
    problem = assert_problem(gateway.send("POST", "/pay", alice), 400, "validation_failed")
    assert fields_of(problem) == ["order_id", "amount"]


def test_an_unknown_field_is_refused(gateway, alice):
    problem = assert_problem(gateway.post("/pay", alice, order(amonut=5)), 400, "unknown_field")
    assert fields_of(problem) == ["amonut"]


def test_a_field_given_twice_with_different_values_is_refused(gateway, alice):
    answer = gateway.post("/pay?amount=2", alice, order(amount=1))
    assert fields_of(assert_problem(answer, 400, "ambiguous_field")) == ["amount"]
    form = ["order_id=o", "amount=1", "amount=2"]
    assert_problem(gateway.send("POST", "/pay", alice, form=form), 400, "ambiguous_field")
    assert_problem(gateway.send("POST", "/pay?order_id=a&order_id=b&amount=1", alice), 400, "ambiguous_field")
    assert_problem(gateway.send("POST", "/pay-dynamic?action=get_payment&action=create_payment", alice), 400, "ambiguous_field")


def test_a_field_given_twice_with_the_same_value_is_fine(gateway, alice):
    assert gateway.post("/pay?amount=1", alice, order(amount=1)).status == 200


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'"text"', b"5", b"null", b'{"amount": 1, "amount": 2}', b'{"amount": 1, "amount": 1}', b"{'a': 1}",
     b'{"amount": 1,}', b"\xff", b'{"order_id": "\xff"}', b'{"order_id": "\\ud800"}', b"[" * 5000, b'{"a": 1} {}'],
    ids=lambda body: repr(body[:20]),
)
def test_a_body_that_is_no_json_object_is_refused(gateway, alice, body):
    assert_problem(gateway.post("/pay", alice, body), 400, "malformed_body", "/pay")


@pytest.mark.parametrize("text", ["amount=%zz", "amount=%1", "order_id=%ff"])
def test_a_bad_escape_is_refused(gateway, alice, text):
    headers = ["Content-Type: application/x-www-form-urlencoded"]
    assert_problem(gateway.send("POST", "/pay", alice, headers=headers, body=text.encode()), 400, "malformed_body")
    assert_problem(gateway.send("POST", "/pay?" + text, alice), 400, "malformed_body")


@pytest.mark.parametrize("path", ["/%zz", "/payments/%2F", "/payments/a%00b"])
def test_a_bad_path_is_a_problem_with_every_member(gateway, alice, path):
    assert_problem(gateway.get(path, alice), 400, None)


@pytest.mark.parametrize("path", ["/", "/nothing", "/pay/", "/payments", "/payments/", "/payments/a/b", "/PAY", "//pay"])
def test_an_unknown_route_is_not_found(gateway, path):
    assert_problem(gateway.get(path), 404, "route_not_found", path)


WRONG_METHODS = [
    (method, path)
    for path, allowed in ROUTES.items()
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "GET", "POST")
    if method not in allowed
]


@pytest.mark.parametrize("method, path", WRONG_METHODS)
def test_another_method_is_refused_and_the_right_one_named(gateway, method, path):
    answer = gateway.send(method, path)
    assert_problem(answer, 405, "method_not_allowed", path)
    assert answer.header("allow") == ROUTES[path]


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "chunked"])
@pytest.mark.parametrize("size", [64 * 1024 + 1, 1024 * 1024])
def test_a_body_over_64_kibibytes_is_too_large(gateway, alice, size, chunked):
    body = json.dumps(order()).encode()
    headers = ["Transfer-Encoding: chunked"] if chunked else []
    answer = gateway.post("/pay", alice, body + b" " * (size - len(body)), headers=headers)
    assert_problem(answer, 413, "body_too_large", "/pay")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", "application/json; charset=latin1", ""])
def test_another_media_type_is_refused(gateway, alice, kind):
    body = json.dumps(order()).encode()
    header = f"Content-Type: {kind}" if kind else "Content-Type:"
    assert_problem(gateway.send("POST", "/pay", alice, headers=[header], body=body), 415, "unsupported_media_type", "/pay")


def test_a_compressed_body_is_refused(gateway, alice):
    headers = ["Content-Encoding: gzip"]
    assert_problem(gateway.post("/pay", alice, order(), headers=headers), 415, "unsupported_media_type")


@pytest.mark.parametrize("action", ["nothing", "createPayment", "CREATE_PAYMENT"])
def test_an_unknown_action_is_not_found(gateway, alice, action):
    assert_problem(gateway.post("/pay-dynamic", alice, order(action=action)), 404, "unknown_action", "/pay-dynamic")


@pytest.mark.parametrize("action", [5, None, True, [], {}])
def test_an_action_that_is_no_text_is_refused(gateway, alice, action):
    problem = assert_problem(gateway.post("/pay-dynamic", alice, order(action=action)), 400, "validation_failed")
    assert "action" in fields_of(problem)


def test_a_field_of_another_action_is_unknown(gateway, alice):
    fields = {"action": "get_payment", "payment_id": "pay_x", "amount": 5}
    assert_problem(gateway.post("/pay-dynamic", alice, fields), 400, "unknown_field")


def test_the_same_key_with_other_fields_is_unprocessable(gateway, alice):
    headers = ["Idempotency-Key: " + fresh("key")]
    first = order()
    assert gateway.post("/pay", alice, first, headers=headers).status == 200
    for changed in ({"amount": 1001}, {"order_id": "other"}, {"currency": "JPY"}, {"method": "BANK"}):
        answer = gateway.post("/pay", alice, first | changed, headers=headers)
        problem = assert_problem(answer, 422, "idempotency_key_reused", "/pay")
        assert problem["retryable"] is False


def test_the_same_key_and_fields_are_replayed(gateway, alice):
    key, fields = fresh("key"), order()
    first = gateway.post("/pay", alice, fields, headers=["Idempotency-Key: " + key])
    assert first.header("idempotency-replayed") is None
    for spelling in (key, f'"{key}"'):
        again = gateway.post("/pay", alice, fields, headers=["Idempotency-Key: " + spelling])
        assert again.header("idempotency-replayed") == "true", str(again)
        assert again.json == first.json


def test_the_same_key_of_another_subject_or_action_is_another_key(gateway, alice):
    headers = ["Idempotency-Key: " + fresh("key")]
    first = gateway.post("/pay", alice, order(), headers=headers).json
    assert gateway.post("/pay", tokens.user("bob"), order(amount=5), headers=headers).status == 200
    fields = {"payment_id": first["payment_id"], "amount": 10}
    refund = gateway.post("/refund", alice, fields, headers=headers)
    assert (refund.status, refund.header("idempotency-replayed")) == (200, None), str(refund)


def test_a_refund_with_a_key_is_replayed_or_unprocessable(gateway, alice):
    headers = ["Idempotency-Key: " + fresh("key")]
    payment_id = gateway.post("/pay", alice, order()).json["payment_id"]
    fields = {"payment_id": payment_id, "amount": 100, "reason": "late"}
    first = gateway.post("/refund", alice, fields, headers=headers)
    again = gateway.post("/refund", alice, fields, headers=headers)
    assert (again.header("idempotency-replayed"), again.json) == ("true", first.json), str(again)
    other = gateway.post("/refund", alice, fields | {"amount": 101}, headers=headers)
    assert_problem(other, 422, "idempotency_key_reused", "/refund")
    assert gateway.get("/payments/" + payment_id, alice).json["remaining"] == 900


@pytest.mark.parametrize("key", ["k" * 256, '"', '"open', '""', "ké"], ids=["256", "one quote", "open", "nothing", "é"])
def test_a_key_that_is_none_is_refused(gateway, alice, key):
    answer = gateway.post("/pay", alice, order(), headers=["Idempotency-Key: " + key])
    assert fields_of(assert_problem(answer, 400, "validation_failed")) == ["Idempotency-Key"]


def test_two_keys_are_refused(gateway, alice):
    headers = ["Idempotency-Key: a", "Idempotency-Key: b"]
    assert_problem(gateway.post("/pay", alice, order(), headers=headers), 400, "validation_failed")


@pytest.mark.parametrize("key", ["k" * 255, "with a space", "~!@#$%^&*()"])
def test_a_key_of_printable_ascii_is_taken(gateway, alice, key):
    fields = order()
    headers = ["Idempotency-Key: " + key]
    token = tokens.user(fresh("subject"))
    assert gateway.post("/pay", token, fields, headers=headers).status == 200
    assert gateway.post("/pay", token, fields, headers=headers).header("idempotency-replayed") == "true"


def test_the_same_order_without_a_key_is_replayed_or_a_conflict(gateway, alice):
    fields = order()
    first = gateway.post("/pay", alice, fields)
    again = gateway.post("/pay", alice, fields)
    assert (again.header("idempotency-replayed"), again.json) == ("true", first.json)
    for changed in ({"amount": 1001}, {"currency": "JPY"}, {"method": "BANK"}):
        problem = assert_problem(gateway.post("/pay", alice, fields | changed), 409, "order_conflict", "/pay")
        assert fields_of(problem) == list(changed)


def test_a_refund_of_too_much_says_what_remains(gateway, alice):
    payment_id = gateway.post("/pay", alice, order()).json["payment_id"]
    fields = {"payment_id": payment_id, "amount": 1001}
    assert assert_problem(gateway.post("/refund", alice, fields), 409, "refund_exceeds_remaining")["remaining"] == 1000
    assert gateway.post("/refund", alice, fields | {"amount": 700}).status == 200
    problem = assert_problem(gateway.post("/refund", alice, fields | {"amount": 301}), 409, "refund_exceeds_remaining")
    assert problem["remaining"] == 300 and problem["retryable"] is False


def test_a_refund_of_everything_cannot_be_refunded_again(gateway, alice):
    payment_id = gateway.post("/pay", alice, order()).json["payment_id"]
    assert gateway.post("/refund", alice, {"payment_id": payment_id}).json["amount"] == 1000
    for fields in ({}, {"amount": 1}):
        answer = gateway.post("/refund", alice, {"payment_id": payment_id} | fields)
        assert_problem(answer, 409, "already_refunded", "/refund")


@pytest.mark.parametrize(
    "fields, named",
    [
        ({}, ["payment_id"]),
        ({"payment_id": ""}, ["payment_id"]),
        ({"payment_id": "pay_x", "amount": 0}, ["amount"]),
        ({"payment_id": "pay_x", "amount": 1.5}, ["amount"]),
        ({"payment_id": "pay_x", "amount": None}, ["amount"]),
        ({"payment_id": "pay_x", "reason": "r" * 256}, ["reason"]),
        ({"payment_id": "pay_x", "reason": "a\nb"}, ["reason"]),
    ],
    ids=str,
)
def test_a_refund_that_breaks_a_rule_is_refused(gateway, alice, fields, named):
    assert fields_of(assert_problem(gateway.post("/refund", alice, fields), 400, "validation_failed")) == named


@pytest.mark.parametrize("payment_id", ["pay_00000000000000000000000000", "nothing", "..", "%7B%7D"])
def test_an_unknown_payment_is_not_found(gateway, alice, payment_id):
    answer = gateway.get("/payments/" + payment_id, alice, extra=["--path-as-is"])
    assert_problem(answer, 404, "payment_not_found")
    assert_problem(gateway.post("/refund", alice, {"payment_id": "pay_unknown"}), 404, "payment_not_found")
