"""Free TCP ports on loopback, and whole addresses of it for those who need thousands of ports.

A port is taken below the kernel's ephemeral range, so that no outgoing connection can steal it between the choice and
the server's bind, and is reserved for the life of this process by an abstract Unix socket, so that two test runs on
one machine never choose the same one. It is never given out twice by one run. The same holds for addresses.
"""

import random
import socket

LOOPBACK = "127.0.0.1"
LOWEST = 15000
ATTEMPTS = 1000

_reservations = {}


def _ephemeral_start():
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        return int(file.read().split()[0])


def _reserve(what):
    reservation = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        reservation.bind(f"\0vedette-integration-port-{what}")
    except OSError:
        reservation.close()
        return False
    _reservations[what] = reservation
    return True


def _is_free(port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port():
    highest = _ephemeral_start() - 1
    for _ in range(ATTEMPTS):
        port = random.randint(LOWEST, highest)
        if port not in _reservations and _reserve(port) and _is_free(port):
            return port
    raise RuntimeError(f"no free port found in {LOWEST}..{highest} in {ATTEMPTS} attempts")


def free_host():
    """An address of loopback all of whose ports are free."""
    for number in range(1, 255):
        host = f"127.0.1.{number}"
        if host not in _reservations and _reserve(host):
            return host
    raise RuntimeError("all addresses are taken")
