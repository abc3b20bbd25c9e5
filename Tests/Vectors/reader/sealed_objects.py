"""The sealed objects of a repository: numbers, codecs, headers and keys, from the article "The repository format".

Nothing here writes anything. What is read from a store is not trusted: every structure is checked before it is used.
"""
import base64
import ctypes
import hashlib
import hmac
import json
import os
import re
import stat
import zlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
HEADER_LENGTH, TAG_LENGTH = 48, 16

DATA_PACK, TREE_PACK, INDEX, RECORD, MARK, SETTINGS, KEY_SLOT, CONDEMNED, WAITS, FORGOTTEN = range(1, 11)
KINDS_IN_FOLDER = {"packs": (DATA_PACK, TREE_PACK), "index": (INDEX,), "snapshots": (RECORD,), "sessions": (MARK,),
                   "settings": (SETTINGS,), "keys": (KEY_SLOT,), "condemned": (CONDEMNED,), "waits": (WAITS,),
                   "forgotten": (FORGOTTEN,)}
NAMED_BY_HASH = {"packs", "index", "settings", "keys", "condemned"}
PURPOSE_OF_KIND = {DATA_PACK: "data", INDEX: "index"}  # every other kind: "metadata"


class Refused(Exception):
    """What was read is not what the format promises."""


class NotAuthentic(Refused):
    """Sealed bytes do not open under this key, at this place."""


def require(condition, sentence):
    if not condition:
        raise Refused(sentence)


# ---------------------------------------------------------------------------------------------- bytes and numbers

class Cursor:
    """Reads one structure from its first byte to its last."""

    def __init__(self, data):
        self.data, self.place = data, 0

    def take(self, length):
        require(length <= len(self.data) - self.place, "a structure ends too early")
        self.place += length
        return self.data[self.place - length:self.place]

    def u8(self):
        return self.take(1)[0]

    def u32(self):
        return int.from_bytes(self.take(4), "little")

    def varint(self):
        value = 0
        for shift in range(0, 70, 7):
            byte = self.u8()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                require(byte > 0 or shift == 0, "a varint is not in its shortest form")
                require(value < 2**64, "a varint is beyond 64 bits")
                return value
        raise Refused("a varint is longer than ten bytes")

    def zigzag(self):
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def bytes(self):
        return self.take(self.varint())

    def at_end(self):
        return self.place == len(self.data)

    def finish(self, value):
        require(self.at_end(), "there are bytes behind the end of a structure")
        return value


def parse_json(data, what):
    def without_twins(pairs):
        require(len({key for key, _ in pairs}) == len(pairs), f"{what}: a key comes twice")
        return dict(pairs)

    def refuse_constant(word):
        raise Refused(f"{what}: {word} is not JSON")

    try:
        value = json.loads(data.decode(), object_pairs_hook=without_twins, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{what}: not JSON ({error})") from None
    require(type(value) is dict, f"{what}: not a JSON object")
    return value


def member(document, key, kind, what):
    """The value of a key that must be there and of this type."""
    value = document.get(key)
    require(type(value) is kind, f"{what}: `{key}` is missing or not of the right type")
    return value


def hexadecimal(text, length, what):
    require(type(text) is str and re.fullmatch(f"[0-9a-f]{{{2 * length}}}", text), f"{what}: wrong hexadecimal digits")
    return bytes.fromhex(text)


def shown(data):
    """Bytes or text from outside, safe for a terminal."""
    text = data.decode("utf-8", "backslashreplace") if isinstance(data, bytes) else data
    return "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in text)


# -------------------------------------------------------------------------------------------------- decompression

class Zstandard:
    """libzstd, opened when the first zstd frame is met."""
    library = None

    @classmethod
    def decompress(cls, data, length):
        if cls.library is None:
            cls.library = ctypes.CDLL("libzstd.so.1")
            for name in ("ZSTD_decompress", "ZSTD_findFrameCompressedSize"):
                getattr(cls.library, name).restype = ctypes.c_size_t
        require(data[:4] == b"\x28\xb5\x2f\xfd", "not a zstd frame")
        ends = cls.library.ZSTD_findFrameCompressedSize(data, ctypes.c_size_t(len(data)))
        require(ends == len(data), "not exactly one zstd frame")
        target = ctypes.create_string_buffer(max(length, 1))
        written = cls.library.ZSTD_decompress(target, ctypes.c_size_t(length), data, ctypes.c_size_t(len(data)))
        require(written == length, "a zstd frame does not have the promised length")
        return target.raw[:length]


def decompress(codec, data, length):
    """The caller has checked `length` against its limit, and that `data` is authentic."""
    if codec == 0:
        require(len(data) == length, "stored bytes do not have the promised length")
        return data
    if codec == 1:
        try:
            stream = zlib.decompressobj()
            plain = stream.decompress(data, length + 1)
        except zlib.error as error:
            raise Refused(f"broken zlib stream ({error})") from None
        require(len(plain) == length and stream.eof and not stream.unused_data,
                "a zlib stream does not have the promised length")
        return plain
    require(codec == 2, f"unknown codec {codec}")
    return Zstandard.decompress(data, length)


# ---------------------------------------------------------------------------------------------------- the store

class Store:
    """A directory of objects."""

    def __init__(self, path):
        self.path = path

    def read(self, name, limit, start=0, length=None):
        """The whole object, or `length` bytes of it from `start`; never an object above `limit` bytes."""
        try:
            with open(os.path.join(self.path, name), "rb") as file:
                status = os.fstat(file.fileno())
                require(stat.S_ISREG(status.st_mode), f"{name}: not a regular file")
                require(status.st_size <= limit, f"{name}: larger than {limit} bytes")
                return os.pread(file.fileno(), status.st_size if length is None else length, start)
        except OSError as error:
            raise Refused(f"{name}: {error.strerror}") from None

    def names(self, folder, report):
        """The objects of a folder by name; names that cannot be objects are reported."""
        digits = 64 if folder in NAMED_BY_HASH else 32
        shape = f"packs/([0-9a-f]{{2}})/\\1[0-9a-f]{{62}}" if folder == "packs" else f"{folder}/[0-9a-f]{{{digits}}}"
        if folder == "waits":
            shape = "waits/[0-9a-f]+"
        names = []
        for parent, _, files in os.walk(os.path.join(self.path, folder)):
            for file in files:
                name = os.path.relpath(os.path.join(parent, file), self.path)
                if re.fullmatch(shape, name):
                    names.append(name)
                else:
                    report(f"{shown(name)}: not the name of an object")
        return sorted(names)


def split(name):
    """The folder of an object, and the last part of its name as bytes."""
    parts = name.split("/")
    return parts[0], bytes.fromhex(parts[-1])


def check_hash(name, data):
    """Whoever holds a whole object that is named by its hash checks the name first."""
    folder, last = split(name)
    if folder in NAMED_BY_HASH:
        require(hashlib.sha256(data).digest() == last, f"{name}: its SHA-256 is not its name")


@dataclass(frozen=True)
class Header:
    data: bytes
    kind: int
    method: int
    costs: tuple[int, int, int]
    epoch: int
    salt: bytes

    @staticmethod
    def parse(name, data):
        data = data[:HEADER_LENGTH]
        require(len(data) == HEADER_LENGTH and data[:6] == b"SALVOR", f"{name}: not an object of salvor")
        require(data[6] == 1, f"{name}: format {data[6]}, this reader knows 1")
        kind, method, epoch = data[7], data[8], int.from_bytes(data[12:16], "little")
        require(kind in KINDS_IN_FOLDER[split(name)[0]], f"{name}: kind {kind} does not belong there")
        require(method in ((2, 3) if kind == KEY_SLOT else (1,)), f"{name}: unknown key method {method}")
        require(not any(data[9:12]) if method == 1 else epoch == 0, f"{name}: bytes that must be zero are not")
        return Header(data, kind, method, tuple(data[9:12]), epoch, data[16:48])

    @staticmethod
    def of_pack(kind, epoch, salt):
        """What an index tells of a pack's header is all of it."""
        data = b"SALVOR" + bytes([1, kind, 1, 0, 0, 0]) + epoch.to_bytes(4, "little") + salt
        return Header(data, kind, 1, (0, 0, 0), epoch, salt)


# ------------------------------------------------------------------------------------------------------------ keys

def hmac_sha256(key, data):
    return hmac.digest(key, data, "sha256")


def hkdf(key, salt, info):
    """RFC 5869 for 32 bytes: one block of HMAC-SHA-256."""
    return hmac_sha256(hmac_sha256(salt, key), info + b"\x01")


def open_sealed(key, ordinal, sealed, additional, what):
    try:
        return AESGCM(key).decrypt(bytes(8) + ordinal.to_bytes(4, "big"), sealed, additional)
    except (InvalidTag, ValueError):
        raise NotAuthentic(f"{what}: not authentic") from None


def password_of_recovery_key(text):
    """Checks the four digits at the end, so that a slip of the pen is told from a wrong key."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    digits = text.upper().replace("-", "").replace(" ", "").translate(str.maketrans("ILO", "110"))
    require(len(digits) == 36 and set(digits) <= set(alphabet), "a recovery key has 36 digits")
    number = 0
    for digit in digits:
        number = number << 5 | alphabet.index(digit)
    check = int.from_bytes(hashlib.sha256((number >> 20).to_bytes(20, "big")).digest()[:3], "big") >> 4
    require(number & 0xFFFFF == check, "the recovery key has a wrong digit")
    return digits.encode()


@dataclass
class KeyRing:
    """The keys of one slot: a role."""
    keys: dict[tuple[str, int], bytes]

    def key(self, purpose, epoch):
        require((purpose, epoch) in self.keys, f"this role has no `{purpose}` key of epoch {epoch}")
        return self.keys[purpose, epoch]

    def object_key(self, header, part=0):
        purpose = "index" if part == 1 else PURPOSE_OF_KIND.get(header.kind, "metadata")
        return hkdf(self.key(purpose, header.epoch), header.salt, b"salvor object 1" + bytes([header.kind, part]))

    def owns_chunk(self, identifier, kind, chunk):
        message = bytes([kind]) + hashlib.sha256(chunk).digest()
        return any(hmac.compare_digest(hmac_sha256(key, message)[:16], identifier)
                   for (purpose, _), key in self.keys.items() if purpose == "id")

    @staticmethod
    def open_slot(name, data, method, password, repository_id, description_hash):
        """The keys of a slot, or None when the slot is of the other method."""
        check_hash(name, data)
        header = Header.parse(name, data)
        if header.method != method:
            return None
        log_n, r, p = header.costs
        require(4 <= log_n <= 22 and 1 <= r <= 32 and 1 <= p <= 16 and 128 * r << log_n <= GIB,
                f"{name}: costs of scrypt beyond the limits")
        key = hashlib.scrypt(password, salt=header.salt, n=1 << log_n, r=r, p=p, dklen=32, maxmem=2 * GIB - 1)
        additional = repository_id + hashlib.sha256(header.data).digest()
        plain = open_sealed(key, 0, data[HEADER_LENGTH:], additional, name)
        slot = parse_json(plain, name)
        require(slot.get("salvor") == description_hash.hex(), f"{name}: made for another salvor.json")
        keys = {}
        for item in member(slot, "keys", list, name):
            require(type(item) is dict, f"{name}: a key is not an object")
            place = member(item, "purpose", str, name), member(item, "epoch", int, name)
            require(place not in keys, f"{name}: the same key twice")
            try:
                keys[place] = base64.b64decode(member(item, "key", str, name), validate=True)
            except ValueError:
                raise Refused(f"{name}: a key is not Base64") from None
            require(len(keys[place]) == 32, f"{name}: a key does not have 32 bytes")
        return KeyRing(keys)
