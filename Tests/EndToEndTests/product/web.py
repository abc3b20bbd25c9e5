#!/usr/bin/python3
"""A small web shop: a page with what the database offers, and the files that people uploaded.

    web.py --db URL --files DIRECTORY --port PORT [--mail HOST:PORT]

With --mail it tries to tell somebody outside that it has started, as an application does that knows no better.
"""
import argparse
import http.server
import pathlib
import socket
import subprocess

parser = argparse.ArgumentParser()
parser.add_argument("--db", required=True)
parser.add_argument("--files", required=True)
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--mail")
arguments = parser.parse_args()


def ask(query):
    """The lines that the database answers."""
    words = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", arguments.db, "-c", query]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()


class Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/healthz":
            return self.answer(200, b"ok " + ask("SELECT count(*) FROM orders")[0].encode())
        if self.path == "/":
            items = "".join(f"<li>{name} <button>Add to cart</button></li>" for name in ask("SELECT name FROM products"))
            return self.answer(200, f"<h1>Shop</h1><ul>{items}</ul>".encode())
        file = pathlib.Path(arguments.files) / self.path.removeprefix("/files/")
        if self.path.startswith("/files/") and file.is_file():
            return self.answer(200, file.read_bytes())
        return self.answer(404, b"nothing here")

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if arguments.mail:
    host, port = arguments.mail.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=2).sendall(b"the shop has started\r\n")
    except OSError as problem:
        print("no mail:", problem, flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", arguments.port), Shop).serve_forever()
