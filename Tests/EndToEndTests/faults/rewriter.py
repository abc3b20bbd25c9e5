#!/usr/bin/python3
"""Rewrites, truncates, renames and deletes files of its own at full speed, and notes every state that a file ever has.

usage: rewriter.py FOLDER LOG SECONDS SEED

One call that changes a file makes one state; the SHA-256 of each is written to LOG before the call. A reader that sees
anything else has mixed two of them.
"""
import hashlib
import os
import random
import sys
import time


def main():
    folder, log_path, seconds, seed = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
    chance = random.Random(seed)
    log = open(log_path, "w")
    contents = {}
    names = [os.path.join(folder, f"w{seed}-{number}") for number in range(6)]
    letters = b"abcdefghijklmnopqrstuvwxyz"
    end = time.monotonic() + seconds

    def note(state):
        log.write(hashlib.sha256(state).hexdigest() + "\n")
        log.flush()

    def fresh():
        # Every block says when it was written, so that no two states share one.
        size = chance.choice([10, 4096, 70_000, 300_000, 3_000_000, 6_000_000])
        block = (f"{seed} {time.monotonic_ns()} " + chance.choice(letters.decode())).encode()
        return (block * (size // len(block) + 1))[:size]

    while time.monotonic() < end:
        path = chance.choice(names)
        state = contents.get(path)
        action = chance.randrange(6)
        if state is None or action == 0:
            # Written anew in place: empty first, then in two steps.
            new = fresh()
            half = len(new) // 2
            for step in (b"", new[:half], new):
                note(step)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
            os.write(descriptor, new[:half])
            os.write(descriptor, new[half:])
            os.close(descriptor)
            contents[path] = new
        elif action in (1, 2) and state:
            # Overwritten in the middle, or from its beginning.
            new = fresh()
            start = chance.randrange(len(state)) if action == 1 else 0
            changed = state[:start] + new + state[start + len(new):]
            note(changed)
            descriptor = os.open(path, os.O_WRONLY)
            os.pwrite(descriptor, new, start)
            os.close(descriptor)
            contents[path] = changed
        elif action == 3 and state:
            length = chance.randrange(len(state) + 5000)
            changed = state[:length] + bytes(max(0, length - len(state)))
            note(changed)
            os.truncate(path, length)
            contents[path] = changed
        elif action == 4:
            other = chance.choice(names)
            os.rename(path, other)
            if other != path:
                contents[other] = contents.pop(path)
        elif action == 5:
            os.remove(path)
            del contents[path]
    log.close()


main()
