"""The built book behind a web server, as a reader gets it."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

EMPTY = "empty.html"
"""Beside any page: the same page of the theme with nothing to read."""
_ARTICLE = re.compile(r"(<article[^>]*>).*(</article>)", re.DOTALL)
_OWN = re.compile(r"<script[^>]*/explorers?[/.][^>]*></script>")


def emptied(page: str) -> str:
    """Take from a page what is written, and what draws its sliders."""
    return _OWN.sub("", _ARTICLE.sub(r"\1<h1>Empty</h1>\2", page))


class Zipping(SimpleHTTPRequestHandler):
    """Serve as a web host does: text compressed; count what is sent."""

    sent: dict[str, int]

    def __init__(self, *args: object, sent: dict[str, int], **more: str):
        self.sent = sent
        super().__init__(*args, **more)  # type: ignore[arg-type]

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.name == EMPTY:
            page = next(path.parent.glob("*.html"))
            body = emptied(page.read_text("utf-8")).encode()
        else:
            body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in (".html", ".css", ".js", ".svg"):
            body = gzip.compress(body, 6, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.sent[self.path] = len(body)


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Serve a folder: its address, and the bytes sent of each file."""
    sent: dict[str, int] = {}
    handler = partial(Zipping, directory=str(folder), sent=sent)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", sent
    server.shutdown()
    server.server_close()
