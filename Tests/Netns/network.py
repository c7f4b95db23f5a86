"""Hosts on one machine: a network namespace for each, a bridge between them, dnsmasq for their names.

All of it lives in namespaces of the test itself (`unshare --net --mount`) and is gone with it; nothing of the machine's own
network is touched.
"""

import os
import pathlib
import signal
import subprocess
import time

SUBNET = "10.77.0"
OWN = f"{SUBNET}.1"


def run(*command, check=True):
    done = subprocess.run(command, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done


class Network:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.names = {}
        self.hosts = {}
        run("mount", "-t", "tmpfs", "tmpfs", "/run/netns") if pathlib.Path("/run/netns").is_dir() else None
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "br0", "type", "bridge")
        run("ip", "link", "set", "br0", "up")
        run("ip", "address", "add", f"{OWN}/24", "dev", "br0")
        resolv = self.folder / "resolv.conf"
        resolv.write_text(f"nameserver {OWN}\noptions timeout:1 attempts:2\n")
        run("mount", "--bind", str(resolv), str(pathlib.Path("/etc/resolv.conf").resolve()))
        self.table = self.folder / "hosts"
        self.table.write_text("")
        self.dns = subprocess.Popen(
            ["dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts", f"--addn-hosts={self.table}", f"--listen-address={OWN}", "--bind-interfaces", "--local-ttl=1", "--user=root", "--pid-file=", "--conf-file=/dev/null"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def add_host(self, host):
        address = f"{SUBNET}.{len(self.hosts) + 10}"
        self.hosts[host] = address
        run("ip", "netns", "add", host)
        run("ip", "link", "add", f"v-{host}", "type", "veth", "peer", "name", "eth0", "netns", host)
        run("ip", "link", "set", f"v-{host}", "master", "br0", "up")
        run("ip", "-n", host, "address", "add", f"{address}/24", "dev", "eth0")
        run("ip", "-n", host, "link", "set", "eth0", "up")
        run("ip", "-n", host, "link", "set", "lo", "up")
        return address

    def point(self, name, *hosts):
        """Gives `name` the addresses of `hosts`, and nobody else's."""
        self.names[name] = [self.hosts[host] for host in hosts]
        lines = [f"{address} {known}\n" for known, addresses in self.names.items() for address in addresses]
        self.table.write_text("".join(lines))
        self.dns.send_signal(signal.SIGHUP)

    def start(self, host, command, environment, log):
        return subprocess.Popen(["ip", "netns", "exec", host, *command], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def signal(self, host, number, only=None):
        """Sends a signal to every process of a host, or to those of a program only."""
        for process in run("ip", "netns", "pids", host).stdout.split():
            try:
                if only is None or pathlib.Path(f"/proc/{process}/comm").read_text().strip() == only:
                    os.kill(int(process), number)
            except (ProcessLookupError, FileNotFoundError):
                pass

    def drop(self, host, *rule):
        """Makes `host` drop what comes in and matches `rule`, until `heal`."""
        inside = ("ip", "netns", "exec", host, "nft")
        run(*inside, "add", "table", "inet", "faults")
        run(*inside, "add", "chain", "inet", "faults", "in", "{ type filter hook input priority 0; }")
        run(*inside, "add", "rule", "inet", "faults", "in", *rule, "drop")

    def isolate(self, host, others=None):
        """Drops what comes to `host` and what leaves it, all of it or that of `others`, until `heal`."""
        inside = ("ip", "netns", "exec", host, "nft")
        addresses = f"{{ {', '.join(self.hosts[other] for other in others)} }}" if others else f"{SUBNET}.0/24"
        run(*inside, "add", "table", "inet", "faults")
        for hook, end, interface in (("input", "saddr", "iifname"), ("output", "daddr", "oifname")):
            run(*inside, "add", "chain", "inet", "faults", hook, f"{{ type filter hook {hook} priority 0; }}")
            run(*inside, "add", "rule", "inet", "faults", hook, interface, "eth0", "ip", end, addresses, "drop")

    def heal(self, host):
        run("ip", "netns", "exec", host, "nft", "delete", "table", "inet", "faults", check=False)

    def delay(self, host, milliseconds):
        """Delays what goes to `host`; False when the kernel has no netem."""
        return run("tc", "qdisc", "add", "dev", f"v-{host}", "root", "netem", "delay", f"{milliseconds}ms", check=False).returncode == 0

    def hurry(self, host):
        run("tc", "qdisc", "del", "dev", f"v-{host}", "root", check=False)

    def received_bytes(self, host):
        return int(run("ip", "netns", "exec", host, "cat", "/sys/class/net/eth0/statistics/rx_bytes").stdout)

    def close(self):
        self.dns.terminate()
        self.dns.wait(10)


def wait(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not after {seconds} s: {what}")
        time.sleep(0.05)
