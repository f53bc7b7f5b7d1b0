"""Messages over a socket between processes that need not trust each other, and their limits.

A message is msgpack: its length, then plain tagged data (see `course.isolation.values`). Nothing in
it can name code to be run, so a hostile message is at worst a wrong value or a `WireError`.
"""

import math
import select
import socket
import struct
import time
from typing import Any

import msgpack

MAX_MESSAGE = 128 * 2**20
MAX_ITEMS = 2_000_000
# A TypeError is about a key that cannot be one, such as a list.
UNREADABLE = (
    ValueError,
    TypeError,
    RecursionError,
    MemoryError,
    msgpack.exceptions.UnpackException,
)
LENGTH = struct.Struct("!I")
CHUNK = 2**18


class WireError(Exception):
    """A value that cannot be sent, or bytes that are no message."""


class Silence(BaseException):
    """The other side did not answer in time. No `except Exception` in a test swallows it."""


class HungUp(BaseException):
    """The other side is gone."""


class Channel:
    """Whole messages over a socket, each at its deadline at the latest.

    Parameters
    ----------
    sock : socket.socket
    limit : int
        Most bytes that a message of the other side may have.
    """

    def __init__(self, sock: socket.socket, limit: int = MAX_MESSAGE) -> None:
        self.sock = sock
        self.limit = limit
        self.deadline = math.inf
        self._received = bytearray()
        sock.setblocking(False)

    def send(self, message: Any) -> None:
        """Sends plain data (`pack`ed here); `Silence` or `HungUp` if that fails."""
        data = pack(message)
        view = memoryview(LENGTH.pack(len(data)) + data)
        while view:
            self._check()
            try:
                view = view[self.sock.send(view) :]
            except BlockingIOError:
                self._wait(select.POLLOUT)
            except OSError:
                raise HungUp from None

    def receive(self) -> Any:
        """The next message as plain data; `Silence`, `HungUp` or `WireError` if there is none."""
        (size,) = LENGTH.unpack(self._exactly(LENGTH.size))
        if size > self.limit:
            raise WireError(f"a message of {size / 2**20:.0f} MB is over the limit")
        return unpack(self._exactly(size))

    def _exactly(self, size: int) -> bytearray:
        while len(self._received) < size:
            self._check()
            try:
                data = self.sock.recv(CHUNK)
            except BlockingIOError:
                self._wait(select.POLLIN)
                continue
            except OSError:
                raise HungUp from None
            if not data:
                raise HungUp
            self._received += data
        found = self._received[:size]
        del self._received[:size]
        return found

    def _check(self) -> None:
        if time.monotonic() >= self.deadline:
            raise Silence

    def _wait(self, event: int) -> None:
        poll = select.poll()
        poll.register(self.sock, event)
        left = self.deadline - time.monotonic()
        poll.poll(None if left == math.inf else max(0, math.ceil(left * 1000)))

    def close(self) -> None:
        """Closes the socket."""
        self.sock.close()


def pack(message: Any) -> bytes:
    """Bytes of plain tagged data."""
    try:
        data: bytes = msgpack.packb(message, unicode_errors="surrogatepass")
    except (ValueError, OverflowError, TypeError, RecursionError) as error:
        raise WireError(f"it cannot be written down: {error}") from None
    if len(data) > MAX_MESSAGE:
        raise WireError(f"it is over the limit of {MAX_MESSAGE // 2**20} MB")
    return data


def unpack(data: bytes | bytearray) -> Any:
    """Plain tagged data of bytes."""
    try:
        return msgpack.unpackb(
            data,
            use_list=True,
            strict_map_key=False,
            unicode_errors="surrogatepass",
            max_array_len=MAX_ITEMS,
            max_map_len=MAX_ITEMS,
            max_ext_len=0,
        )
    except UNREADABLE as error:
        raise WireError(f"the message cannot be read: {type(error).__name__}") from None
