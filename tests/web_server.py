"""A web server on this machine that behaves as its paths say."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = b"x" * 65_536


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *_args):
        pass

    def do_HEAD(self):
        self._answer()

    def do_GET(self):
        self._answer()

    def _answer(self):
        web = self.server.web
        path = self.path.partition("?")[0]
        web.asked.append((self.command, self.path))
        web.headers.append(dict(self.headers))
        if self.command == "HEAD" and web.head_status:
            return self._say(web.head_status)
        try:
            self._act(path)
        except OSError:  # the other side has had enough
            return None
        return None

    def _act(self, path):
        web = self.server.web
        targets = {"/moved": "/step", "/step": "/ok", "/circle": "/circle"}
        statuses = {"/ok": 200, "/gone": 410, "/guarded": 403, "/broken": 500} | web.statuses
        if path in targets or path == "/elsewhere":
            self._say(302, Location=targets.get(path, web.target))
        elif path == "/silent":
            web.over.wait(10)
        elif path == "/drip":
            self._drip(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        elif path == "/nonsense":
            self.wfile.write(b"SSH-2.0-x\r\n")
        elif path == "/large":
            self._large()
        else:
            self._say(statuses.get(path, 404))

    def _say(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _drip(self, start):
        self.wfile.write(start)
        for _ in range(200):
            if self.server.web.over.is_set():
                return
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def _large(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(1_600):
            self.wfile.write(PIECE)
            self.server.web.sent += len(PIECE)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    web: WebServer


class WebServer:
    """Runs between `with` and its end; remembers what it was asked."""

    def __init__(self):
        self.asked, self.headers, self.statuses = [], [], {}
        self.head_status, self.target, self.sent = 0, "/", 0
        self.over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.web = self
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
