"""Log and snapshot files of ZooKeeper in pieces, to be bent and put together again."""
import struct
import zlib

LOG_HEADER = 16


def adler(data):
    return struct.pack(">q", zlib.adler32(bytes(data)))


def record(entry):
    return adler(entry) + struct.pack(">i", len(entry)) + bytes(entry) + b"B"


class Log:
    """The records of a file; what follows them is dropped."""

    def __init__(self, path):
        content = path.read_bytes()
        self.path, self.header, self.entries = path, content[:LOG_HEADER], []
        at = LOG_HEADER
        while at + 12 < len(content) and (size := struct.unpack_from(">i", content, at + 8)[0]) > 0:
            self.entries.append(content[at + 12:at + 12 + size])
            at += 13 + size

    def save(self):
        self.path.write_bytes(self.header + b"".join(map(record, self.entries)))


class Reader:
    def __init__(self, content, at):
        self.content, self.at = content, at

    def take(self, size):
        self.at += size
        return self.content[self.at - size:self.at]

    def int(self):
        return struct.unpack(">i", self.take(4))[0]

    def text(self):
        return self.take(max(self.int(), 0))


class Snapshot:
    """Its parts as bytes: `head` with the sessions, `acls` with their count, `nodes` with their end,
    `digest` and `more`, the block of 3.9 (each None if there is none)."""

    SEAL = 13

    def __init__(self, content):
        reader = Reader(content, 16)
        reader.take(12 * reader.int())
        self.head = content[:reader.at]
        begin = reader.at
        for _ in range(reader.int()):
            reader.take(8)
            for _ in range(max(reader.int(), 0)):
                reader.int(), reader.text(), reader.text()
        self.acls = content[begin:reader.at]
        begin = reader.at
        while reader.text() != b"/":
            reader.text(), reader.take(8 + 60)
        self.nodes = content[begin:reader.at]
        self.digest = content[reader.at + self.SEAL:][:20] or None
        self.more = None

    def content(self):
        content = self.head + self.acls + self.nodes
        for block in filter(lambda block: block is not None, (b"", self.digest, self.more)):
            content += block
            content += adler(content) + struct.pack(">i", 1) + b"/"
        return content
