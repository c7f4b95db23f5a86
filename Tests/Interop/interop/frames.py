"""Counts the HTTP/2 frames of plaintext connections: python -m interop.frames LISTEN UPSTREAM.

Passes bytes on between the two ports of loopback. SIGUSR1 prints what has crossed since the last time, as JSON: `in` is
what the server gets. For docs/decisions/0077-what-a-flood-is.md.
"""

import asyncio
import collections
import json
import signal
import sys

HOST = "127.0.0.1"
PREFACE_BYTES = 24
KINDS = "DATA HEADERS PRIORITY RST_STREAM SETTINGS PUSH_PROMISE PING GOAWAY WINDOW_UPDATE CONTINUATION".split()


class Parser:
    """Counts the frames of one direction."""

    def __init__(self, counts, side, skip):
        self.counts, self.side, self.skip, self.bytes = counts, side, skip, bytearray()

    def feed(self, data):
        self.bytes += data
        if len(self.bytes) < self.skip:
            return
        del self.bytes[: self.skip]
        self.skip = 0
        while len(self.bytes) >= 9:
            size = int.from_bytes(self.bytes[:3], "big")
            if len(self.bytes) < 9 + size:
                return
            self.counts[f"{self.side} {self.name(size)}"] += 1
            del self.bytes[: 9 + size]

    def name(self, size):
        kind, flags = self.bytes[3], self.bytes[4]
        stream = int.from_bytes(self.bytes[5:9], "big") & 0x7FFFFFFF
        name = KINDS[kind] if kind < len(KINDS) else f"0x{kind:02x}"
        if name in ("SETTINGS", "PING") and flags & 1:
            return f"{name} ack"
        if name == "DATA" and size == 0:
            return f"{name} empty{' end' if flags & 1 else ''}"
        if name == "WINDOW_UPDATE":
            return f"{name} {'stream' if stream else 'connection'}"
        return name


async def pump(reader, writer, parser):
    try:
        while data := await reader.read(65_536):
            parser.feed(data)
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()


async def serve(listen, upstream):
    counts = collections.Counter()

    async def passed(reader, writer):
        counts["connections"] += 1
        far_reader, far_writer = await asyncio.open_connection(HOST, upstream)
        await asyncio.gather(
            pump(reader, far_writer, Parser(counts, "in", PREFACE_BYTES)),
            pump(far_reader, writer, Parser(counts, "out", 0)),
        )

    def show():
        print(json.dumps(counts, sort_keys=True), flush=True)
        counts.clear()

    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, show)
    server = await asyncio.start_server(passed, HOST, listen)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
