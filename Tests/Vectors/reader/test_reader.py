#!/usr/bin/env python3
"""What the second reader promises: the right bytes or an error, whatever happened to the store.

    python3 -m unittest discover -s Tests/Vectors/reader
"""
import contextlib
import hashlib
import io
import os
import shutil
import stat
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import read_repository  # noqa: E402
import sealed_objects  # noqa: E402
import write_example as example  # noqa: E402


def facts(root):
    """Everything about a restored tree that a snapshot promises, by path."""
    found, root = {}, os.fsencode(root)
    for parent, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(parent, name)
            status = os.lstat(path)
            content = None
            if stat.S_ISREG(status.st_mode):
                with open(path, "rb") as file:
                    content = file.read()
            elif stat.S_ISLNK(status.st_mode):
                content = os.readlink(path)
            found[os.path.relpath(path, root)] = (status.st_mode, status.st_mtime_ns, content)
    return found


class ReaderTests(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.scratch)
        self.path = os.path.join(self.scratch, "repository")
        self.target = os.path.join(self.scratch, "target")

    def run_reader(self, *arguments, secret=("--password", example.PASSWORD)):
        """Exit code, standard output and standard error."""
        out, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            code = read_repository.main([self.path, *secret, *arguments])
        return code, out.getvalue(), errors.getvalue()

    def restore(self, wanted="latest", **options):
        shutil.rmtree(self.target, ignore_errors=True)
        code, _, errors = self.run_reader("restore", wanted, self.target, **options)
        return code, errors, facts(self.target) if os.path.exists(self.target) else {}

    def object_names(self):
        return sorted(os.path.relpath(os.path.join(parent, file), self.path)
                      for parent, _, files in os.walk(self.path) for file in files)

    def bytes_of(self, name):
        with open(os.path.join(self.path, name), "rb") as file:
            return file.read()

    def overwrite(self, name, data):
        with open(os.path.join(self.path, name), "wb") as file:
            file.write(data)

    # Whole repositories

    def test_a_snapshot_comes_back_as_it_was(self):
        """every file, mode, time, link, hole and attribute of a snapshot comes back"""
        repository, sid = example.write_full(self.path)
        for secret in (("--password", example.PASSWORD),
                       ("--recovery-key", repository.recovery_key.lower().replace("1", "i").replace("0", "o"))):
            code, errors, found = self.restore(secret=secret)
            self.assertEqual((code, errors), (0, ""))
            modified = 1_700_000_000_123_456_789
            for path, mode, content in [
                    (b"db/dump", stat.S_IFREG | 0o644, b"rows"), (b"site", stat.S_IFDIR | 0o750, None),
                    (b"site/caf\xe9", stat.S_IFREG | 0o600, b"a name that is not UTF-8"),
                    (b"site/empty", stat.S_IFREG | 0o644, b""), (b"site/fifo", stat.S_IFIFO | 0o620, None),
                    (b"site/empty directory", stat.S_IFDIR | 0o1777, None),
                    (b"site/future", stat.S_IFREG | 0o644, b"read on"),
                    (b"site/long", stat.S_IFREG | 0o4755, example.varied_bytes(100_000)),
                    (b"site/out", stat.S_IFLNK | 0o777, b"/nowhere/\xff"),
                    (b"site/socket", stat.S_IFSOCK | 0o755, None),
                    (b"site/sparse", stat.S_IFREG | 0o644, bytes(8192) + b"island" * 700 + bytes(20_000) + b"end"),
                    (b"site/many/699", stat.S_IFREG | 0o644, b"number 699")]:
                self.assertEqual(found[path], (mode, modified, content), path)
            self.assertEqual(found[b"site/many"], (stat.S_IFDIR | 0o755, -4_000_000_001, None))
            self.assertEqual(len(found), 3 + 13 + 700)
        place = os.path.join(self.target, "site")
        self.assertEqual(os.stat(f"{place}/hard 1").st_ino, os.stat(f"{place}/hard 2").st_ino)
        self.assertLess(os.stat(f"{place}/sparse").st_blocks * 512, 20_000)
        with contextlib.suppress(OSError):  # a file system without attributes shows none
            os.setxattr(f"{place}/empty", "user.probe", b"")
            self.assertEqual(os.getxattr(f"{place}/marked", "user.first"), b"one")
            self.assertEqual(os.getxattr(f"{place}/marked", "user.second"), b"")

    def test_the_shapes_of_the_example_are_really_in_it(self):
        """the full example has a list of depth 1 and a directory of several pages"""
        repository = example.ExampleRepository(self.path)
        length, depth, items = repository.content(repository.items(example.varied_bytes(100_000)))
        self.assertEqual((length, depth), (100_000, 1))
        self.assertGreater(len(items), 1)
        entries = [(b"%03d" % number, example.entry(example.FIFO, b"%03d" % number)) for number in range(700)]
        self.assertGreater(len(repository.directory_content(entries)[2]), 1)

    def test_snapshots_are_listed_and_found(self):
        """the list is in order of time, and an older snapshot is restored by its sid"""
        _, last = example.write_full(self.path)
        code, out, _ = self.run_reader("list")
        lines = [line.split() for line in out.splitlines()]
        self.assertEqual((code, [line[1] for line in lines]), (0, ["fence", "snapshot", "snapshot"]))
        self.assertEqual(lines[2][0], last)
        code, _, found = self.restore(lines[1][0])
        self.assertEqual((code, b"site/empty" in found, b"db" in found), (0, True, False))
        code, errors, found = self.restore(lines[0][0])
        self.assertEqual((code, found), (1, {}))
        self.assertIn("not a snapshot", errors)

    def test_nothing_is_overwritten(self):
        """a source is never restored over something that is already there"""
        example.write_small(self.path)
        os.makedirs(self.target)
        os.symlink("/", os.path.join(self.target, "site"))
        code, _, _ = self.run_reader("restore", "latest", self.target)
        self.assertEqual((code, os.listdir(self.target)), (1, ["site"]))

    def test_secrets_that_do_not_fit(self):
        """a wrong password, a slip in the recovery key, and the right secret for the other kind of slot are refused"""
        repository, _ = example.write_small(self.path)
        slip = repository.recovery_key[:-1] + ("0" if repository.recovery_key[-1] != "0" else "1")
        for secret, sentence in [(("--password", "wrong"), "no key slot opens"),
                                 (("--recovery-key", slip), "wrong digit"),
                                 (("--recovery-key", "0000"), "36 digits"),
                                 (("--password", repository.recovery_key.replace("-", "")), "no key slot opens")]:
            code, _, errors = self.run_reader("list", secret=secret)
            self.assertEqual(code, 1)
            self.assertIn(sentence, errors)

    def test_a_role_without_data_keys(self):
        """a role without `data` lists snapshots and restores no file's bytes"""
        repository, _ = example.write_small(self.path)
        repository.add_slot(2, b"role", {purpose: repository.keys[purpose] for purpose in (
            "id", "index", "metadata", "upkeep-public")})
        role = ("--password", "role")
        self.assertEqual(self.run_reader("list", secret=role)[0], 0)
        code, errors, found = self.restore(secret=role)
        self.assertEqual((code, set(found)), (1, {b"site", b"site/b", b"site/link"}))
        self.assertIn("no `data` key", errors)

    # Damage

    def outcomes(self, name, offset, length):
        """What one changed byte may lead to: an error (something is not restored, and named), a report (all is
        restored, and the damage is named), or nothing."""
        folder = name.split("/")[0]
        if folder in ("RECOVER.txt", "sessions"):
            return {"nothing"}
        if folder in ("index", "settings"):
            return {"report"}
        if folder == "keys" and self.whole[name][8] == 3:
            return {"report", "nothing"}  # a slot of the other secret is only read when it comes first
        if folder == "packs":
            directory = length - 8 - int.from_bytes(self.whole[name][-8:-4], "little")
            return {"error"} if 48 <= offset < directory else {"nothing"}
        return {"error"}

    def check_damage(self, change, outcomes, step):
        """`change` writes changed bytes of an object, and returns how to undo it."""
        example.write_small(self.path)
        self.whole = {name: self.bytes_of(name) for name in self.object_names()}
        right = self.restore()[2]
        self.assertEqual(len(right), 4)
        for name, data in self.whole.items():
            for offset in range(0, len(data), step):
                undo = change(name, data[:offset] + bytes([data[offset] ^ 1 << offset % 8]) + data[offset + 1:])
                code, errors, found = self.restore()
                undo()
                with self.subTest(name=name, offset=offset, errors=errors):
                    for path, (mode, time, content) in found.items():
                        self.assertEqual(content, right[path][2], "wrong bytes were restored")
                    outcome = "error" if found != right else "report" if code else "nothing"
                    self.assertIn(outcome, outcomes(name, offset, len(data)))
                    self.assertEqual(code, 0 if outcome == "nothing" else 1)

    def test_every_changed_byte_is_seen_or_harmless(self):
        """one changed byte anywhere leads to an error, or to the right bytes as the article says"""
        def change(name, data):
            self.overwrite(name, data)
            return lambda: self.overwrite(name, self.whole[name])

        self.check_damage(change, self.outcomes, 1)

    def test_a_changed_object_under_its_new_hash_is_seen_too(self):
        """whoever changes an object and gives it the name of its new hash gains nothing"""
        def change(name, data):
            folder, digits = name.split("/")[0], hashlib.sha256(data).hexdigest()
            if folder not in ("keys", "settings", "packs", "index"):
                self.overwrite(name, data)
                return lambda: self.overwrite(name, self.whole[name])
            renamed = f"packs/{digits[:2]}/{digits}" if folder == "packs" else f"{folder}/{digits}"
            os.remove(os.path.join(self.path, name))
            os.makedirs(os.path.dirname(os.path.join(self.path, renamed)), exist_ok=True)
            self.overwrite(renamed, data)

            def undo():
                os.remove(os.path.join(self.path, renamed))
                self.overwrite(name, self.whole[name])
            return undo

        def outcomes(name, offset, length):
            # The pack that the index names is gone, and the directory of this one does not open.
            return {"error"} if name.startswith("packs/") else self.outcomes(name, offset, length)

        self.check_damage(change, outcomes, 3)

    def test_a_shortened_or_lengthened_object_is_seen_or_harmless(self):
        """bytes that lack at the end or follow it never become bytes of a file"""
        example.write_small(self.path)
        right = self.restore()[2]
        for name in self.object_names():
            data = self.bytes_of(name)
            for changed in (b"", data[:40], data[:len(data) // 2], data[:-1], data + b"x"):
                self.overwrite(name, changed)
                code, _, found = self.restore()
                with self.subTest(name=name, length=len(changed)):
                    self.assertTrue(code == 1 or found == right)
                    self.assertTrue(all(what[2] == right[path][2] for path, what in found.items()))
            self.overwrite(name, data)

    def test_a_lost_index_is_made_up_for(self):
        """what a lost index named is found again in the packs' directories"""
        example.write_small(self.path)
        right = self.restore()[2]
        shutil.rmtree(os.path.join(self.path, "index"))
        code, errors, found = self.restore()
        self.assertEqual((code, errors, found), (0, "", right))

    def test_one_good_copy_of_a_chunk_is_enough(self):
        """a chunk that is damaged in one pack is read from another"""
        repository, _ = example.write_small(self.path)
        right = self.restore()[2]
        first = [name for name in self.object_names() if name.startswith("packs/")]
        repository.file(b"a", b"alpha" * 30)
        repository.chunk(0, example.MANIFEST)
        repository.add_pack(example.DATA_PACK, bytes(16))
        damaged = [name for name in first if self.bytes_of(name)[7] == example.DATA_PACK]
        for name in damaged:
            data = self.bytes_of(name)
            self.overwrite(name, data[:48] + bytes(40) + data[88:])
        code, errors, found = self.restore()
        self.assertEqual((code, found), (1, right))
        self.assertIn(f"{damaged[0]}: frame 0: not authentic", errors)
        self.assertNotIn("no index and no pack", errors)

    def test_objects_in_each_others_place_are_refused(self):
        """a record under another sid, a pack among the index objects and a frame of another pack are refused"""
        repository, sid = example.write_small(self.path)
        record = self.bytes_of(f"snapshots/{sid}")
        other = "ab" * 16
        repository.put(f"snapshots/{other}", record)
        self.assertIn("not authentic", self.restore(other)[1])
        self.assertIn("which snapshot is the latest", self.restore()[1])
        repository.put(f"snapshots/{'cd' * 16}", self.bytes_of(f"sessions/{sid}"))
        self.assertIn("does not belong", self.restore("cd" * 16)[1])

    def test_a_hidden_snapshot_is_named(self):
        """a record that a later one names and that is gone is reported"""
        repository, sid = example.write_small(self.path)
        root = repository.directory_content([(b"site", repository.directory(b"site", []))])
        repository.commit(root, ["site"], data_time="2027-01-01T00:00:00Z", heads=[sid])
        self.assertEqual(self.run_reader("list")[0], 0)
        os.remove(os.path.join(self.path, f"snapshots/{sid}"))
        code, _, errors = self.run_reader("list")
        self.assertEqual(code, 1)
        self.assertIn(f"snapshots/{sid}: a later record names it", errors)
        repository.put(f"forgotten/{sid}", repository.document(example.FORGOTTEN, b"{}", f"forgotten/{sid}"))
        self.assertEqual(self.run_reader("list")[0], 0)

    def test_the_audit_needs_no_key_and_names_every_damaged_object(self):
        """the audit names each object that is named by its hash and is not it"""
        example.write_full(self.path)
        self.assertEqual(self.run_reader("audit", secret=())[0], 0)
        for name in self.object_names():
            if name.split("/")[0] in ("keys", "settings", "packs", "index"):
                data = self.bytes_of(name)
                self.overwrite(name, data[:-30] + bytes([data[-30] ^ 4]) + data[-29:])
                code, _, errors = self.run_reader("audit", secret=())
                self.overwrite(name, data)
                self.assertEqual(code, 1)
                self.assertIn(name, errors)

    # Structures that are authentic and wrong

    def refused(self, build, sentence):
        """`build` gives entries of a source's root for a repository; the reader must refuse with this sentence."""
        shutil.rmtree(self.path, ignore_errors=True)
        repository = example.ExampleRepository(self.path)
        content = build(repository)
        if isinstance(content, list):
            page = example.page(content)
            content = repository.content([(repository.chunk(1, page), len(page))])
        source = example.entry(example.DIRECTORY, b"site", [(2, example.encoded(content))], permissions=0o755)
        repository.commit(repository.directory_content([(b"site", source)]), ["site"])
        code, errors, found = self.restore()
        self.assertEqual(code, 1)
        self.assertIn(sentence, errors)
        self.assertLessEqual(set(found), {b"site", b"site/a", b"site/b"})

    def test_entries_that_no_writer_may_make(self):
        """names, fields, holes and numbers outside of the format are refused, and nothing leaves the target"""
        entry, file = example.entry, example.FILE
        sized, varint = example.sized, example.varint
        empty = example.sha256(b"") + bytes(3)
        five = example.sha256(b"12345") + b"\x05\x00\x01" + bytes(16) + b"\x05"

        def one(*arguments, **others):
            return lambda repository: [entry(*arguments, **others)]

        for name in (b"", b".", b"..", b"a/b", b"/a", b"a\0b", b"n" * 4097):
            self.refused(one(file, name, [(1, empty)]), "a name that no entry can have")
        self.refused(lambda repository: [repository.file(b"a", b""), repository.file(b"a", b"")], "do not ascend")
        self.refused(lambda repository: [entry(3, b"b", [(3, b"x")]), entry(3, b"a", [(3, b"x")])], "do not ascend")
        self.refused(one(file, b"x"), "field 1 is missing")
        self.refused(one(8, b"x"), "unknown kind 8")
        self.refused(one(file, b"x", [(1, empty), (10, b"")]), "unknown field 10")
        self.refused(one(file, b"x", [(1, empty), (2, bytes(3))]), "does not belong")
        self.refused(one(file, b"x", [(1, empty), (9, b"!")]), "behind the end")
        self.refused(one(file, b"x", [(1, empty + b"!")]), "behind the end")
        self.refused(one(file, b"x", [(5, b"\0"), (1, empty)]), "fields of an entry do not ascend")
        self.refused(one(file, b"x", [(1, empty), (1, empty)]), "fields of an entry do not ascend")
        self.refused(one(file, b"x", [(1, empty), (7, b"\x01\x00\x01")]), "a hole outside")
        self.refused(one(file, b"x", [(1, empty), (5, b"\x02" + sized(b"b") * 2 + sized(b"a") * 2)]), "do not ascend")
        self.refused(one(file, b"x", [(1, empty)], modified=(0, 10**9)), "nanoseconds")
        self.refused(one(file, b"x", [(1, empty)], permissions=0o100644), "permissions")
        self.refused(one(file, b"x", [(1, five)]), "no index and no pack names it")
        self.refused(lambda repository: [entry(file, b"x", [(1, empty)])[:-1]], "ends too early")
        self.refused(one(file, b"x", [(1, example.sha256(b"") + varint(2**70)[:-1] + b"\x7f")]), "varint")
        self.refused(one(file, b"x", [(1, example.sha256(b"") + b"\x80\x00\x00\x00")]), "shortest form")
        self.refused(one(file, b"x", [(1, empty), (5, varint(2**40))]), "ends too early")
        self.refused(lambda repository: [repository.file(b"x", b"data", holes=[(1, 2)])], "a hole that is not zeros")
        self.refused(lambda repository: [b"\x01" + bytes(3 << 20)], "above 3 MiB")

    def test_contents_that_do_not_add_up(self):
        """lengths that do not add up, lists too deep, chunks of another kind and other bytes are refused"""
        def file_of(describe):
            def build(repository):
                payload = example.sha256(b"12345") + describe(repository)
                return [example.entry(example.FILE, b"x", [(1, payload)])]
            return build

        def items(repository, kind=0):
            return [(repository.chunk(kind, b"123"), 3), (repository.chunk(kind, b"45"), 2)]

        def list_of(items):
            return lambda repository: repository.chunk(2, example.encoded_items(items(repository)))

        encoded = example.encoded
        self.refused(file_of(lambda r: encoded((6, 0, items(r)))), "do not add up")
        self.refused(file_of(lambda r: encoded((5, 0, list(reversed(items(r)))))), "SHA-256 differs")
        self.refused(file_of(lambda r: encoded((5, 0, items(r, kind=1)))), "is not its id")
        self.refused(file_of(lambda r: encoded((5, 0, [(i, 5 - c) for i, c in items(r)]))), "wrong length")
        self.refused(file_of(lambda r: encoded((5, 0, items(r) + [(bytes(16), 0)]))), "covers nothing")
        self.refused(file_of(lambda r: encoded((0, 1, []))), "no depth")
        self.refused(file_of(lambda r: encoded((5, 5, items(r)))), "beyond the limits")
        self.refused(file_of(lambda r: encoded((5, 0, []))[:2] + example.varint(70_000)), "too many")
        self.refused(file_of(lambda r: encoded((5, 0, [(bytes(16), 5 << 20)]))), "above 4 MiB")
        self.refused(file_of(lambda r: encoded((6, 1, [(list_of(items)(r), 6)]))), "do not add up")
        self.refused(file_of(lambda r: encoded(
            (5, 1, [(r.chunk(2, example.encoded_items(items(r)) + b"!"), 5)]))), "behind the end")

    def test_pages_that_no_writer_may_make(self):
        """a page of another version, and names that do not ascend from page to page, are refused"""
        def pages(*encoded_pages):
            return lambda repository: repository.content(
                [(repository.chunk(1, page), len(page)) for page in encoded_pages])

        def link(name):
            return example.entry(example.SYMLINK, name, [(3, b"x")])

        self.refused(pages(b"\x02"), "unknown version of a page")
        self.refused(pages(example.page([link(b"a")]), example.page([link(b"a")])), "do not ascend")

    def test_documents_that_no_writer_may_make(self):
        """wrong lengths, twin keys, other formats and unknown requirements are refused by name"""
        repository, snapshot = example.write_small(self.path)

        def record(content, **options):
            sid = repository.random(16).hex()
            name = f"snapshots/{sid}"
            repository.put(name, repository.document(example.RECORD, content(sid), name, **options))
            return self.restore(sid)[1]

        def of(sid, **more):
            return example.json.dumps({"format": 1, "kind": "snapshot", "session": sid, **more}).encode()

        for codec in (example.STORED, example.ZLIB, example.ZSTD):
            for length in (5, 2000):
                self.assertIn("promised length", record(of, codec=codec, length=length))
        self.assertIn("decompressed limit", record(of, length=70_000))
        self.assertIn("a key comes twice", record(lambda sid: b'{"format":1,"format":1}'))
        self.assertIn("not JSON", record(lambda sid: b'{"format":NaN}'))
        self.assertIn("another session", record(lambda sid: of("00" * 16)))
        self.assertIn("unknown format", record(lambda sid: of(sid, heads=[], sources=[]).replace(b"1,", b"2,", 1)))
        name = repository.add_settings(required=["time travel"])
        self.assertIn(f"{name}: the repository requires time travel", self.restore()[1])
        os.remove(os.path.join(self.path, name))
        good = repository.signer
        repository.signer = example.Ed25519PrivateKey.generate()
        name = repository.add_settings(required=["time travel"])
        repository.signer = good
        code, errors, found = self.restore(snapshot)
        self.assertIn(f"{name}: no valid signature; the settings are ignored", errors)
        self.assertEqual((code, len(found)), (1, 4))

    def test_exactly_one_stream_of_a_codec(self):
        """bytes behind a compressed stream are refused, also where a decoder would take them"""
        skippable = b"\x50\x2a\x4d\x18\x01\x00\x00\x00!"
        for codec in (example.STORED, example.ZLIB, example.ZSTD):
            data = example.compressed(codec, b"plain" * 9)
            self.assertEqual(sealed_objects.decompress(codec, data, 45), b"plain" * 9)
            for changed in (data + b"!", data + skippable, skippable + data, data[:-1], b""):
                with self.assertRaises(sealed_objects.Refused):
                    sealed_objects.decompress(codec, changed, 45)
        with self.assertRaises(sealed_objects.Refused):
            sealed_objects.decompress(3, b"plain", 5)

    def test_directories_of_packs_that_no_writer_may_make(self):
        """a pack's directory must add up and begin where its frames end"""
        for options, sentence in [
                ({"gap": b"!"}, "do not end where"),
                ({"spoil": lambda directory: directory[:-1] + bytes([directory[-1] - 1])}, "do not add up"),
                ({"spoil": lambda directory: directory + b"!"}, "behind the end"),
                ({"spoil": lambda directory: b"\x02" + directory[1:]}, "unknown version")]:
            shutil.rmtree(self.path, ignore_errors=True)
            repository = example.ExampleRepository(self.path)
            root = repository.directory_content([(b"site", repository.directory(b"site", []))])
            repository.add_pack(example.TREE_PACK, bytes(16), **options)
            repository.packs = []
            repository.commit(root, ["site"])
            code, errors, found = self.restore()
            self.assertEqual((code, found), (1, {}))
            self.assertIn(sentence, errors)

    def test_headers_that_no_writer_may_make(self):
        """bytes of a header that must be zero and are not, and unknown methods, are refused though authentic"""
        repository, _ = example.write_small(self.path)
        make = repository.header
        for place in (8, 9, 10, 11):
            def spoiled(*arguments, **options):
                header = make(*arguments, **options)
                return header[:place] + bytes([header[place] + 2]) + header[place + 1:]
            repository.header = spoiled
            sid = repository.random(16).hex()
            repository.add_record(sid, {"format": 1, "kind": "fence", "session": sid})
            errors = self.restore(sid)[1]
            self.assertIn("unknown key method 3" if place == 8 else "bytes that must be zero", errors)

    def test_another_salvor_json_is_noticed(self):
        """salvor.json with the same meaning and other bytes is not the one that the key slots name"""
        repository, _ = example.write_small(self.path)
        self.overwrite("salvor.json", repository.description + b" ")
        code, errors, found = self.restore()
        self.assertEqual((code, found), (1, {}))
        self.assertIn("made for another salvor.json", errors)

    def test_other_formats_are_named(self):
        """a newer format is told from damage"""
        repository, sid = example.write_small(self.path)
        self.overwrite("salvor.json", repository.description.replace(b'"format":1', b'"format":7'))
        self.assertIn("the repository has format 7, this reader knows 1", self.restore()[1])

    def test_a_record_and_its_root_tell_of_the_same_sources(self):
        """a root with other names than the record's sources is refused"""
        repository = example.ExampleRepository(self.path)
        root = repository.directory_content([(b"site", repository.directory(b"site", []))])
        repository.commit(root, ["shop"])
        code, errors, found = self.restore()
        self.assertEqual((code, found), (1, {}))
        self.assertIn("are not the sources of the record", errors)


if __name__ == "__main__":
    unittest.main()
