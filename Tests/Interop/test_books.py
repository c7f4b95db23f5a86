"""The books as an operator handles them: backed up while customers pay, restored, exported, reconciled, broken."""

import json
import pathlib
import sys
import threading
import time

import pytest

from interop import system, tokens
from interop.curl import Gateway

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Customers"))
from customers import Customer, acknowledged, await_progress  # noqa: E402

CUSTOMERS = 8


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("books")


@pytest.fixture(scope="module")
def deployment(folder):
    deployment = system.Deployment.in_one_process("grpc", LEDGER_DATA=str(folder / "data"))
    yield deployment
    deployment.discard()


def ledger(action, data, *arguments):
    return system.command("ledger", action, "--data", str(data), *map(str, arguments), timeout=60)


def paying(deployment):
    """Customers at full rate, the event that ends them, and a function that waits for that end."""
    stopping = threading.Event()
    address = (system.HOST, deployment.ports.gateway)
    customers = [Customer(address, lambda: tokens.user("alice"), f"{time.monotonic_ns()}-{number}", stopping) for number in range(CUSTOMERS)]
    for customer in customers:
        customer.start()

    def end():
        stopping.set()
        for customer in customers:
            customer.join(30)
        assert [customer.trouble for customer in customers] == [None] * CUSTOMERS

    return customers, end


def identities(data):
    exported = ledger("export", data)
    assert exported.returncode == 0, exported.stderr
    return [json.loads(line)["id"] for line in exported.stdout.splitlines()]


def test_a_backup_under_load_is_whole_and_has_what_was_acknowledged_before_it(deployment, folder):
    customers, end = paying(deployment)
    try:
        for number in range(3):
            await_progress(customers)
            before = {name for customer in customers for name in list(customer.acknowledged)}
            count, copy = acknowledged(customers), folder / f"copy-{number}"
            made = ledger("backup", folder / "data", "--to", copy)
            assert made.returncode == 0, made.stderr
            assert "whole" in made.stdout
            assert acknowledged(customers) > count, "nobody was served meanwhile"
            copied = identities(copy)
            assert len(copied) == len(set(copied))
            assert before <= set(copied)
            assert ledger("verify", copy).returncode == 0
    finally:
        end()
    assert set(identities(folder / "copy-2")) <= set(identities(folder / "data"))


def test_a_restored_ledger_serves_what_was_backed_up_and_goes_on(deployment, folder):
    payment = Gateway(deployment).post("/pay", tokens.user("alice"), {"order_id": "restored", "amount": 500}).json
    assert ledger("backup", folder / "data", "--to", folder / "kept").returncode == 0
    restored = ledger("restore", folder / "other", "--from", folder / "kept")
    assert restored.returncode == 0, restored.stderr
    other = system.Deployment.in_one_process("grpc", LEDGER_DATA=str(folder / "other"))
    try:
        gateway = Gateway(other)
        again = gateway.post("/pay", tokens.user("alice"), {"order_id": "restored", "amount": 500})
        assert again.status == 200 and again.json["payment_id"] == payment["payment_id"]
        assert again.header("Idempotency-Replayed") == "true"
        refund = gateway.post("/refund", tokens.user("alice"), {"payment_id": payment["payment_id"], "amount": 200})
        assert refund.status == 200 and refund.json["remaining"] == 300
    finally:
        other.discard()
    assert ledger("verify", folder / "other").returncode == 0


@pytest.mark.parametrize(
    "action, data, arguments, code, words",
    [
        ("backup", "data", ("--to", "full"), 73, "not empty"),
        ("backup", "nowhere", ("--to", "new"), 66, ""),
        ("restore", "full", ("--from", "data"), 73, "not empty"),
        ("restore", "fresh", ("--from", "nowhere"), 66, ""),
        ("verify", "nowhere", (), 66, "no books"),
    ],
)
def test_what_cannot_be_copied_or_read_is_refused_with_its_place(deployment, folder, action, data, arguments, code, words):
    (folder / "full").mkdir(exist_ok=True)
    (folder / "full" / "notes").write_text("mine")
    places = [str(folder / one) if not one.startswith("--") else one for one in arguments]
    refused = ledger(action, folder / data, *places)
    assert refused.returncode == code, refused
    assert words in refused.stderr and str(folder) in refused.stderr
    assert (folder / "full" / "notes").read_text() == "mine"


def test_an_entry_that_somebody_changed_is_named(deployment, folder):
    Gateway(deployment).post("/pay", tokens.user("alice"), {"order_id": "spoiled", "amount": 700})
    assert ledger("backup", folder / "data", "--to", folder / "spoiled").returncode == 0
    book = folder / "spoiled" / "ledger.db"
    content = bytearray(book.read_bytes())
    place = content.rindex(b"spoiled")
    content[place] ^= 1
    book.write_bytes(content)
    broken = ledger("verify", folder / "spoiled")
    assert broken.returncode == 2
    assert "ledger.db" in broken.stderr + broken.stdout or "entry" in broken.stderr + broken.stdout


def test_a_settlement_that_differs_is_told_line_by_line(deployment, folder):
    paid = [Gateway(deployment).post("/pay", tokens.user("alice"), {"order_id": f"settled-{number}", "amount": 100}).json["payment_id"] for number in range(2)]
    assert ledger("backup", folder / "data", "--to", folder / "settled").returncode == 0
    rows = [json.loads(line) for line in ledger("export", folder / "settled").stdout.splitlines()]
    settlement = folder / "settlement.csv"
    signs = {"capture": "", "refund": "-"}
    lines = [f"{row['id']},{signs[row['kind']]}{row['amount']},{row['currency']}" for row in rows]
    settlement.write_text("\n".join(["reference,amount,currency", *lines]) + "\n")
    same = ledger("reconcile", folder / "settled", "--settlement", settlement)
    assert same.returncode == 0, same.stderr + same.stdout
    lines[-1] = f"{paid[1]},101,EUR"
    settlement.write_text("\n".join(["reference,amount,currency", *lines[1:], "pay_unknown,5,EUR"]) + "\n")
    off = ledger("reconcile", folder / "settled", "--settlement", settlement)
    assert off.returncode == 2
    for word, name in [("amount_mismatch", paid[1]), ("missing_in_settlement", rows[0]["id"]), ("missing_in_ledger", "pay_unknown")]:
        assert any(word in line and name in line for line in off.stdout.splitlines()), off.stdout
