"""A provider's HTTP address on the loopback that can be told how to answer, or not to."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import msgspec


class Posted(NamedTuple):
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


@dataclass
class Webhook:
    """``with Webhook() as hook``; each item of the script is (status, object), with headers as a third, or ``drop``,
    ``drop_at_once``, ``slow``, ``silent``."""

    script: list[Any] = field(default_factory=list)
    answer: Any = (200, {"errcode": 0, "errmsg": "ok"})
    posted: list[Posted] = field(default_factory=list)

    def __enter__(self) -> Webhook:
        hook = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                does = hook.script.pop(0) if hook.script else hook.answer
                if does == "drop_at_once":
                    return self._drop()
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.posted.append(Posted(self.path, dict(self.headers), body))
                if does == "drop":
                    return self._drop()
                if does == "silent":
                    hook.released.wait(5)
                    return self._drop()
                if does == "slow":
                    time.sleep(0.1)
                    does = hook.answer
                status, told, *more = does
                raw = told if isinstance(told, bytes) else msgspec.json.encode(told)
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                for name, value in (more[0] if more else {}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(raw)
                return None

            def _drop(self) -> None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self.released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=lambda: self._server.serve_forever(poll_interval=0.01), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
