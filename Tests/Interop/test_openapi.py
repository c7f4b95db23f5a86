"""The API's document, judged by openapi-spec-validator, and the answers, judged by the document."""

import jsonschema
import openapi_spec_validator
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from interop import tokens
from interop.methods import fresh

ROUTES = {
    "/pay": "post",
    "/pay-dynamic": "post",
    "/refund": "post",
    "/payments/{payment_id}": "get",
    "/health": "get",
    "/health/ready": "get",
    "/health/live": "get",
    "/openapi.json": "get",
}
SCOPES = {"/pay": "payment:write", "/refund": "refund:write", "/payments/{payment_id}": "payment:read"}


@pytest.fixture(scope="module")
def document(gateway):
    answer = gateway.get("/openapi.json")
    assert answer.status == 200, str(answer)
    assert answer.header("content-type").split(";")[0] in ("application/json", "application/openapi+json")
    return answer.json


def assert_described(document, path, answer):
    """Checks that the document has the status and that the body obeys its schema."""
    operation = document["paths"][path][ROUTES[path]]
    response = operation["responses"][str(answer.status)]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].split("/")[-1]]
    schema = response["content"][answer.header("content-type").split(";")[0]]["schema"]
    registry = Registry().with_resource("urn:document", Resource(document, DRAFT202012))
    absolute = {"$ref": "urn:document" + schema["$ref"]} if "$ref" in schema else schema
    jsonschema.Draft202012Validator(absolute, registry=registry).validate(answer.json)


def test_the_document_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    openapi_spec_validator.validate(document)


def test_the_document_has_every_route_and_no_other(document):
    assert {path: list(methods) for path, methods in document["paths"].items()} == {
        path: [method] for path, method in ROUTES.items()
    }


def test_the_document_names_the_scope_of_every_route(document):
    for path, scope in SCOPES.items():
        assert list(document["paths"][path][ROUTES[path]]["security"][0].values()) == [[scope]]


def test_the_answers_are_as_the_document_says(gateway, document):
    alice = tokens.user("alice")
    paid = gateway.post("/pay", alice, {"order_id": fresh("order"), "amount": 10})
    assert_described(document, "/pay", paid)
    payment_id = paid.json["payment_id"]
    assert_described(document, "/refund", gateway.post("/refund", alice, {"payment_id": payment_id, "amount": 3}))
    assert_described(document, "/payments/{payment_id}", gateway.get("/payments/" + payment_id, alice))
    for path in ("/health", "/health/ready", "/health/live"):
        assert_described(document, path, gateway.get(path))


@pytest.mark.parametrize("path", ["/pay", "/refund"])
def test_the_problems_are_as_the_document_says(gateway, document, path):
    alice = tokens.user("alice")
    for answer in (
        gateway.post(path, alice, {}),
        gateway.post(path, None, {}),
        gateway.post(path, tokens.user(scope="")),
        gateway.post(path, alice, b" " * 70_000),
        gateway.send("POST", path, alice, headers=["Content-Type: text/plain"], body=b"x"),
    ):
        assert_described(document, path, answer)
