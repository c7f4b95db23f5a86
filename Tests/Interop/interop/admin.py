"""The admin port of a process that was started with `ADMIN_PORT=0`, by curl, and its metrics by Prometheus' own client."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from interop.curl import Gateway
from interop.system import HOST


class Admin(Gateway):
    def __init__(self, process):
        self.port = int(process.await_log(r"metrics and more are at http://\S+:(\d+)/metrics")[1])
        self.url = f"http://{HOST}:{self.port}"

    def metrics(self):
        """`/metrics` as Prometheus reads it."""
        answer = self.get("/metrics")
        assert answer.status == 200, str(answer)
        return answer.body.decode()

    def samples(self):
        return samples(text_string_to_metric_families(self.metrics()))

    def total(self, name, **labels):
        """The sum of all samples with this name and these labels."""
        return sum(one.value for one in self.samples() if one.name == name and labels.items() <= one.labels.items())


def samples(families):
    return [sample for family in families for sample in family.samples]


@pytest.fixture(scope="module")
def front(processes):
    """The gateway of the module's own `processes`."""
    return Gateway(processes)


@pytest.fixture(scope="module")
def admins(processes):
    """The admin ports of the module's own `processes`, by service."""
    return {name: Admin(process) for name, process in processes.processes.items()}
