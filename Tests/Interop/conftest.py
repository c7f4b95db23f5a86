"""The systems under test, each started once and stopped whatever happens."""

import grpc
import pytest

from interop import methods, system
from interop.curl import Gateway

SHARED = {}


def shared(transport):
    if transport not in SHARED:
        SHARED[transport] = system.Deployment.in_one_process(transport)
    return SHARED[transport]


@pytest.fixture(scope="session", autouse=True)
def end_of_the_shared_systems():
    yield
    for deployment in SHARED.values():
        deployment.discard()


@pytest.fixture(autouse=True)
def no_process_ends():
    """A test that ends a shared system's process fails itself; the ones behind it get a new one."""
    yield
    for transport, deployment in list(SHARED.items()):
        try:
            deployment.assert_running()
        except AssertionError:
            deployment.restart()
            raise


@pytest.fixture(scope="session")
def backbone():
    """The whole system in one process, over gRPC."""
    return shared("grpc")


@pytest.fixture(scope="session")
def rehearsal():
    """The whole system in one process, over the in-memory transport."""
    return shared("memory")


@pytest.fixture(scope="module", params=["grpc", "memory"])
def gateway(request):
    """The gateway by curl: the contract is the same over both transports."""
    return Gateway(shared(request.param))


@pytest.fixture(scope="session")
def channels(backbone):
    """A grpcio channel to each service."""
    made = {
        service: grpc.insecure_channel(backbone.ports.target(service), options=methods.UNLIMITED)
        for service in system.SERVICES
    }
    yield made
    for channel in made.values():
        channel.close()


def pytest_collection_modifyitems(items):
    """The logs are judged when everything has been written."""
    items.sort(key=lambda item: item.path.name == "test_logs.py")
