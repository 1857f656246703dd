"""Hosts of a network that a test can cut in two: each host runs a server and a sentinel.

With the rights for it, each host is a network namespace with a cable to a switch, which is a namespace too; cutting
moves the cables of one side to another bridge, so that packets vanish in silence, as they do in life. The tests'
own connections are made from within a host, so that both sides can be seen while they are apart.

Without these rights all hosts are this one, and the smaller side is paused instead: its processes hold their
connections and say nothing. It cannot be looked at meanwhile, and does nothing wrong in its isolation.
"""

import contextlib
import ctypes
import itertools
import os
import subprocess

from .ports import LOOPBACK
from .process import is_root

CLONE_NEWNET = 0x40000000

_numbers = itertools.count()
_libc = ctypes.CDLL(None, use_errno=True)


def make_network(world, hosts):
    """VEDETTE_TEST_NETWORK=paused chooses the second way also for root."""
    if is_root() and os.environ.get("VEDETTE_TEST_NETWORK") != "paused":
        return NamespaceNetwork(world, hosts)
    return PausedNetwork(hosts)


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


class NamespaceNetwork:
    both_sides_can_be_seen = True

    def __init__(self, world, hosts):
        stem = f"vedette-{os.getpid()}-{next(_numbers)}"
        self._switch = f"{stem}-switch"
        self._add_namespace(world, self._switch)
        for bridge in ("whole", "apart"):
            ip("-n", self._switch, "link", "add", bridge, "type", "bridge", "forward_delay", "0")
            ip("-n", self._switch, "link", "set", bridge, "up")
        self.hosts = [self._add_host(world, stem, number) for number in range(1, hosts + 1)]

    def _add_namespace(self, world, name):
        ip("netns", "add", name)
        world.on_close(lambda: ip("netns", "delete", name))

    def _add_host(self, world, stem, number):
        host = NamespaceHost(f"host{number}", f"{stem}-{number}", f"10.77.0.{number}")
        self._add_namespace(world, host.namespace)
        peer = ("peer", "name", "eth0", "netns", host.namespace)
        ip("link", "add", host.name, "netns", self._switch, "type", "veth", *peer)
        ip("-n", self._switch, "link", "set", host.name, "master", "whole", "up")
        ip("-n", host.namespace, "addr", "add", f"{host.address}/24", "dev", "eth0")
        ip("-n", host.namespace, "link", "set", "eth0", "up")
        ip("-n", host.namespace, "link", "set", "lo", "up")
        return host

    def cut_off(self, *hosts):
        """These hosts still see each other, but no one else."""
        for host in hosts:
            ip("-n", self._switch, "link", "set", host.name, "master", "apart")

    def heal(self):
        for host in self.hosts:
            ip("-n", self._switch, "link", "set", host.name, "master", "whole")


class NamespaceHost:
    def __init__(self, name, namespace, address):
        self.name, self.namespace, self.address = name, namespace, address
        self.prefix = ("ip", "netns", "exec", namespace)
        self.processes = []

    @contextlib.contextmanager
    def inside(self):
        """Sockets made by this thread meanwhile belong to the host, and stay so."""
        with open("/proc/thread-self/ns/net", "rb") as here, open(f"/run/netns/{self.namespace}", "rb") as there:
            _enter(there)
            try:
                yield
            finally:
                _enter(here)


def _enter(namespace):
    if _libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


class PausedNetwork:
    both_sides_can_be_seen = False

    def __init__(self, hosts):
        self.hosts = [PausedHost(f"host{number}") for number in range(1, hosts + 1)]
        self._paused = []

    def cut_off(self, *hosts):
        self._paused = [process for host in hosts for process in host.processes if process.running]
        for process in self._paused:
            process.pause()

    def heal(self):
        for process in self._paused:
            process.resume()
        self._paused = []


class PausedHost:
    address = LOOPBACK
    prefix = ()

    def __init__(self, name):
        self.name = name
        self.processes = []

    def inside(self):
        return contextlib.nullcontext()
