"""Connections dealt out evenly among processes that listen on one socket.

The first process to wake would take every connection that waits, and the others have none. So each writes into a common
page how many it holds, takes one at a time, and leaves the next to the others while it holds more than one of them. A
process that does not answer is waited for no longer than `PATIENCE`.
"""

from __future__ import annotations

import asyncio
import mmap
import socket
import struct
import time
from typing import Any

import structlog
import uvicorn

SLOTS = 64  # processes at most
NOBODY = 2**31 - 1  # what a slot holds while no process has it
PAUSE, PATIENCE = 0.002, 0.05  # s between two looks at the others; s a connection waits for one of them; assumptions
FULL = 1.0  # s until the next try where no file is left for another connection; assumption


class Board:
    """The common page: how many connections each process holds. A torn or old number costs fairness and nothing else."""

    SIZE = 4 * SLOTS

    def __init__(self, handle: int) -> None:
        self.page = mmap.mmap(handle, self.SIZE)

    def clear(self) -> None:
        """Nobody holds anything."""
        self.page[:] = struct.pack(f"{SLOTS}i", *[NOBODY] * SLOTS)

    def write(self, slot: int, n: int) -> None:
        """How many a process holds."""
        struct.pack_into("i", self.page, 4 * slot, n)

    def least(self, slot: int) -> int:
        """The fewest that another process holds."""
        held = struct.unpack(f"{SLOTS}i", self.page[:])
        return min(n for k, n in enumerate(held) if k != slot)


class Fair(uvicorn.Server):
    """A server that takes its turn."""

    def __init__(self, config: uvicorn.Config, shared: socket.socket, board: Board, slot: int) -> None:
        super().__init__(config)
        self.shared, self.board, self.slot = shared, board, slot
        self.coming, self.since = 0, 0.0  # connections being made; when the waiting for another process began

    def _held(self) -> int:
        return len(self.server_state.connections) + self.coming

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start without sockets of its own, then look at the common one."""
        await super().startup(sockets=[])
        self.shared.setblocking(False)
        self.board.write(self.slot, 0)
        self._look()
        structlog.get_logger().info("listening", port=self.shared.getsockname()[1])

    def _look(self, again: float = 0.0) -> None:
        loop = asyncio.get_running_loop()
        if again:
            loop.remove_reader(self.shared)
            loop.call_later(again, self._look)
        elif not self.should_exit:
            loop.add_reader(self.shared, self._turn)

    def _turn(self) -> None:
        """A connection waits: take it, or leave it to a process that holds fewer."""
        now, held = time.monotonic(), self._held()
        self.board.write(self.slot, held)
        if held > self.board.least(self.slot):
            if now - self.since > 2 * PATIENCE:
                self.since = now
            if now - self.since < PATIENCE:
                self._look(PAUSE)
                return
        try:
            sock, _ = self.shared.accept()
        except (BlockingIOError, InterruptedError, ConnectionError):
            return  # another process was faster, or the caller has gone
        except OSError:
            self._look(FULL)
            return
        self.since = 0.0
        self.coming += 1
        self.board.write(self.slot, held + 1)
        task = asyncio.ensure_future(self._connected(sock))
        task.add_done_callback(lambda t: t.cancelled() or t.exception())

    async def _connected(self, sock: socket.socket) -> None:
        kind: Any = self.config.http_protocol_class

        def protocol() -> Any:
            return kind(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

        try:
            sock.setblocking(False)
            await asyncio.get_running_loop().connect_accepted_socket(protocol, sock)
        finally:
            self.coming -= 1

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: tell how many are held now that some have gone."""
        self.board.write(self.slot, self._held())
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more, then end as any server."""
        asyncio.get_running_loop().remove_reader(self.shared)
        self.board.write(self.slot, NOBODY)
        self.shared.close()
        await super().shutdown(sockets=[])
