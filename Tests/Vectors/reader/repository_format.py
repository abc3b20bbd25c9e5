"""What a repository of salvor holds: documents, packs, chunks and trees, from the article "The repository format"."""
import collections
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sealed_objects import (
    CONDEMNED, DATA_PACK, FORGOTTEN, HEADER_LENGTH, INDEX, KIB, KINDS_IN_FOLDER, MIB, NAMED_BY_HASH, SETTINGS,
    TAG_LENGTH, TREE_PACK, WAITS, Cursor, Header, KeyRing, NotAuthentic, Refused, check_hash, decompress, hexadecimal,
    member, open_sealed, parse_json, require, shown, split)

TRAILER_LENGTH = 8
DIRECTORY_ORDINAL = 2**32 - 1
PACK_LIMIT, FRAME_LIMIT, CHUNK_LIMIT, ENTRY_LIMIT = 64 * MIB, 8 * MIB, 4 * MIB, 3 * MIB
COUNT_LIMIT, DEPTH_LIMIT, NAME_LIMIT = 65_536, 4, 4_096
SIGNED_KINDS = {SETTINGS, CONDEMNED, FORGOTTEN}
LARGE_DOCUMENTS = {INDEX, CONDEMNED, WAITS}
KNOWN_REQUIREMENTS: set[str] = set()

CONTENT_CHUNK, PAGE_CHUNK, LIST_CHUNK = 0, 1, 2
FILE, DIRECTORY, SYMLINK, FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE = range(1, 8)
REQUIRED_FIELD = {FILE: 1, DIRECTORY: 2, SYMLINK: 3, CHARACTER_DEVICE: 4, BLOCK_DEVICE: 4}


def check_trailer(name, data):
    """The place where the sealed directory of a pack begins."""
    length = int.from_bytes(data[-TRAILER_LENGTH:-4], "little")
    start = len(data) - TRAILER_LENGTH - length
    require(data[-4:] == b"SLVR" and length > TAG_LENGTH and start >= HEADER_LENGTH, f"{name}: a broken trailer")
    return start


@dataclass(frozen=True)
class Frame:
    pack: str
    header: Header
    ordinal: int
    start: int
    sealed: int
    codec: int
    plain: int


def parse_description(data):
    description = parse_json(data, "salvor.json")
    require(description.get("magic") == "salvor repository", "salvor.json: not a repository of salvor")
    number = member(description, "format", int, "salvor.json")
    require(number == 1, f"salvor.json: the repository has format {number}, this reader knows 1")
    return hexadecimal(description.get("id"), 16, "salvor.json: id")


def frame_table(cursor, pack, header, count):
    """The frames of a pack, as an index and a pack's directory both tell of them; the caller reads on behind each."""
    start = HEADER_LENGTH
    for ordinal in range(count):
        frame = Frame(pack, header, ordinal, start, cursor.varint(), cursor.u8(), cursor.varint())
        require(frame.sealed > TAG_LENGTH and frame.codec <= 2 and 0 < frame.plain <= FRAME_LIMIT,
                f"{pack}: frame {ordinal} is beyond the limits")
        start += frame.sealed
        require(start <= PACK_LIMIT, f"{pack}: frames beyond the limit of a pack")
        yield frame


class Repository:
    """An opened repository: its keys, documents and chunks."""

    def __init__(self, store, method, password, report):
        self.store, self.report = store, report
        description = store.read("salvor.json", 64 * KIB)
        self.identifier = parse_description(description)
        self.keys = self._open_slots(method, password, hashlib.sha256(description).digest())
        self._check_settings()
        self.places = collections.defaultdict(list)  # chunk id → (frame, offset, length), any will do
        self.indexed = None  # the packs that an index names, once the indexes are read
        self.directories_read = False
        self.plain_frames = collections.OrderedDict()

    def _open_slots(self, method, password, description_hash):
        for name in self.store.names("keys", self.report):
            try:
                data = self.store.read(name, 64 * KIB)
                keys = KeyRing.open_slot(name, data, method, password, self.identifier, description_hash)
                if keys is not None:
                    return keys
            except NotAuthentic:
                continue  # the slot of another password
            except Refused as error:
                self.report(str(error))
        raise Refused("no key slot opens: a wrong password, or a damaged slot")

    def _check_settings(self):
        for name in self.store.names("settings", self.report):
            try:
                settings = parse_json(self.document(name), name)
                required = set(map(str, member(settings, "required", list, name)))
            except Refused as error:
                self.report(f"{error}; the settings are ignored")
                continue
            unknown = required - KNOWN_REQUIREMENTS
            require(not unknown, f"{name}: the repository requires {shown(', '.join(sorted(unknown)))}")

    def additional(self, header, name, ordinal):
        return self.identifier + hashlib.sha256(header.data).digest() + self.bound_name(name) + \
            ordinal.to_bytes(4, "little")

    @staticmethod
    def bound_name(name):
        return bytes(32) if split(name)[0] in NAMED_BY_HASH else hashlib.sha256(name.encode()).digest()

    def document(self, name):
        """The content of a document, authentic, and signed where it must be."""
        large = KINDS_IN_FOLDER[split(name)[0]][0] in LARGE_DOCUMENTS
        data = self.store.read(name, 64 * MIB if large else 64 * KIB)
        check_hash(name, data)
        header = Header.parse(name, data)
        body = Cursor(open_sealed(self.keys.object_key(header), 0, data[HEADER_LENGTH:],
                                  self.additional(header, name, 0), name))
        codec, length = body.u8(), body.u32()
        require(length <= (256 * MIB if large else 64 * KIB), f"{name}: beyond its decompressed limit")
        content = decompress(codec, body.take(len(body.data) - body.place), length)
        if header.kind not in SIGNED_KINDS:
            return content
        require(len(content) >= 64, f"{name}: no signature")
        content, signature = content[:-64], content[-64:]
        message = b"salvor signature 1" + self.identifier + bytes([header.kind]) + self.bound_name(name) + content
        try:
            key = Ed25519PublicKey.from_public_bytes(self.keys.key("upkeep-public", header.epoch))
            key.verify(signature, message)
        except (InvalidSignature, ValueError):
            raise Refused(f"{name}: no valid signature") from None
        return content

    # Records

    def record(self, sid):
        name = f"snapshots/{sid}"
        record = parse_json(self.document(name), name)
        require(record.get("format") == 1, f"{name}: unknown format of a record")
        require(record.get("kind") in ("snapshot", "fence", "evidence"), f"{name}: unknown kind of a record")
        require(record.get("session") == sid, f"{name}: the record of another session")
        if record["kind"] != "fence":
            require(all(type(head) is str for head in member(record, "heads", list, name)), f"{name}: broken heads")
        if record["kind"] == "snapshot":
            for source in member(record, "sources", list, name):
                require(type(source) is dict, f"{name}: a source is not an object")
                member(source, "name", str, name)
        return record

    def records(self):
        """All records that can be read by sid, and the sids of those that cannot. Hidden records are reported."""
        good, bad = {}, []
        for name in self.store.names("snapshots", self.report):
            sid = split(name)[1].hex()
            try:
                good[sid] = self.record(sid)
            except Refused as error:
                self.report(str(error))
                bad.append(sid)
        forgotten = set()
        for name in self.store.names("forgotten", self.report):
            try:
                self.document(name)
                forgotten.add(split(name)[1].hex())
            except Refused as error:
                self.report(str(error))
        named = {head for record in good.values() for head in record.get("heads", [])}
        for sid in sorted(named - set(good) - set(bad) - forgotten):
            self.report(f"snapshots/{shown(sid)}: a later record names it; the store hides or lost it")
        return good, bad

    # Chunks

    def _read_indexes(self):
        self.indexed = set()
        for name in self.store.names("index", self.report):
            try:
                packs, chunks = self._parse_index(Cursor(self.document(name)))
            except Refused as error:
                self.report(f"{name}: {error}; its packs are read instead")
                continue
            self.indexed |= packs
            for identifier, place in chunks:
                self.places[identifier].append(place)

    @staticmethod
    def _parse_index(cursor):
        require(cursor.u8() == 1, "unknown version of an index")
        frames, packs, last = [], set(), b""
        for _ in range(cursor.varint()):
            identifier, length, kind = cursor.take(32), cursor.varint(), cursor.u8()
            require(identifier > last, "the packs of an index do not ascend")
            require(kind in (DATA_PACK, TREE_PACK) and length <= PACK_LIMIT, "an index tells of an impossible pack")
            header, last = Header.of_pack(kind, cursor.u32(), cursor.take(32)), identifier
            name = f"packs/{identifier.hex()[:2]}/{identifier.hex()}"
            table = list(frame_table(cursor, name, header, cursor.varint()))
            ends = HEADER_LENGTH + sum(frame.sealed for frame in table)
            require(ends + TAG_LENGTH + TRAILER_LENGTH < length, "an index tells of frames beyond their pack")
            frames += table
            packs.add(name)
        chunks, last = [], b""
        for _ in range(cursor.varint()):
            identifier, number, offset, length = cursor.take(16), cursor.varint(), cursor.varint(), cursor.varint()
            require(identifier >= last, "the chunks of an index do not ascend")
            require(number < len(frames) and 0 < length <= CHUNK_LIMIT and offset + length <= frames[number].plain,
                    "an index tells of a chunk beyond its frame")
            last = identifier
            chunks.append((identifier, (frames[number], offset, length)))
        return cursor.finish((packs, chunks))

    def _read_directories(self):
        """Finds again what no index names."""
        self.directories_read = True
        for name in self.store.names("packs", self.report):
            if name in self.indexed:
                continue
            try:
                for identifier, place in self._read_directory(name):
                    self.places[identifier].append(place)
            except Refused as error:
                self.report(str(error))

    def _read_directory(self, name):
        data = self.store.read(name, PACK_LIMIT)
        check_hash(name, data)
        header, start = Header.parse(name, data), check_trailer(name, data)
        sealed = data[start:-TRAILER_LENGTH]
        cursor = Cursor(open_sealed(self.keys.object_key(header, part=1), DIRECTORY_ORDINAL, sealed,
                                    self.additional(header, name, DIRECTORY_ORDINAL), f"{name}: directory"))
        require(cursor.u8() == 1, f"{name}: unknown version of a directory")
        cursor.take(16)  # the session that wrote the pack
        places, ends = [], HEADER_LENGTH
        for frame in frame_table(cursor, name, header, cursor.varint()):
            offset, ends = 0, frame.start + frame.sealed
            for _ in range(cursor.varint()):
                identifier, length = cursor.take(16), cursor.varint()
                require(0 < length <= CHUNK_LIMIT, f"{name}: a chunk beyond the limits")
                places.append((identifier, (frame, offset, length)))
                offset += length
            require(offset == frame.plain, f"{name}: the chunks of a frame do not add up")
        require(ends == start, f"{name}: the frames do not end where the directory begins")
        return cursor.finish(places)

    def _plain_frame(self, frame):
        place = frame.pack, frame.ordinal
        if place not in self.plain_frames:
            what = f"{frame.pack}: frame {frame.ordinal}"
            key = self.keys.object_key(frame.header)
            sealed = self.store.read(frame.pack, PACK_LIMIT, frame.start, frame.sealed)
            additional = self.additional(frame.header, frame.pack, frame.ordinal)
            compressed = open_sealed(key, frame.ordinal, sealed, additional, what)
            self.plain_frames[place] = decompress(frame.codec, compressed, frame.plain)
            if len(self.plain_frames) > 16:
                self.plain_frames.popitem(last=False)
        self.plain_frames.move_to_end(place)
        return self.plain_frames[place]

    def chunk(self, identifier, kind, expected):
        """The bytes of a chunk, of `expected` length if that is known, from any pack that holds it whole."""
        if self.indexed is None:
            self._read_indexes()
        problems = []
        while True:
            for frame, offset, length in self.places.get(identifier, [])[len(problems):]:
                try:
                    require(expected in (None, length), f"{frame.pack}: a chunk of a wrong length")
                    chunk = self._plain_frame(frame)[offset:offset + length]
                    require(self.keys.owns_chunk(identifier, kind, chunk), f"{frame.pack}: a chunk is not its id")
                    for problem in problems:
                        self.report(f"{problem}; another copy was read")
                    return chunk
                except Refused as error:
                    problems.append(str(error))
            if self.directories_read:
                found = "; ".join(problems) or "no index and no pack names it"
                raise Refused(f"chunk {identifier.hex()}: {found}")
            self._read_directories()

    def chunks(self, content, kind):
        """The chunks that a content describes, in order."""
        for identifier, covered in content.items:
            if content.depth == 0:
                yield self.chunk(identifier, kind, covered)
            else:
                # Who names a list tells how much lies under it, not how long the list itself is.
                below = Cursor(self.chunk(identifier, LIST_CHUNK, None))
                items = read_items(below)
                yield from self.chunks(Content(covered, content.depth - 1, below.finish(items)).checked(), kind)


# ---------------------------------------------------------------------------------------------- contents and trees

def read_items(cursor):
    count = cursor.varint()
    require(count <= COUNT_LIMIT, "a content has too many items")
    return [(cursor.take(16), cursor.varint()) for _ in range(count)]


@dataclass(frozen=True)
class Content:
    length: int
    depth: int
    items: list[tuple[bytes, int]]

    def checked(self):
        require(self.depth <= DEPTH_LIMIT and len(self.items) <= COUNT_LIMIT, "a content beyond the limits")
        require(self.items or self.depth == 0, "an empty content has no depth")
        require(all(covered > 0 for _, covered in self.items), "an item of a content covers nothing")
        require(self.depth > 0 or all(covered <= CHUNK_LIMIT for _, covered in self.items), "a chunk above 4 MiB")
        require(sum(covered for _, covered in self.items) == self.length, "the items of a content do not add up")
        return self

    @staticmethod
    def read(cursor):
        return Content(cursor.varint(), cursor.u8(), read_items(cursor)).checked()

    @staticmethod
    def of_reference(value, what):
        require(type(value) is dict, f"{what}: not a reference")
        items = []
        for item in member(value, "items", list, what):
            require(type(item) is list and len(item) == 2 and type(item[1]) is int, f"{what}: not an item")
            items.append((hexadecimal(item[0], 16, what), item[1]))
        length, depth = member(value, "length", int, what), member(value, "depth", int, what)
        require(depth >= 0, f"{what}: a depth below zero")
        return Content(length, depth, items).checked()


@dataclass
class Entry:
    kind: int
    name: bytes
    permissions: int
    user: int
    group: int
    user_name: bytes
    group_name: bytes
    modified: tuple[int, int]
    changed: tuple[int, int]
    inode: int
    device: int
    links: int
    sha256: bytes = b""
    content: Content | None = None
    target: bytes = b""
    device_number: int = 0
    attributes: tuple[tuple[bytes, bytes], ...] = ()
    holes: tuple[tuple[int, int], ...] = ()  # first byte, and the byte behind the last one

    @staticmethod
    def parse(data):
        require(len(data) <= ENTRY_LIMIT, "an entry above 3 MiB")
        cursor = Cursor(data)
        entry = Entry(cursor.u8(), cursor.bytes(), cursor.varint(), cursor.varint(), cursor.varint(), cursor.bytes(),
                      cursor.bytes(), read_time(cursor), read_time(cursor), cursor.varint(), cursor.varint(),
                      cursor.varint())
        require(FILE <= entry.kind <= BLOCK_DEVICE, f"unknown kind {entry.kind} of an entry")
        require(0 < len(entry.name) <= NAME_LIMIT and not {0, 0x2F} & set(entry.name)
                and entry.name not in (b".", b".."), "a name that no entry can have")
        require(entry.permissions <= 0o7777, "permissions beyond 7777")
        needed, last = REQUIRED_FIELD.get(entry.kind), 0
        tags = set()
        while not cursor.at_end():
            tag, payload = cursor.u8(), cursor.bytes()
            require(tag > last, "the fields of an entry do not ascend")
            require(tag > 9 or tag == needed or tag in (5, 6, 8, 9) or (tag == 7 and entry.kind == FILE),
                    f"field {tag} does not belong to an entry of kind {entry.kind}")
            if tag < 128:
                entry._read_field(tag, Cursor(payload))
            tags.add(tag)
            last = tag
        require(needed is None or needed in tags, f"field {needed} is missing")
        return entry

    def _read_field(self, tag, cursor):
        if tag == 1:
            self.sha256, self.content = cursor.take(32), Content.read(cursor)
        elif tag == 2:
            self.content = Content.read(cursor)
        elif tag == 3:
            self.target = cursor.take(len(cursor.data))
            require(self.target and 0 not in self.target, "a target that no symlink can have")
        elif tag == 4:
            self.device_number = cursor.varint()
        elif tag == 5:
            self.attributes = tuple((cursor.bytes(), cursor.bytes()) for _ in range(cursor.varint()))
            names = [name for name, _ in self.attributes]
            require(all(a < b for a, b in zip(names, names[1:])), "the names of extended attributes do not ascend")
        elif tag == 6:
            cursor.varint()  # inode flags are not restored
        elif tag == 7:
            self.holes = tuple(self._read_holes(cursor))
        elif tag == 8:
            read_time(cursor)  # a birth time cannot be set
        else:
            require(tag == 9, f"unknown field {tag}")
        cursor.finish(None)

    def _read_holes(self, cursor):
        end = 0
        for _ in range(cursor.varint()):
            start = end + cursor.varint()
            end = start + cursor.varint()
            require(start < end <= self.content.length, "a hole outside of its file")
            yield start, end


def read_time(cursor):
    seconds, nanoseconds = cursor.zigzag(), cursor.varint()
    require(nanoseconds < 10**9, "a time with too many nanoseconds")
    return seconds, nanoseconds


def entries(repository, content):
    """The entries of a directory, in order, names strictly ascending over all pages."""
    last = b""
    for page in repository.chunks(content, PAGE_CHUNK):
        cursor = Cursor(page)
        require(cursor.u8() == 1, "unknown version of a page")
        while not cursor.at_end():
            entry = Entry.parse(cursor.bytes())
            require(entry.name > last, "the names of a directory do not ascend")
            last = entry.name
            yield entry
