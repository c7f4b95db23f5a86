"""Callers of different minds behind one nginx, which gives its kept connections to whoever comes."""

import collections
import concurrent.futures
import shutil
import subprocess

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from interop import system
from interop.waiting import until

CALLERS = 4
CALLS = 500
CONFIGURATION = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  upstream payment {{ server {target}; keepalive 16; keepalive_requests 100000; }}
  server {{ listen {host}:{port} http2; keepalive_requests 100000; location / {{ grpc_pass grpc://payment; }} }}
}}
"""


@pytest.fixture
def proxy(backbone, tmp_path):
    """The address of an nginx in front of the payment service."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert program, "nginx is missing: make interop installs it"
    port = system.free_ports(1)[0]
    words = {"folder": tmp_path, "target": backbone.ports.target("payment"), "host": system.HOST, "port": port}
    (tmp_path / "nginx.conf").write_text(CONFIGURATION.format(**words))
    command = [program, "-e", tmp_path / "error.log", "-c", tmp_path / "nginx.conf"]
    nginx = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        yield f"{system.HOST}:{port}"
    finally:
        nginx.terminate()
        nginx.wait()


def statuses(target, call):
    """The answers to many calls of one caller, each with how often it came."""
    counts = collections.Counter()
    with grpc.insecure_channel(target, options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
        for _ in range(CALLS):
            try:
                call(channel)
                counts["OK"] += 1
            except grpc.RpcError as error:
                counts[f"{error.code().name}: {error.details()}"] += 1
    return counts


def good(channel):
    health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=30)


def refused(channel):
    """A call that is refused on its headers, while its message is still on the way."""
    channel.unary_unary("/payment.PaymentService/Nothing")(b"x" * 500, timeout=30)


def test_a_refused_call_hurts_no_other_behind_a_proxy(proxy):
    until(lambda: statuses_of_one(proxy), lambda status: status == "OK")
    with concurrent.futures.ThreadPoolExecutor(2 * CALLERS) as pool:
        runs = [(kind, pool.submit(statuses, proxy, kind)) for kind in (good, refused) for _ in range(CALLERS)]
        answers = {good: collections.Counter(), refused: collections.Counter()}
        for kind, run in runs:
            answers[kind] += run.result()
    assert answers[good] == {"OK": CALLERS * CALLS}
    assert list(answers[refused]) == ["UNIMPLEMENTED: no method 'payment.PaymentService/Nothing' here"]


def statuses_of_one(target):
    with grpc.insecure_channel(target) as channel:
        try:
            good(channel)
            return "OK"
        except grpc.RpcError as error:
            return error.code().name
