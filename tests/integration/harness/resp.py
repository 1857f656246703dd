"""A tiny RESP2/RESP3 client on a blocking socket, for tests that care about bytes and types.

It decodes replies into Python values that keep the wire's type apart: `Simple` from bulk `str`, `Map` from `list`, the
three kinds of null, `Error` as a value. It is no client library: it never reconnects, and never reorders anything.
"""

import socket

CRLF = b"\r\n"
DEFAULT_TIMEOUT = 5.0


class Simple(str):
    """A `+` reply."""


class Error(str):
    """A `-` reply: its whole text. As an exception: `CommandError`."""


class Verbatim(str):
    """A `=` reply of RESP3, without its three letters of format."""


class Map(list):
    """A `%` reply of RESP3, as a list of pairs in the order of the wire."""


class Set(list):
    """A `~` reply of RESP3."""


class Push(list):
    """A `>` message of RESP3."""


class Null:
    """A null, false like `None`, but one for each form that the wire has."""

    def __init__(self, form):
        self.form = form

    def __bool__(self):
        return False

    def __repr__(self):
        return f"Null({self.form})"


NULL_BULK = Null("$-1")
NULL_ARRAY = Null("*-1")
NULL = Null("_")


class CommandError(RuntimeError):
    """An error reply to a command that was expected to succeed."""


class Closed(OSError):
    """The other side closed the connection."""


def encode(*words):
    """One command as an array of bulk strings."""
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        data = word if isinstance(word, bytes) else str(word).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
    return b"".join(parts)


class Connection:
    """One connection, from the network namespace in which the thread is when it makes it."""

    def __init__(self, host, port, timeout=DEFAULT_TIMEOUT, tls=None):
        """`tls` is the `ssl.SSLContext` to speak with, if any."""
        self.socket = socket.create_connection((host, port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket)
        self._buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def shut(self):
        """Ends the connection under a reader that waits in another thread."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    # --- Commands ---

    def call(self, *words):
        """The reply to a command that must succeed."""
        reply = self.reply_to(*words)
        if isinstance(reply, Error):
            raise CommandError(f"{' '.join(map(str, words))}: {reply}")
        return reply

    def reply_to(self, *words):
        """The reply to a command, also when it is an error."""
        self.send(encode(*words))
        return self.read_reply()

    # --- Bytes ---

    def send(self, data):
        self.socket.sendall(data)

    def read_reply(self):
        line = self._read_line()
        kind, rest = line[:1], line[1:].decode("utf-8", "surrogateescape")
        reader = self._READERS.get(kind)
        assert reader, f"no type of RESP: {line!r}"
        return reader(self, rest)

    def read_until_closed(self, limit=1 << 20):
        """Everything up to the end of the stream; a reset counts as the end."""
        data, self._buffer = self._buffer, b""
        try:
            while len(data) < limit:
                chunk = self.socket.recv(65536)
                if not chunk:
                    return data
                data += chunk
        except (ConnectionResetError, BrokenPipeError):
            return data
        raise AssertionError(f"still open after {limit} bytes")

    # --- Decoding ---

    def _fill(self):
        chunk = self.socket.recv(65536)
        if not chunk:
            raise Closed("connection closed by the other side")
        self._buffer += chunk

    def _read_line(self):
        while CRLF not in self._buffer:
            self._fill()
        line, self._buffer = self._buffer.split(CRLF, 1)
        return line

    def _read_exactly(self, size):
        while len(self._buffer) < size + 2:
            self._fill()
        data, end, self._buffer = self._buffer[:size], self._buffer[size : size + 2], self._buffer[size + 2 :]
        assert end == CRLF, f"{data!r} of {size} bytes is followed by {end!r}"
        return data.decode("utf-8", "surrogateescape")

    def _bulk(self, rest):
        return NULL_BULK if rest == "-1" else self._read_exactly(int(rest))

    def _array(self, rest):
        return NULL_ARRAY if rest == "-1" else self._elements(rest)

    def _elements(self, count):
        return [self.read_reply() for _ in range(int(count))]

    def _map(self, rest):
        return Map((self.read_reply(), self.read_reply()) for _ in range(int(rest)))

    _READERS = {
        b"+": lambda self, rest: Simple(rest),
        b"-": lambda self, rest: Error(rest),
        b":": lambda self, rest: int(rest),
        b"$": _bulk,
        b"*": _array,
        b"%": _map,
        b"~": lambda self, rest: Set(self._elements(rest)),
        b">": lambda self, rest: Push(self._elements(rest)),
        b"_": lambda self, rest: NULL,
        b"#": lambda self, rest: rest == "t",
        b",": lambda self, rest: float(rest),
        b"=": lambda self, rest: Verbatim(self._read_exactly(int(rest))[4:]),
    }


def as_dict(reply):
    """A map of RESP3, or the flat array that RESP2 has for it, as a dictionary in the order of the wire."""
    if isinstance(reply, Map):
        return dict(reply)
    return dict(zip(reply[::2], reply[1::2]))


def client_fields(line):
    """Of one line of CLIENT LIST."""
    return dict(word.split("=", 1) for word in line.split())


def shape(reply):
    """The type of a reply, with the types of its elements: what two servers must have in common."""
    if isinstance(reply, Null):
        return reply.form
    if isinstance(reply, Map):
        return ["map"] + [(shape(key), shape(value)) for key, value in reply]
    if isinstance(reply, list):
        return [type(reply).__name__.lower()] + [shape(element) for element in reply]
    return {str: "bulk", Simple: "simple", Error: "error", Verbatim: "verbatim", bool: "boolean"}.get(
        type(reply), type(reply).__name__
    )
