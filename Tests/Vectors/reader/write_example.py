#!/usr/bin/env python3
"""Writes small example repositories, only from the article "The repository format", and shares no code with the reader.

    write_example.py REPOSITORY

It is made for tests: its costs of scrypt are far too low for a real repository, and its keys come from a seed, so that
the same example is the same bytes every time.
"""
import base64
import ctypes
import hashlib
import hmac
import json
import os
import struct
import sys
import zlib

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PASSWORD = "correct horse — battery"
MANIFEST = b'{"made by":"an example"}'
DATA_PACK, TREE_PACK, INDEX, RECORD, MARK, SETTINGS, KEY_SLOT, CONDEMNED, WAITS, FORGOTTEN = range(1, 11)
FILE, DIRECTORY, SYMLINK, FIFO, SOCKET = range(1, 6)
STORED, ZLIB, ZSTD = range(3)
PURPOSES = ("id", "cut", "index", "metadata", "data", "upkeep", "upkeep-public")
MODIFIED, CHANGED = (1_700_000_000, 123_456_789), (1_700_000_001, 5)


def sha256(data):
    return hashlib.sha256(data).digest()


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def derive(key, salt, info):
    return mac(mac(salt or bytes(32), key), info + b"\x01")


def varint(number):
    encoded = b""
    while number > 0x7F:
        encoded += bytes([number & 0x7F | 0x80])
        number >>= 7
    return encoded + bytes([number])


def zigzag(number):
    return varint(2 * number if number >= 0 else -2 * number - 1)


def sized(data):
    return varint(len(data)) + data


def compressed(codec, data):
    if codec == STORED:
        return data
    if codec == ZLIB:
        return zlib.compress(data)
    library = ctypes.CDLL("libzstd.so.1")
    library.ZSTD_compressBound.restype = library.ZSTD_compress.restype = ctypes.c_size_t
    room = library.ZSTD_compressBound(ctypes.c_size_t(len(data)))
    target = ctypes.create_string_buffer(room)
    length = library.ZSTD_compress(target, ctypes.c_size_t(room), data, ctypes.c_size_t(len(data)), 3)
    return target.raw[:length]


def recovery_key(secret):
    """Twenty bytes as a person writes them down."""
    bits = "".join(f"{byte:08b}" for byte in secret) + "".join(f"{byte:08b}" for byte in sha256(secret))[:20]
    digits = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[int(bits[i:i + 5], 2)] for i in range(0, 180, 5))
    return "-".join(digits[i:i + 4] for i in range(0, 36, 4))


def time_of(time):
    return zigzag(time[0]) + varint(time[1])


def entry(kind, name, fields=(), permissions=0o644, modified=MODIFIED, inode=1, links=1):
    """The encoded entry; `fields` are pairs of a tag and a payload."""
    return (bytes([kind]) + sized(name) + varint(permissions) + varint(os.getuid()) + varint(os.getgid())
            + sized(b"someone") + sized(b"some group") + time_of(modified) + time_of(CHANGED) + varint(inode)
            + varint(2049) + varint(links) + b"".join(bytes([tag]) + sized(payload) for tag, payload in fields))


def page(entries):
    return b"\x01" + b"".join(sized(item) for item in entries)


class ExampleRepository:
    """A repository under construction. What a method adds to the store is complete when it returns."""

    def __init__(self, path, seed=b"example"):
        self.path, self.seed, self.count = path, seed, 0
        self.identifier = self.random(16)
        self.keys = {purpose: self.random(32) for purpose in PURPOSES}
        self.signer = Ed25519PrivateKey.from_private_bytes(self.keys["upkeep"])
        self.keys["upkeep-public"] = self.signer.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        description = {"magic": "salvor repository", "format": 1, "id": self.identifier.hex()}
        self.description = json.dumps(description, separators=(",", ":")).encode() + b"\n"
        self.put("salvor.json", self.description)
        self.put("RECOVER.txt", b"This is a repository of salvor.\n")
        self.recovery_key = recovery_key(self.random(20))
        self.add_slot(2, PASSWORD.encode())
        self.add_slot(3, self.recovery_key.replace("-", "").encode())
        self.chunks = {1: {}, 2: {}}  # kind of pack → id → chunk
        self.packs = []

    def random(self, length):
        self.count += 1
        return hashlib.shake_256(self.seed + struct.pack("<I", self.count)).digest(length)

    def put(self, name, data):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "xb") as file:
            file.write(data)
        return name

    def put_by_hash(self, folder, data):
        digits = sha256(data).hex()
        return self.put(f"packs/{digits[:2]}/{digits}" if folder == "packs" else f"{folder}/{digits}", data)

    # Sealing

    def header(self, kind, method=1, costs=bytes(3), epoch=1):
        return b"SALVOR" + bytes([1, kind, method]) + costs + struct.pack("<I", epoch) + self.random(32)

    def seal(self, header, purpose, part, name, ordinal, plain):
        key = derive(self.keys[purpose], header[16:48], b"salvor object 1" + bytes([header[7], part]))
        bound = sha256(name.encode()) if name else bytes(32)
        additional = self.identifier + sha256(header) + bound + struct.pack("<I", ordinal)
        return AESGCM(key).encrypt(bytes(8) + struct.pack(">I", ordinal), plain, additional)

    def add_slot(self, method, password, keys=None):
        header = self.header(KEY_SLOT, method, bytes([4, 1, 1]), epoch=0)
        slot = {"salvor": sha256(self.description).hex(), "label": "example", "created": "2026-11-21T22:22:59Z",
                "keys": [{"purpose": purpose, "epoch": 1, "key": base64.b64encode(key).decode()}
                         for purpose, key in (keys or self.keys).items()]}
        key = hashlib.scrypt(password, salt=header[16:48], n=16, r=1, p=1, dklen=32)
        sealed = AESGCM(key).encrypt(bytes(12), json.dumps(slot).encode(), self.identifier + sha256(header))
        return self.put_by_hash("keys", header + sealed)

    def document(self, kind, content, name=None, codec=ZLIB, length=None):
        """Header and sealed body; `name` only where the name is not the object's hash."""
        if kind in (SETTINGS, CONDEMNED, FORGOTTEN):
            bound = sha256(name.encode()) if name else bytes(32)
            content += self.signer.sign(b"salvor signature 1" + self.identifier + bytes([kind]) + bound + content)
        header = self.header(kind)
        length = len(content) if length is None else length
        body = bytes([codec]) + struct.pack("<I", length) + compressed(codec, content)
        return header + self.seal(header, "index" if kind == INDEX else "metadata", 0, name, 0, body)

    def add_settings(self, **settings):
        settings = {"required": [], "cutter": {"kind": "gear-1", "files": [262144, 1048576, 4194304]}} | settings
        return self.put_by_hash("settings", self.document(SETTINGS, json.dumps(settings).encode()))

    # Chunks, contents and trees

    def chunk(self, kind, data):
        identifier = mac(self.keys["id"], bytes([kind]) + sha256(data))[:16]
        self.chunks[DATA_PACK if kind == 0 else TREE_PACK][identifier] = data
        return identifier

    def items(self, data, piece=50):
        """Bytes of files, cut at a fixed length: where a chunk ends is the writer's affair."""
        pieces = [data[i:i + piece] for i in range(0, len(data), piece)]
        return [(self.chunk(0, part), len(part)) for part in pieces]

    def content(self, items):
        """Length, depth and items of a content, with lists of items where there are more than 64."""
        length, depth = sum(covered for _, covered in items), 0
        while len(items) > 64:
            lists, current = [], []
            for item in items:
                current.append(item)
                border = struct.unpack("<H", item[0][:2])[0] % 512 == 0
                if len(current) >= 64 and border or len(current) == 4096:
                    lists.append(current)
                    current = []
            lists += [current] if current else []
            items = [(self.chunk(2, encoded_items(part)), sum(covered for _, covered in part)) for part in lists]
            depth += 1
        return length, depth, items

    def file(self, name, data, holes=(), fields=(), **inode):
        payload = sha256(data) + encoded(self.content(self.items(data)))
        fields = {1: payload} | dict(fields)
        if holes:
            ends, steps = 0, b""
            for start, length in holes:
                steps += varint(start - ends) + varint(length)
                ends = start + length
            fields[7] = varint(len(holes)) + steps
        return entry(FILE, name, sorted(fields.items()), **inode)

    def directory_content(self, entries):
        """`entries` are pairs of a name and the encoded entry."""
        key = derive(self.keys["cut"], b"", b"salvor names 1")
        pages, current = [], []
        for name, encoded_entry in sorted(entries):
            current.append(encoded_entry)
            border = struct.unpack("<Q", mac(key, name)[:8])[0] % 256 == 0
            if len(entries) > 256 and (border or len(page(current)) >= 512 << 10):
                pages.append(current)
                current = []
        pages += [current] if current else []
        return self.content([(self.chunk(1, page(part)), len(page(part))) for part in pages])

    def directory(self, name, entries, **inode):
        inode = {"permissions": 0o755} | inode
        return entry(DIRECTORY, name, [(2, encoded(self.directory_content(entries)))], **inode)

    # Packs, index, record

    def add_pack(self, kind, sid, codecs=(STORED, ZLIB, ZSTD), chunks_a_frame=3, gap=b"", spoil=None):
        """One pack of all chunks of its kind that are in none yet. For tests, `gap` lies between the frames and the
        directory, and `spoil` changes the directory before it is sealed."""
        header, body, frames = self.header(kind), b"", []
        chunks = list(self.chunks[kind].items())
        self.chunks[kind] = {}
        for ordinal, first in enumerate(range(0, len(chunks), chunks_a_frame)):
            part = chunks[first:first + chunks_a_frame]
            codec, plain = codecs[ordinal % len(codecs)], b"".join(chunk for _, chunk in part)
            purpose = "data" if kind == DATA_PACK else "metadata"
            sealed = self.seal(header, purpose, 0, None, ordinal, compressed(codec, plain))
            body += sealed
            frames.append((varint(len(sealed)) + bytes([codec]) + varint(len(plain)), part))
        directory = b"\x01" + sid + varint(len(frames)) + b"".join(
            frame + varint(len(part)) + b"".join(identifier + varint(len(chunk)) for identifier, chunk in part)
            for frame, part in frames)
        sealed = self.seal(header, "index", 1, None, 2**32 - 1, spoil(directory) if spoil else directory)
        data = header + body + gap + sealed + struct.pack("<I", len(sealed)) + b"SLVR"
        self.packs.append((sha256(data), len(data), kind, header, frames))
        return self.put_by_hash("packs", data)

    def add_index(self):
        """One index of all packs that no index names yet."""
        packs, self.packs = sorted(self.packs), []
        encoded_packs, chunks, number = b"", [], 0
        for identifier, length, kind, header, frames in packs:
            encoded_packs += identifier + varint(length) + bytes([kind]) + header[12:16] + header[16:48] \
                + varint(len(frames)) + b"".join(frame for frame, _ in frames)
            for _, part in frames:
                offset = 0
                for chunk_identifier, chunk in part:
                    chunks.append(chunk_identifier + varint(number) + varint(offset) + varint(len(chunk)))
                    offset += len(chunk)
                number += 1
        content = b"\x01" + varint(len(packs)) + encoded_packs + varint(len(chunks)) + b"".join(sorted(chunks))
        return self.put_by_hash("index", self.document(INDEX, content, codec=ZSTD))

    def commit(self, root, names, data_time="2026-11-21T22:22:59Z", heads=(), record_changes=None):
        """`root` is the content of the root's pages, `names` the sources' names; returns the sid as text."""
        sid = self.random(16)
        manifest = self.content(self.items(MANIFEST))
        self.put(f"sessions/{sid.hex()}", self.document(MARK, b"{}", f"sessions/{sid.hex()}"))
        if self.chunks[DATA_PACK]:
            self.add_pack(DATA_PACK, sid)
        if self.chunks[TREE_PACK]:
            self.add_pack(TREE_PACK, sid, codecs=(ZSTD, ZLIB))
        if self.packs:
            self.add_index()
        record = {
            "format": 1, "kind": "snapshot", "session": sid.hex(), "system": "shop", "host": "web1", "user": "root",
            "tags": ["nightly"], "tool": "example", "started": data_time, "dataTime": data_time,
            "committedBy": data_time, "heads": list(heads), "origin": None, "root": reference(root),
            "sources": [{"name": name, "adapter": "files", "location": "files:/srv", "dataTime": data_time,
                         "manifest": reference(manifest), "statistics": {}, "missing": []} for name in names]}
        self.add_record(sid.hex(), record | (record_changes or {}))
        return sid.hex()

    def add_record(self, sid, record):
        name = f"snapshots/{sid}"
        return self.put(name, self.document(RECORD, json.dumps(record).encode(), name))


def encoded_items(items):
    return varint(len(items)) + b"".join(identifier + varint(covered) for identifier, covered in items)


def encoded(content):
    length, depth, items = content
    return varint(length) + bytes([depth]) + encoded_items(items)


def reference(content):
    length, depth, items = content
    return {"length": length, "depth": depth, "items": [[identifier.hex(), covered] for identifier, covered in items]}


def varied_bytes(length):
    return hashlib.shake_256(b"content").digest(length)


def write_small(path):
    """A repository of a few short objects, and the sid of its only snapshot."""
    repository = ExampleRepository(path)
    repository.add_settings()
    files = [(b"a", repository.file(b"a", b"alpha" * 30)), (b"b", repository.file(b"b", b"")),
             (b"link", entry(SYMLINK, b"link", [(3, b"a")], permissions=0o777))]
    root = repository.directory_content([(b"site", repository.directory(b"site", files))])
    return repository, repository.commit(root, ["site"])


def write_full(path):
    """A repository with every shape that the article tells of."""
    repository = ExampleRepository(path)
    repository.add_settings()
    make = repository.file
    many = [(b"%03d" % number, make(b"%03d" % number, b"number %d" % number)) for number in range(700)]
    sparse = bytes(8192) + b"island" * 700 + bytes(20_000) + b"end"
    attributes = (5, varint(2) + sized(b"user.first") + sized(b"one") + sized(b"user.second") + sized(b""))
    twin = {"inode": 77, "links": 2}
    site = [
        (b"caf\xe9", make(b"caf\xe9", b"a name that is not UTF-8", permissions=0o600)),
        (b"empty", make(b"empty", b"")),
        (b"empty directory", repository.directory(b"empty directory", [], permissions=0o1777)),
        (b"fifo", entry(FIFO, b"fifo", permissions=0o620)),
        (b"future", make(b"future", b"read on", fields=[(8, time_of((-1, 999_999_999))), (9, b""), (200, b"?")])),
        (b"hard 1", make(b"hard 1", b"one inode", **twin)),
        (b"hard 2", make(b"hard 2", b"one inode", **twin)),
        (b"long", make(b"long", varied_bytes(100_000), permissions=0o4755)),
        (b"many", repository.directory(b"many", many, modified=(-5, 999_999_999))),
        (b"marked", make(b"marked", b"with attributes", fields=[attributes, (6, varint(0x80000))])),
        (b"out", entry(SYMLINK, b"out", [(3, b"/nowhere/\xff")], permissions=0o777)),
        (b"socket", entry(SOCKET, b"socket", permissions=0o755)),
        (b"sparse", make(b"sparse", sparse, holes=[(0, 8192), (8192 + 4200, 20_000)])),
    ]
    first = repository.commit(repository.directory_content([(b"site", repository.directory(b"site", site[:3]))]),
                              ["site"], data_time="2026-11-20T22:22:59Z")
    fence = repository.random(16).hex()
    repository.add_record(fence, {"format": 1, "kind": "fence", "session": fence})
    root = repository.directory_content([(b"db", repository.directory(b"db", [(b"dump", make(b"dump", b"rows"))])),
                                         (b"site", repository.directory(b"site", site, permissions=0o750))])
    last = repository.commit(root, ["db", "site"], data_time="2026-11-20T22:22:59.5Z", heads=[first])
    return repository, last


if __name__ == "__main__":
    written, snapshot = write_full(sys.argv[1])
    print(f"snapshot {snapshot}\npassword {PASSWORD}\nrecovery key {written.recovery_key}")
