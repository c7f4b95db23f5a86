"""curl drives every route of the gateway to its answer, over both transports."""

import concurrent.futures
import json
import re

import pytest
import requests

from interop import tokens
from interop.curl import assert_problem
from interop.methods import fresh

PAYMENT_ID = re.compile(r"pay_[0-9a-hjkmnp-tv-z]{26}")
REFUND_ID = re.compile(r"ref_[0-9a-hjkmnp-tv-z]{26}")
PAYMENT_MEMBERS = {"payment_id", "order_id", "amount", "currency", "method", "status"}


@pytest.fixture(scope="module")
def alice():
    return tokens.user("alice")


def pay(gateway, token, **fields):
    answer = gateway.post("/pay", token, {"order_id": fresh("order"), "amount": 1000} | fields)
    assert answer.status == 200, str(answer)
    return answer.json


def assert_paid(answer, **members):
    assert answer.status == 200, str(answer)
    assert answer.header("content-type").split(";")[0] == "application/json"
    payment = answer.json
    assert set(payment) == PAYMENT_MEMBERS
    assert PAYMENT_ID.fullmatch(payment["payment_id"])
    assert payment["status"] == "CAPTURED"
    assert {name: payment[name] for name in members} == members
    return payment


def test_pay_takes_json(gateway, alice):
    order = fresh("order")
    answer = gateway.post("/pay", alice, {"order_id": order, "amount": 1250})
    payment = assert_paid(answer, order_id=order, amount=1250, method="CARD")
    assert re.fullmatch("[A-Z]{3}", payment["currency"])


def test_pay_takes_a_form(gateway, alice):
    order = fresh("order/é&=".replace("é", "e"))
    fields = [f"order_id={order}", "amount=99", "currency=USD", "method=WALLET"]
    answer = gateway.send("POST", "/pay", alice, form=fields)
    assert_paid(answer, order_id=order, amount=99, currency="USD", method="WALLET")


def test_pay_takes_query_parameters(gateway, alice):
    order = fresh("order")
    answer = gateway.send("POST", f"/pay?order_id={order}&amount=7&method=BANK", alice)
    assert_paid(answer, order_id=order, amount=7, method="BANK")


def test_pay_takes_fields_from_query_and_body_together(gateway, alice):
    order = fresh("order")
    answer = gateway.post(f"/pay?order_id={order}&amount=7", alice, {"amount": 7, "currency": "GBP"})
    assert_paid(answer, order_id=order, amount=7, currency="GBP")


def test_pay_takes_a_chunked_body(gateway, alice):
    headers = ["Transfer-Encoding: chunked"]
    answer = gateway.post("/pay", alice, {"order_id": fresh("order"), "amount": 8}, headers=headers)
    assert_paid(answer, amount=8)


def test_pay_takes_a_charset(gateway, alice):
    body = json.dumps({"order_id": fresh("order"), "amount": 8}).encode()
    headers = ["Content-Type: application/json; charset=utf-8"]
    assert_paid(gateway.send("POST", "/pay", alice, headers=headers, body=body), amount=8)


@pytest.mark.parametrize("amount", [1, 99_999_999])
def test_pay_takes_the_smallest_and_the_largest_amount(gateway, alice, amount):
    assert_paid(gateway.post("/pay", alice, {"order_id": fresh("order"), "amount": amount}), amount=amount)


def test_pay_takes_a_body_of_exactly_64_kibibytes(gateway, alice):
    body = json.dumps({"order_id": fresh("order"), "amount": 3}).encode()
    assert_paid(gateway.post("/pay", alice, body + b" " * (64 * 1024 - len(body))), amount=3)


def test_the_same_order_of_two_subjects_is_two_payments(gateway, alice):
    order = {"order_id": fresh("order"), "amount": 10}
    first = assert_paid(gateway.post("/pay", alice, order))
    second = gateway.post("/pay", tokens.user("bob"), order)
    assert second.header("idempotency-replayed") is None
    assert assert_paid(second)["payment_id"] != first["payment_id"]


@pytest.mark.parametrize("fields", [{}, {"action": "create_payment"}], ids=["no action", "create_payment"])
def test_pay_dynamic_takes_a_payment(gateway, alice, fields):
    order = fresh("order")
    answer = gateway.post("/pay-dynamic", alice, {"order_id": order, "amount": 12} | fields)
    assert_paid(answer, order_id=order, amount=12)


def test_pay_dynamic_takes_the_action_from_the_query_and_a_form(gateway, alice):
    fields = [f"order_id={fresh('order')}", "amount=12"]
    assert_paid(gateway.send("POST", "/pay-dynamic?action=create_payment", alice, form=fields), amount=12)
    payment_id = pay(gateway, alice)["payment_id"]
    answer = gateway.send("POST", f"/pay-dynamic?action=get_payment&payment_id={payment_id}", alice)
    assert answer.status == 200, str(answer)


def test_pay_dynamic_and_pay_share_the_idempotency_of_their_action(gateway, alice):
    order = {"order_id": fresh("order"), "amount": 12}
    first = assert_paid(gateway.post("/pay", alice, order))
    again = gateway.post("/pay-dynamic", alice, order | {"action": "create_payment"})
    assert again.header("idempotency-replayed") == "true"
    assert assert_paid(again) == first


def test_pay_dynamic_refunds(gateway, alice):
    payment_id = pay(gateway, alice)["payment_id"]
    fields = {"action": "create_refund", "payment_id": payment_id, "amount": 250}
    answer = gateway.post("/pay-dynamic", alice, fields)
    assert answer.status == 200, str(answer)
    assert (answer.json["amount"], answer.json["remaining"]) == (250, 750)


def test_pay_dynamic_shows_a_payment(gateway, alice):
    payment = pay(gateway, alice)
    fields = {"action": "get_payment", "payment_id": payment["payment_id"]}
    answer = gateway.post("/pay-dynamic", alice, fields)
    assert answer.status == 200, str(answer)
    assert answer.json == gateway.get("/payments/" + payment["payment_id"], alice).json


def test_refund_gives_a_part_back_and_then_the_rest(gateway, alice):
    payment = pay(gateway, alice, currency="CHF")
    part = gateway.post("/refund", alice, {"payment_id": payment["payment_id"], "amount": 400, "reason": "late"})
    assert part.status == 200, str(part)
    assert set(part.json) == {"refund_id", "payment_id", "amount", "currency", "status", "remaining"}
    assert REFUND_ID.fullmatch(part.json["refund_id"])
    expected = {"payment_id": payment["payment_id"], "amount": 400, "currency": "CHF", "remaining": 600}
    assert {name: part.json[name] for name in expected} == expected
    rest = gateway.post("/refund", alice, {"payment_id": payment["payment_id"]})
    assert (rest.status, rest.json["amount"], rest.json["remaining"]) == (200, 600, 0)
    again = assert_problem(gateway.post("/refund", alice, {"payment_id": payment["payment_id"]}), 409, "already_refunded")
    assert again["retryable"] is False


def test_refund_takes_a_form_and_a_query(gateway, alice):
    payment_id = pay(gateway, alice)["payment_id"]
    form = [f"payment_id={payment_id}", "amount=100", "reason=zurück, 100 %"]
    assert gateway.send("POST", "/refund", alice, form=form).json["remaining"] == 900
    assert gateway.send("POST", f"/refund?payment_id={payment_id}&amount=100", alice).json["remaining"] == 800
    shown = gateway.get("/payments/" + payment_id, alice).json
    assert [refund["reason"] for refund in shown["refunds"]] == ["zurück, 100 %", ""]


def test_two_refunds_without_a_key_are_two_refunds(gateway, alice):
    fields = {"payment_id": pay(gateway, alice)["payment_id"], "amount": 100}
    answers = [gateway.post("/refund", alice, fields) for _ in range(2)]
    assert [answer.json["remaining"] for answer in answers] == [900, 800]
    assert len({answer.json["refund_id"] for answer in answers}) == 2


def test_a_payment_is_shown_with_its_refunds(gateway, alice):
    payment = pay(gateway, alice)
    refund = gateway.post("/refund", alice, {"payment_id": payment["payment_id"], "amount": 1, "reason": "grüße"}).json
    answer = gateway.get("/payments/" + payment["payment_id"], alice)
    assert answer.status == 200, str(answer)
    shown = answer.json
    assert {name: shown[name] for name in PAYMENT_MEMBERS} == payment
    assert shown["refunds"] == [{"refund_id": refund["refund_id"], "amount": 1, "reason": "grüße"}]
    assert shown["remaining"] == 999


def test_a_payment_of_somebody_else_is_shown_to_an_admin_only(gateway, alice):
    path = "/payments/" + pay(gateway, alice)["payment_id"]
    assert_problem(gateway.get(path, tokens.user("mallory")), 404, "payment_not_found", path)
    admin = tokens.user("root", "payment:read payment:admin")
    assert gateway.get(path, admin).status == 200


def test_a_payment_of_somebody_else_is_refunded_by_an_admin_only(gateway, alice):
    fields = {"payment_id": pay(gateway, alice)["payment_id"], "amount": 10}
    assert_problem(gateway.post("/refund", tokens.user("mallory"), fields), 404, "payment_not_found")
    admin = tokens.user("root", "refund:write payment:admin")
    assert gateway.post("/refund", admin, fields).status == 200


def test_head_says_what_get_would(gateway, alice):
    path = "/payments/" + pay(gateway, alice)["payment_id"]
    get = gateway.get(path, alice)
    head = gateway.send("HEAD", path, alice)
    assert (head.status, head.body) == (200, b"")
    assert head.header("content-length") == get.header("content-length")


def test_health_names_every_service(gateway):
    answer = gateway.get("/health")
    assert answer.status == 200, str(answer)
    assert answer.json == {"status": "SERVING", "services": dict.fromkeys(answer.json["services"], "SERVING")}
    assert set(answer.json["services"]) == {"payment", "refund", "ledger"}


def test_every_service_has_a_health_page_of_its_own(backbone):
    for service in ("payment", "ledger", "refund"):
        answer = requests.get(f"http://127.0.0.1:{backbone.ports.health_of(service)}/health", timeout=60)
        assert answer.status_code == 200
        assert answer.json()["status"] == "SERVING"
        assert service in " ".join(answer.json()["services"])


def test_the_health_page_of_a_service_has_nothing_else(backbone):
    url = f"http://127.0.0.1:{backbone.ports.health_of('ledger')}"
    assert requests.get(url + "/pay", timeout=60).status_code == 404
    answer = requests.post(url + "/health", timeout=60)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_a_request_id_is_echoed(gateway, alice):
    answer = gateway.get("/health", headers=["X-Request-Id: Abc._-9"])
    assert answer.header("x-request-id") == "Abc._-9"
    problem = gateway.get("/nothing", headers=["X-Request-Id: " + "r" * 64])
    assert assert_problem(problem, 404, "route_not_found")["request_id"] == "r" * 64


@pytest.mark.parametrize("name", ["r" * 65, "a b", "a/b", "é", '"', "a,b"])
def test_a_request_id_of_another_form_is_replaced(gateway, name):
    made = gateway.get("/health", headers=["X-Request-Id: " + name]).header("x-request-id")
    assert made != name and re.fullmatch("[A-Za-z0-9._-]{1,64}", made)


def test_a_request_without_an_id_gets_its_own(gateway):
    made = {gateway.get("/health").header("x-request-id") for _ in range(5)}
    assert len(made) == 5 and all(re.fullmatch("[A-Za-z0-9._-]{1,64}", each) for each in made)


@pytest.mark.parametrize("parent", ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "nonsense"])
def test_a_trace_parent_of_any_form_does_not_break_a_request(gateway, alice, parent):
    fields = {"order_id": fresh("order"), "amount": 1}
    assert_paid(gateway.post("/pay", alice, fields, headers=["traceparent: " + parent]))


def test_one_connection_carries_many_requests(gateway, alice):
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {alice}"
        for number in range(1, 51):
            fields = {"order_id": fresh("order"), "amount": number}
            answer = session.post(gateway.url + "/pay", json=fields, timeout=60)
            assert (answer.status_code, answer.json()["amount"]) == (200, number)


def test_two_hundred_requests_at_once_are_all_answered(gateway, alice):
    def one(number):
        with requests.Session() as session:
            fields = {"order_id": fresh("order"), "amount": number + 1}
            headers = {"Authorization": f"Bearer {alice}"}
            return session.post(gateway.url + "/pay", json=fields, headers=headers, timeout=30)

    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(one, range(200)))
    assert [answer.status_code for answer in answers] == [200] * 200
    assert len({answer.json()["payment_id"] for answer in answers}) == 200


def test_fifty_racing_duplicates_have_one_effect(gateway, alice):
    fields = {"order_id": fresh("order"), "amount": 77}
    headers = {"Authorization": f"Bearer {alice}", "Idempotency-Key": fresh("key")}

    def one(_):
        return requests.post(gateway.url + "/pay", json=fields, headers=headers, timeout=30)

    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(one, range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.headers.get("Idempotency-Replayed") for answer in answers].count(None) == 1
    assert len({answer.text for answer in answers}) == 1


def test_racing_refunds_never_exceed_the_capture(gateway, alice):
    fields = {"payment_id": pay(gateway, alice)["payment_id"], "amount": 100}
    headers = {"Authorization": f"Bearer {alice}"}

    def one(_):
        return requests.post(gateway.url + "/refund", json=fields, headers=headers, timeout=30)

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        codes = [answer.status_code for answer in pool.map(one, range(20))]
    assert sorted(codes) == [200] * 10 + [409] * 10
