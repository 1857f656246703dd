"""HAProxy, configured as docs/CLIENTS.md says, sends connections to the server that the sentinels agree upon."""

import re
import subprocess

import pytest

from harness.cluster import NAME
from harness.ports import LOOPBACK, free_port
from harness.process import Process
from harness.resp import CommandError, Connection
from harness.sentinel import REPOSITORY
from harness.waiting import await_that, holds_for

pytestmark = pytest.mark.vedette_only("it calls QUIT an unknown command")

DOCUMENT = REPOSITORY / "docs" / "CLIENTS.md"


class Proxy(Process):
    def __init__(self, world, cluster):
        super().__init__(world, "haproxy")
        self.port = free_port()
        path = self.directory / "haproxy.cfg"
        path.write_text(self._configuration(cluster))
        check = subprocess.run(["haproxy", "-c", "-f", path], capture_output=True, text=True)
        assert check.returncode == 0, check.stderr
        self.argv = ["haproxy", "-db", "-f", str(path)]

    def _configuration(self, cluster):
        """The documented one, with the addresses and the name of the test in place of those of the example."""
        (text,) = re.findall(r"^```haproxy\n(.*?)^```$", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
        changes = {"bind :6379": f"bind {LOOPBACK}:{self.port}", "mymaster": NAME}
        for number, (server, sentinel) in enumerate(zip(cluster.servers, cluster.sentinels), start=1):
            changes[f"10.0.0.{number}:6379"] = f"{server.host}:{server.port}"
            changes[f"10.0.0.{number}:26379"] = f"{sentinel.host}:{sentinel.port}"
            digits = len(str(server.port))
            changes[rf"10.0.0.{number}\r\n$4\r\n6379"] = rf"{server.host}\r\n${digits}\r\n{server.port}"
        for example, actual in changes.items():
            assert example in text, f"{example} is not in the HAProxy configuration of {DOCUMENT}"
            text = text.replace(example, actual)
        return text

    def call(self, *words):
        """On a connection of its own, as a client makes it that knows nothing of sentinels."""
        with Connection(LOOPBACK, self.port) as connection:
            return connection.call(*words)


@pytest.fixture
def proxy(world, cluster):
    started = Proxy(world, cluster)
    started.launch()
    return started


def write(proxy, value):
    try:
        return proxy.call("SET", "key", value) == "OK"
    except CommandError as error:
        raise AssertionError(f"it led to a server that takes no writes: {error}") from None


def test_it_follows_a_failover(proxy, cluster):
    proxy.await_answer(lambda: write(proxy, "before"), 10, "writes go through")
    assert cluster.primary.call("GET", "key") == "before"

    old = cluster.primary
    old.kill()
    new = cluster.await_new_primary()
    await_that(lambda: write(proxy, "after"), 10, "writes go through again")
    assert new.call("GET", "key") == "after"

    old.start()  # as the primary that it was, for the moment until it is told otherwise
    holds_for(lambda: proxy.call("GET", "key") == "after", 1, "the new primary is led to")
    cluster.await_agreement()
    assert write(proxy, "at rest")
    assert new.call("GET", "key") == "at rest"


def test_one_sentinel_more_or_less_makes_no_difference(proxy, cluster):
    proxy.await_answer(lambda: write(proxy, "before"), 10, "writes go through")
    cluster.sentinels[2].kill()
    holds_for(lambda: write(proxy, "after"), 1, "writes go through")
