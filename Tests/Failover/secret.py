"""The secret of deploy/kubernetes as its pods have it: a user without a home reads it, and trusts only what is in it."""

import os
import pathlib
import shutil

import yaml

from network import wait
from pair import PRIMARY, STANDBY, Pair

EXAMPLE = pathlib.Path(__file__).resolve().parent.parent.parent / "deploy/kubernetes/secrets.example.yaml"
MOUNT = "/run/secrets/florin-database"
# As deploy/kubernetes runs every pod.
USER_ID = 10001
AS_POD = ["setpriv", f"--reuid={USER_ID}", f"--regid={USER_ID}", "--clear-groups", "env", "--unset=HOME"]


def example():
    """The DATABASE_URL of the example."""
    secrets = [one["stringData"] for one in yaml.safe_load_all(EXAMPLE.read_text())]
    [url] = [secret["database_url"] for secret in secrets if "database_url" in secret]
    return url


class Secret:
    def __init__(self, cases):
        self.cases, self.network = cases, cases.network
        cases.count += 1
        self.folder = cases.folder / f"case{cases.count}"
        self.pair = Pair(self.network, self.folder, synchronous=False)
        # The build may lie where that user may not look.
        self.runtime = shutil.copy(cases.runtime, cases.folder / "runtime")
        for host in (PRIMARY, STANDBY):
            self.certify(host)

    def certify(self, host):
        """Gives a server a certificate that is its own authority."""
        data, address = self.pair.data(host), self.network.hosts[host]
        names = ["-subj", f"/CN={host}", "-addext", f"subjectAltName=IP:{address}"]
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-keyout", f"{data}/server.key"]
        self.pair.run(host, "openssl", "req", "-x509", "-days", "1", *names, *key, "-out", f"{data}/server.crt")
        self.pair.write(host, "postgresql.conf", ["ssl=on"])
        self.pair.stop(host)
        self.pair.start(host)

    def serve(self, name, authorities):
        """The end of the log of a ledger that has the example's secret with these authorities, once it is `ready` or not."""
        mount = self.cases.folder / name
        mount.mkdir(mode=0o750)
        shutil.chown(mount, group=USER_ID)
        hosts = ",".join(self.network.hosts[host] for host in (PRIMARY, STANDBY))
        url = example().replace(MOUNT, str(mount)).replace("db1.example,db2.example,db3.example", hosts).replace(":PASSWORD", "")
        for file, text in {"database_url": url, "authorities.pem": authorities}.items():
            (mount / file).write_text(text)
            (mount / file).chmod(0o440)
            shutil.chown(mount / file, group=USER_ID)
        environment = {"PATH": os.environ["PATH"], "JWT_SECRET_KEY": "f" * 48 + "0123456789", "DATABASE_URL_FILE": str(mount / "database_url")}
        log = self.cases.folder / f"{name}.log"
        with log.open("wb") as file:
            process = self.network.start(PRIMARY, [*AS_POD, self.runtime, "--transport", "grpc", "--service", "ledger"], environment, file)
        try:
            wait(lambda: "the store of" in log.read_text() or process.poll() is not None, "the ledger says how its store is")
        finally:
            process.kill()
        return log.read_text()

    def certificate(self, host):
        return pathlib.Path(self.pair.data(host), "server.crt").read_text()

    def check(self):
        both = self.certificate(PRIMARY) + self.certificate(STANDBY)
        trusted, strange = self.serve("trusted", both), self.serve("strange", self.certificate(STANDBY))
        assert "is ready" in trusted, trusted[-600:]
        assert "certificate verify failed" in strange, strange[-600:]
        return f"user {USER_ID} connects with verify-full, and not to a server of another authority"

    def close(self):
        self.pair.close()
