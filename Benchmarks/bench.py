"""What the benchmarks that start a `runtime` have in common."""

import os
import pathlib
import secrets
import signal
import socket
import subprocess
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"

PAY = """
local number = 0
local prefix = os.getenv("PREFIX")
request = function()
  number = number + 1
  return wrk.format("POST", "/pay", {
    ["Authorization"] = "Bearer " .. os.getenv("TOKEN"),
    ["Content-Type"] = "application/x-www-form-urlencoded",
  }, "order_id=" .. prefix .. number .. "&amount=100")
end
"""


def build(folder, product):
    """The executable, built in release mode."""
    command = ["swift", "build", "--quiet", "-c", "release", "--product", product]
    subprocess.run(command, cwd=folder, check=True)
    shown = subprocess.run([*command, "--show-bin-path"], cwd=folder, check=True, capture_output=True, text=True)
    return pathlib.Path(shown.stdout.strip()) / product


def free_ports(count):
    holders = [socket.socket() for _ in range(count)]
    for holder in holders:
        holder.bind((HOST, 0))
    ports = [holder.getsockname()[1] for holder in holders]
    for holder in holders:
        holder.close()
    return ports


def wait_for_health(process, port, seconds_max=60):
    """Whether `process` serves within the time; false as soon as it has ended."""
    end = time.monotonic() + seconds_max
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/health", timeout=5) as answer:
                if answer.status == 200:
                    return True
        except OSError:
            time.sleep(0.002)
    return False


class System:
    """A process of every service, or of one, that serves with books in `folder`; `started_in` has the seconds it took."""

    def __init__(self, runtime, folder, processor=None, service="all", **variables):
        names = ["GATEWAY", "PAYMENT_SERVICE", "LEDGER_SERVICE", "REFUND_SERVICE", "PAYMENT_HEALTH", "LEDGER_HEALTH", "REFUND_HEALTH", "ADMIN"]
        self.ports = dict(zip(names, free_ports(len(names))))
        self.runtime = runtime
        self.environment = {"PATH": os.environ["PATH"], "JWT_SECRET_KEY": secrets.token_hex(32), "LEDGER_DATA": str(folder / "data")}
        self.environment |= {f"{name}_PORT": str(port) for name, port in self.ports.items()}
        self.environment |= variables
        # The log of every request would be measured too.
        self.log = (folder / "log").open("wb")
        pinned = [] if processor is None else ["taskset", "-c", str(processor)]
        begin = time.monotonic()
        self.process = subprocess.Popen([*pinned, runtime, "--service", service], env=self.environment, stdout=self.log, stderr=self.log)
        if not wait_for_health(self.process, self.ports["GATEWAY" if service == "all" else f"{service.upper()}_HEALTH"]):
            self.process.kill()
            self.process.wait()
            raise SystemExit(f"it does not serve: {pathlib.Path(self.log.name).read_text()}")
        self.started_in = time.monotonic() - begin

    def token(self, *arguments):
        run = subprocess.run([self.runtime, "token", *arguments], env=self.environment, check=True, capture_output=True, text=True)
        return run.stdout.strip()

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def wrk(system, folder, prefix, connections, seconds, processor=None):
    """`wrk`, started: payments, each with an order of its own."""
    script = folder / "pay.lua"
    script.write_text(PAY)
    environment = os.environ | {"TOKEN": system.token("--subject", "ann", "--ttl", "1h"), "PREFIX": prefix}
    pinned = [] if processor is None else ["taskset", "-c", str(processor)]
    command = [*pinned, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script), f"http://{HOST}:{system.ports['GATEWAY']}"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
