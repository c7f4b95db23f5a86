"""The stack of docker-compose.yml, driven with the commands that the documents name."""

import fcntl
import http.client
import json
import os
import pathlib
import pty
import re
import secrets
import select
import shutil
import signal
import subprocess
import termios
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SERVICES = ["ledger_service", "refund_service", "payment_service", "api_gateway", "grpc_ports"]
GATEWAY = ("localhost", 8000)
WAIT_SECONDS_MAX = 90
FOLLOW_SECONDS_MAX = 20
TERMINAL_SECONDS_MAX = 600
# What `runtime --version` says, and the image's label.
VERSION = re.search(r'static let version = "(.*)"', (ROOT / "Sources/Runtime/Composition/Configuration/Release.swift").read_text())[1]


class Stack:
    def __init__(self):
        self.environment = os.environ | {"COMPOSE_PROJECT_NAME": "florin-test", "JWT_SECRET_KEY": secrets.token_urlsafe(48)}
        self.options = []
        self.files = ["-f", "docker-compose.yml", "-f", "Tests/Compose/override.yml"]
        self._token = None

    def compose(self, *arguments, check=True, timeout=3_600):
        """Runs `docker compose`; what it says is shown when it fails."""
        return self._run(self._composed(*arguments), check, timeout)

    def docker(self, *arguments, check=True):
        return self._run(["docker", *arguments], check, 120)

    def runtime(self, *arguments, service="ledger_service"):
        """Runs `runtime` with arguments in the container of a service."""
        return self.compose("exec", "-T", service, "runtime", *arguments, check=False)

    def in_image(self, program, *arguments):
        """What a program of the image prints that is not `runtime`."""
        return self.docker("run", "--rm", "--network", "none", "--entrypoint", program, "florin:latest", *arguments).stdout

    def follow(self, service, count):
        """The first lines of `logs -f`, which goes on until it is ended here; fewer when it ends, or no more come in time."""
        command, text = self._composed("logs", "-f", service), b""
        with subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True) as following:
            end = time.monotonic() + FOLLOW_SECONDS_MAX
            while text.count(b"\n") < count and select.select([following.stdout], [], [], max(0, end - time.monotonic()))[0]:
                read = os.read(following.stdout.fileno(), 65_536)
                if not read:
                    break
                text += read
            os.killpg(following.pid, signal.SIGKILL)
        return text.decode().splitlines()

    def at_terminal(self, line, awaited=None, count=0):
        """What a command says at a terminal; it ends by itself, or by Ctrl-C once `awaited` was there `count` times."""
        own, theirs = pty.openpty()
        environment = self.environment | {"COMPOSE_FILE": ":".join(self.files[1::2]), "COMPOSE_MENU": "false"}
        command = line.split() if shutil.which("docker-compose") else ["docker", "compose", *line.split()[1:]]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(theirs)
        end, text, stopped = time.monotonic() + TERMINAL_SECONDS_MAX, "", False
        while process.poll() is None or select.select([own], [], [], 0)[0]:
            if time.monotonic() > end:
                os.killpg(process.pid, signal.SIGKILL)
                raise AssertionError(f"{line} does not end:\n{text[-2000:]}")
            if not select.select([own], [], [], 0.2)[0]:
                continue
            try:
                text += os.read(own, 65_536).decode(errors="replace")
            except OSError:
                break
            if awaited and not stopped and text.count(awaited) >= count:
                os.write(own, b"\x03")
                stopped = True
        code = process.wait()
        os.close(own)
        if not awaited and code != 0:
            raise AssertionError(f"{line} ends with {code}:\n{text[-2000:]}")
        return text.replace("\r", "")

    def rotate(self, key, previous=""):
        self.environment |= {"JWT_SECRET_KEY": key, "JWT_SECRET_KEY_PREVIOUS": previous}

    def token(self):
        return self._token

    def mint(self):
        minted = self.runtime("token", "--subject", "ann", "--ttl", "12h", service="api_gateway")
        self._token = minted.stdout.strip()
        return self._token

    def containers(self, service=None):
        """Every container of the stack, or of a service, as `docker inspect` tells of it."""
        names = [service] if service else []
        ids = self.compose("ps", "-q", *names).stdout.split()
        return json.loads(self.docker("inspect", *ids).stdout) if ids else []

    def crash(self, container):
        """Kills its process from outside: `docker kill` would count as a wish that it stay down."""
        os.kill(container["State"]["Pid"], signal.SIGKILL)

    def await_healthy(self):
        def healthy():
            states = [one["State"] for one in self.containers()]
            return states and all(state["Status"] == "running" and state.get("Health", {}).get("Status") == "healthy" for state in states)

        self.wait(healthy, "every container is healthy")

    def wait(self, condition, what, seconds=WAIT_SECONDS_MAX):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"not after {seconds} s: {what}")
            time.sleep(0.2)

    def ask(self, method, path, body=None, token=True):
        """The status and the document of an answer of the gateway."""
        connection = http.client.HTTPConnection(*GATEWAY, timeout=30)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        if token:
            headers["Authorization"] = f"Bearer {self._token}"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def received_bytes(self, container):
        """What has come in over the network of a container, which the kernel counts for each namespace."""
        lines = pathlib.Path(f"/proc/{container['State']['Pid']}/net/dev").read_text().splitlines()
        return sum(int(line.split(":")[1].split()[0]) for line in lines[2:] if "lo:" not in line)

    def _composed(self, *arguments):
        return ["docker", "compose", *self.options, *self.files, *arguments]

    def _run(self, command, check, timeout):
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=timeout)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done
