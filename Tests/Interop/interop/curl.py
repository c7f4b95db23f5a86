"""curl as the HTTP client, for the gateway (HTTP/1.1) and for bare gRPC frames (HTTP/2)."""

import json
import re
import struct
import subprocess
from dataclasses import dataclass

EARLY_ANSWER_TRIES_MAX = 20
PROBLEM_MEMBERS = {
    "type": str,
    "title": str,
    "status": int,
    "detail": str,
    "instance": str,
    "code": str,
    "request_id": str,
    "retryable": bool,
    "errors": list,
}
INTERNAL_TEXT = re.compile(r"Swift|RPCError|DomainError|grpc|nghttp2|NIO|fatal|/Sources/|0x[0-9a-f]{6}|:\d{5}\b")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list
    body: bytes

    def header(self, name):
        """The only value of a header; None without one."""
        values = self.all_headers(name)
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None

    def all_headers(self, name):
        return [value for key, value in self.headers if key == name.lower()]

    @property
    def json(self):
        return json.loads(self.body)

    def __str__(self):
        return f"{self.status} {self.headers} {self.body[:600]!r}"


def request(url, *arguments, body=None):
    """Runs curl and takes its output apart; trailers count as headers."""
    words = ["curl", "--silent", "--show-error", "--include", "--globoff", "--max-time", "20", *arguments, url]
    if body is not None:
        words[-1:-1] = ["--data-binary", "@-"]
    run = subprocess.run(words, input=body if body is not None else b"", capture_output=True, timeout=120)
    assert run.returncode == 0, f"curl ended with {run.returncode}: {run.stderr.decode()}"
    return _answer(run.stdout)


def _answer(output):
    while True:
        head, _, rest = output.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split()[1])
        if status >= 200:
            return Answer(status, [_field(line) for line in lines[1:]], rest)
        output = rest


def _field(line):
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()


class Gateway:
    """The gateway's routes by curl."""

    def __init__(self, deployment):
        self.deployment = deployment
        self.url = deployment.url

    def send(self, method, path, token=None, *, json_body=None, form=None, headers=(), body=None, extra=()):
        words = ["--http1.1", "--head"] if method == "HEAD" else ["--http1.1", "--request", method]
        if token is not None:
            words += ["--header", f"Authorization: Bearer {token}"]
        if json_body is not None:
            body = json_body if isinstance(json_body, bytes) else json.dumps(json_body).encode()
            words += ["--header", "Content-Type: application/json"]
        for field in form or ():
            words += ["--data-urlencode", field]
        for header in headers:
            words += ["--header", header]
        return request(self.url + path, *words, *extra, body=body)

    def post(self, path, token=None, json_body=None, **options):
        return self.send("POST", path, token, json_body=json_body, **options)

    def get(self, path, token=None, **options):
        return self.send("GET", path, token, **options)


def assert_problem(answer, status, code, path=None):
    """Checks an error against the contract, and returns its members."""
    assert answer.status == status, f"expected {status} {code}, got {answer}"
    assert answer.header("content-type").split(";")[0] == "application/problem+json", str(answer)
    members = answer.json
    for name, kind in PROBLEM_MEMBERS.items():
        assert type(members.get(name)) is kind, f"member {name} of {members}"
    assert members["status"] == status
    if code is not None:
        assert members["code"] == code, members
    assert members["type"].endswith(members["code"])
    assert members["request_id"] == answer.header("x-request-id")
    if path is not None:
        assert members["instance"] == path
    for error in members["errors"]:
        assert set(error) >= {"field", "detail"}, error
    assert not INTERNAL_TEXT.search(members["title"] + members["detail"]), members
    return members


def frame(message, compressed=0):
    """A gRPC length-prefixed message."""
    return struct.pack(">BI", compressed, len(message)) + message


@dataclass(frozen=True)
class GRPCAnswer:
    http_status: int
    code: int
    message: str
    headers: list
    body: bytes

    def header(self, name):
        return next((value for key, value in self.headers if key == name), None)


def grpc_call(target, path, body, *, token=None, headers=(), method="POST", content_type="application/grpc"):
    """One call over cleartext HTTP/2 with bytes that no gRPC library would send."""
    words = ["--http2-prior-knowledge", "--request", method, "--header", "TE: trailers"]
    words += ["--header", f"Content-Type: {content_type}"]
    if token is not None:
        words += ["--header", f"Authorization: Bearer {token}"]
    for header in headers:
        words += ["--header", header]
    # Trailers are written behind the body: keep them apart by dumping all fields to stderr.
    words = ["curl", "--silent", "--show-error", "--max-time", "20", "--dump-header", "/dev/stderr", *words]
    words += ["--data-binary", "@-", f"http://{target}/{path}"]
    answer, lines = _body_and_fields(words, body)
    fields = [_field(line) for line in lines[1:] if not line.startswith("HTTP/2 ") and ":" in line]
    names = dict(fields)
    return GRPCAnswer(
        http_status=int(lines[0].split()[1]),
        code=int(names.get("grpc-status", -1)),
        message=names.get("grpc-message", ""),
        headers=fields,
        body=answer,
    )


def _body_and_fields(words, body):
    """curl 7.88 drops an answer that comes before it has sent its body (RFC 9113 § 8.1 forbids that): ask again then."""
    for _ in range(EARLY_ANSWER_TRIES_MAX):
        run = subprocess.run(words, input=body, capture_output=True, timeout=120)
        text = run.stderr.decode("latin-1")
        lines = [line for line in text.split("\r\n") if line]
        if lines and lines[0].startswith("HTTP/2 "):
            return run.stdout, lines
        if "Stream error in the HTTP/2 framing layer" not in text:
            break
    raise AssertionError(f"curl ended with {run.returncode}: {text}")
