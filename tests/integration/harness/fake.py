"""An instance or peer that is none: it listens like one, records what it is sent, and answers whatever a test wants.

Each connection has a thread of its own that runs the behaviour; `close` ends them all.
"""

import socket
import threading

from .ports import LOOPBACK, free_port


def silent(connection, received):
    """Takes all and never answers."""
    while _receive(connection, received):
        pass


def answering(data):
    """The same bytes on each connection at once, and again for each thing received."""

    def behave(connection, received):
        connection.sendall(data)
        while _receive(connection, received):
            connection.sendall(data)

    return behave


def flooding(head, chunk):
    """`head`, and then `chunk` for ever: a reply that never ends."""

    def behave(connection, _):
        connection.sendall(head)
        while True:
            connection.sendall(chunk)

    return behave


def _receive(connection, received):
    data = connection.recv(65536)
    received.append(data)
    return data


class Fake:
    def __init__(self, world, behave):
        self.host, self.port = LOOPBACK, free_port()
        self.received = []  # in the order of arrival, over all connections
        self.connections = 0
        self._behave = behave
        self._open = []
        self._listener = socket.create_server((self.host, self.port))
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        world.on_close(self.close)

    @property
    def address(self):
        return self.host, self.port

    def everything_received(self):
        return b"".join(self.received)

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for connection in self._open:
            _shut(connection)

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            with connection:
                self._behave(connection, self.received)
        except OSError:
            return  # either side ended it


def _shut(connection):
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
