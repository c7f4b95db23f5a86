"""Florin beside a cluster: two ledgers, a payment and a refund service and a gateway, each on a host of its own."""

import http.client
import json
import os
import secrets
import subprocess
import threading
import time

from network import wait

HOSTS = {"ledger1": "ledger", "ledger2": "ledger", "refund": "refund", "payment": "payment", "gateway": "gateway"}
STOP_SECONDS_MAX = 60
ANSWER_SECONDS_MAX = 40
LEDGER_HEALTH_PORT = 8002
READINESS_PAUSE = 0.05


class Florin:
    def __init__(self, runtime, network, folder, url):
        self.runtime, self.network, self.folder = runtime, network, folder
        self.environment = {"PATH": os.environ["PATH"], "JWT_SECRET_KEY": secrets.token_urlsafe(48), "DATABASE_URL": url}
        for host in HOSTS:
            if host not in network.hosts:
                network.add_host(host)
        for name in set(HOSTS.values()):
            network.point(name, *(host for host, service in HOSTS.items() if service == name))
        self.processes = {host: self.start(host) for host in HOSTS}
        self.token = self.command("token", "--subject", "ann", "--ttl", "12h").stdout.strip()
        self.gateway = (network.hosts["gateway"], 8000)
        self.readiness = []
        self.stopping = threading.Event()
        for host in ("ledger1", "ledger2"):
            threading.Thread(target=self.watch, args=(host,), daemon=True).start()
        wait(self.healthy, "the gateway's /health is 200")

    def start(self, host):
        with (self.folder / f"{host}.log").open("ab") as log:
            return self.network.start(host, [self.runtime, "--transport", "grpc", "--service", HOSTS[host]], self.environment, log)

    def command(self, *arguments):
        """Runs `runtime` with arguments and the database of the ledgers."""
        return subprocess.run([self.runtime, *arguments], env=self.environment, capture_output=True, text=True, timeout=600)

    def entries(self, after):
        """The entries that follow a sequence."""
        done = self.command("ledger", "entries", "--after", str(after))
        assert done.returncode == 0, f"ledger entries: {done.stderr.strip()}"
        return [json.loads(line) for line in done.stdout.splitlines()]

    def pay(self, key, amount):
        """The status and the document of one answer; 0 when there is none."""
        return self.ask("POST", "/pay", f"order_id={key}&amount={amount}", {"Idempotency-Key": key, "Content-Type": "application/x-www-form-urlencoded"})

    def payment(self, name):
        """The status and the document of a payment."""
        return self.ask("GET", f"/payments/{name}")

    def ask(self, method, path, body=None, headers={}):
        connection = http.client.HTTPConnection(*self.gateway, timeout=ANSWER_SECONDS_MAX)
        try:
            connection.request(method, path, body, headers | {"Authorization": f"Bearer {self.token}"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException):
            return 0, {}
        finally:
            connection.close()

    def watch(self, host):
        """Notes each moment at which a ledger says that it serves."""
        while not self.stopping.wait(READINESS_PAUSE):
            if self.serves((self.network.hosts[host], LEDGER_HEALTH_PORT)):
                self.readiness.append(time.monotonic())

    def healthy(self):
        return self.serves(self.gateway)

    def serves(self, address):
        connection = http.client.HTTPConnection(*address, timeout=2)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self):
        """Ends every process; the sentences of those that did not drain."""
        self.stopping.set()
        for process in reversed(self.processes.values()):
            process.terminate()
        codes = {host: process.wait(STOP_SECONDS_MAX) for host, process in self.processes.items()}
        return [f"{host} ended with {code}" for host, code in codes.items() if code != 0]

    def close(self):
        self.stopping.set()
        for process in self.processes.values():
            process.kill()
