#!/usr/bin/env python3
"""Reads a repository of salvor without salvor: a second witness, written only from the article "The repository format".

    read_repository.py REPOSITORY audit
    read_repository.py REPOSITORY (--password P | --recovery-key K) list
    read_repository.py REPOSITORY (--password P | --recovery-key K) restore SID-or-latest TARGET

REPOSITORY is a directory with the objects under their names. Needs Python 3.11, the package `cryptography`, and
libzstd.so.1. What is refused or damaged is named on standard error, and the exit code is then 1. `restore` writes
into TARGET/<name of the source>/… and nowhere else, and never over something that is already there.
"""
import argparse
import collections
import hashlib
import os
import re
import stat
import sys

from repository_format import (
    BLOCK_DEVICE, CHARACTER_DEVICE, CONTENT_CHUNK, DIRECTORY, FIFO, FILE, PACK_LIMIT, SOCKET, SYMLINK, Content,
    Repository, check_trailer, entries, parse_description)
from sealed_objects import (
    KIB, KINDS_IN_FOLDER, MIB, Header, Refused, Store, check_hash, hexadecimal, member, parse_json,
    password_of_recovery_key, require, shown)


def cut_at_holes(position, data, holes):
    """`data` in pieces that lie wholly inside or wholly outside of a hole: (place in the file, piece, in a hole)."""
    end = position + len(data)
    while position < end:
        while holes and holes[0][1] <= position:
            holes.popleft()
        start, stop = holes[0] if holes else (end, end)
        border = min(end, stop if start <= position else start)
        yield position, data[len(data) - (end - position):len(data) - (end - border)], start <= position < stop
        position = border


class Restorer:
    """Writes the sources of a snapshot under a directory. What fails is named, and the rest goes on."""

    def __init__(self, repository, target, report):
        self.repository, self.report = repository, report
        os.makedirs(target, mode=0o700, exist_ok=True)
        self.target = os.open(target, os.O_RDONLY | os.O_DIRECTORY)
        self.first_links = {}

    def restore_children(self, content, directory, path):
        try:
            for entry in entries(self.repository, content):
                if not path:
                    self.first_links = {}  # a hard-link group lies within one source
                self.restore(entry, directory, path + [entry.name])
        except Refused as error:
            self.report(f"{shown(b'/'.join(path)) or 'the root'}: {error}")

    def restore(self, entry, directory, path):
        """`directory` is the open directory that holds the entry, so that no symlink can lead elsewhere."""
        try:
            if self._is_linked(entry, directory):
                return
            if entry.kind == FILE:
                self._write_file(entry, directory)
            elif entry.kind == DIRECTORY:
                self._make_directory(entry, directory, path)
            elif entry.kind == SYMLINK:
                os.symlink(entry.target, entry.name, dir_fd=directory)
            else:
                types = {FIFO: stat.S_IFIFO, SOCKET: stat.S_IFSOCK, CHARACTER_DEVICE: stat.S_IFCHR,
                         BLOCK_DEVICE: stat.S_IFBLK}
                os.mknod(entry.name, types[entry.kind] | 0o600, entry.device_number, dir_fd=directory)
            self._set_attributes(entry, directory)
            if entry.kind == FILE and entry.links > 1:
                self.first_links.setdefault(self._link_group(entry), b"/".join(path))
        except (Refused, OSError, OverflowError) as error:
            self.report(f"{shown(b'/'.join(path))}: {error}")

    @staticmethod
    def _link_group(entry):
        return entry.device, entry.inode, entry.changed, entry.content.length, entry.sha256

    def _is_linked(self, entry, directory):
        first = self.first_links.get(self._link_group(entry)) if entry.kind == FILE and entry.links > 1 else None
        if first is None:
            return False
        try:
            os.link(first, entry.name, src_dir_fd=self.target, dst_dir_fd=directory, follow_symlinks=False)
            return True
        except OSError as error:
            note(f"{shown(entry.name)}: written as a file of its own, not as a hard link: {error.strerror}")
            return False

    def _write_file(self, entry, directory):
        file = os.open(entry.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=directory)
        try:
            digest, position, holes = hashlib.sha256(), 0, collections.deque(entry.holes)
            for chunk in self.repository.chunks(entry.content, CONTENT_CHUNK):
                digest.update(chunk)
                for place, piece, in_hole in cut_at_holes(position, chunk, holes):
                    if in_hole:
                        require(not any(piece), "a hole that is not zeros")
                    else:
                        require(os.pwrite(file, piece, place) == len(piece), "the disk took only a part")
                position += len(chunk)
            os.ftruncate(file, entry.content.length)
            require(digest.digest() == entry.sha256, "its SHA-256 differs from its entry; it was removed")
        except BaseException:
            os.unlink(entry.name, dir_fd=directory)
            raise
        finally:
            os.close(file)

    def _make_directory(self, entry, directory, path):
        os.mkdir(entry.name, 0o700, dir_fd=directory)
        inside = os.open(entry.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=directory)
        try:
            self.restore_children(entry.content, inside, path)
        finally:
            os.close(inside)

    def _set_attributes(self, entry, directory):
        name = entry.name
        if os.geteuid() == 0:
            os.chown(name, entry.user, entry.group, dir_fd=directory, follow_symlinks=False)
        for attribute, value in entry.attributes:
            try:
                os.setxattr(b"/proc/self/fd/%d/%s" % (directory, name), attribute, value, follow_symlinks=False)
            except OSError as error:
                note(f"{shown(name)}: extended attribute {shown(attribute)} is left out: {error.strerror}")
        if entry.kind != SYMLINK:
            os.chmod(name, entry.permissions, dir_fd=directory)
        modified = entry.modified[0] * 10**9 + entry.modified[1]
        os.utime(name, ns=(modified, modified), dir_fd=directory, follow_symlinks=False)


# -------------------------------------------------------------------------------------------------------- commands

def note(text):
    print(text, file=sys.stderr)


def sort_time(record):
    """`dataTime` in an order that does not depend on the digits of its fraction."""
    text = member(record, "dataTime", str, "record")
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z", text)
    require(match, f"`{shown(text)}` is not a time in UTC")
    return match[1], (match[2] or "").ljust(9, "0")


def list_snapshots(repository):
    records, _ = repository.records()
    in_order = sorted(records.items(), key=lambda item: (
        sort_time(item[1]) if item[1]["kind"] == "snapshot" else ("", ""), item[0]))
    for sid, record in in_order:
        sources = " ".join(source["name"] for source in record.get("sources", []))
        print(sid, record["kind"], *(shown(str(record.get(key, "-"))) for key in ("dataTime", "system", "host")),
              shown(sources))


def find_snapshot(repository, wanted):
    if wanted != "latest":
        hexadecimal(wanted, 16, "the session identifier")
        record = repository.record(wanted)
        require(record["kind"] == "snapshot", f"{wanted} is of kind {record['kind']}, not a snapshot")
        return record
    records, bad = repository.records()
    require(not bad, "which snapshot is the latest is unknown while a record cannot be read: name one")
    snapshots = [record for record in records.values() if record["kind"] == "snapshot"]
    require(snapshots, "there is no snapshot")
    return max(snapshots, key=lambda record: (sort_time(record), record["session"]))


def restore_snapshot(repository, wanted, target, report):
    record = find_snapshot(repository, wanted)
    root = Content.of_reference(record.get("root"), "root")
    names = set()
    for source in record["sources"]:
        name = source["name"]
        names.add(name.encode(errors="surrogatepass"))
        try:
            manifest = Content.of_reference(source.get("manifest"), "manifest")
            require(manifest.length <= PACK_LIMIT, "a manifest above 64 MiB")
            parse_json(b"".join(repository.chunks(manifest, CONTENT_CHUNK)), "manifest")
        except Refused as error:
            report(f"{shown(name)}: {error}")
        for missing in source.get("missing", []):
            note(f"{shown(name)}: was not captured: {shown(str(missing))}")
    found = {entry.name for entry in entries(repository, root)}
    require(found == names, "the entries of the root are not the sources of the record")
    restorer = Restorer(repository, target, report)
    restorer.restore_children(root, restorer.target, [])


def audit(store, report):
    """Checks what needs no key: hashes, headers, trailers. Every object is read once."""
    parse_description(store.read("salvor.json", 64 * KIB))
    count = 0
    for folder in KINDS_IN_FOLDER:
        for name in store.names(folder, report):
            try:
                data = store.read(name, 64 * MIB)
                check_hash(name, data)
                Header.parse(name, data)
                if folder == "packs":
                    check_trailer(name, data)
                count += 1
            except Refused as error:
                report(str(error))
    print(f"{count} objects are whole")


def main(arguments):
    parser = argparse.ArgumentParser(description="Reads a repository of salvor without salvor.")
    parser.add_argument("repository")
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument("--password")
    secret.add_argument("--recovery-key")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("audit", help="check the hashes of all objects; needs no key")
    commands.add_parser("list", help="the snapshots, oldest first")
    restore = commands.add_parser("restore", help="write all sources of a snapshot under TARGET")
    restore.add_argument("snapshot", help="a session identifier, or `latest`")
    restore.add_argument("target")
    options = parser.parse_args(arguments)
    sys.setrecursionlimit(100_000)  # directories may lie deep in one another
    reports = []

    def report(text):
        reports.append(text)
        note(text)

    try:
        store = Store(options.repository)
        if options.command == "audit":
            audit(store, report)
        else:
            require(options.password is not None or options.recovery_key is not None,
                    "give --password or --recovery-key")
            if options.password is not None:
                method, password = 2, options.password.encode(errors="surrogateescape")
            else:
                method, password = 3, password_of_recovery_key(options.recovery_key)
            repository = Repository(store, method, password, report)
            if options.command == "list":
                list_snapshots(repository)
            else:
                restore_snapshot(repository, options.snapshot, options.target, report)
    except (Refused, OSError) as error:
        report(str(error))
    return 1 if reports else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
