"""A server like healthchecks.io, for the tests: it writes each request as a line of JSON, and behaves as it is told.

    watcher.py LOG BEHAVIOUR [CERTIFICATE]

The first line of its output is the port. Behaviours: ok, slow, broken (always 500), broken-once, unknown, moved
(a redirection to the same path below /moved), gone (404).
"""
import http.server
import json
import ssl
import sys
import time


class Watcher(http.server.BaseHTTPRequestHandler):
    behaviour = "ok"
    log = None
    seen = 0

    def do_POST(self):
        Watcher.seen += 1
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        line = {"path": self.path, "body": body.decode(), "agent": self.headers.get("User-Agent")}
        Watcher.log.write(json.dumps(line) + "\n")
        Watcher.log.flush()
        status, text = 200, "OK"
        if self.behaviour == "slow":
            time.sleep(60)
        elif self.behaviour == "broken" or (self.behaviour == "broken-once" and Watcher.seen == 1):
            status = 500
        elif self.behaviour == "unknown":
            text = "OK (not found)"
        elif self.behaviour == "gone":
            status = 404
        elif self.behaviour == "moved" and not self.path.startswith("/moved"):
            return self.redirect(self.path.replace("/", "/moved/", 1))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST

    def redirect(self, place):
        self.send_response(302)
        self.send_header("Location", place)
        self.end_headers()

    def log_message(self, *_):
        pass


def main():
    Watcher.log = open(sys.argv[1], "a", encoding="utf-8")
    Watcher.behaviour = sys.argv[2]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Watcher)
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_port, flush=True)
    server.serve_forever()


main()
