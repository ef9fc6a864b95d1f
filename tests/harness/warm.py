"""A parent that has imported what every chapter imports, and forks kernels.

    python warm.py SOCKET MODULE [MODULE ...]

Importing PyTorch, SymPy and matplotlib takes a third of a chapter's time; a
fork has them at once. `client.py` is the command of the kernel that Jupyter
starts: it asks here for a kernel and lives exactly as long as that kernel.

Linux only (a forked PyTorch is not safe elsewhere), standard library only,
run by the Python of the environment whose kernels it makes.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys

INLINE = "module://matplotlib_inline.backend_inline"


def load(modules: list[str]) -> None:
    """Import what the kernels are to have; no thread may be left behind."""
    # Before pyplot is imported: later, figures would vanish.
    os.environ["MPLBACKEND"] = INLINE

    for module in modules:
        importlib.import_module(module)
    threads = os.listdir("/proc/self/task")
    if len(threads) > 1:
        sys.exit(f"warm: {len(threads)} threads: a fork would not be safe")
    gc.freeze()


def reseed() -> None:
    """Forks must not share a state: what is not seeded must differ."""
    import random

    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if "torch" in sys.modules:
        sys.modules["torch"].seed()


def run_kernel(folder: str, connection: str) -> None:
    """Be a Jupyter kernel, as `python -m ipykernel_launcher` is one."""
    from ipykernel.kernelapp import IPKernelApp

    os.chdir(folder)
    reseed()
    app = IPKernelApp.instance()
    app.initialize(["-f", connection, "--log-level=ERROR"])
    backend = sys.modules.get("matplotlib_inline.backend_inline")
    if backend is not None:
        # It was imported before there was an IPython to tie figures to.
        backend._enable_matplotlib_integration()
    app.start()


def nurse(client: socket.socket, request: dict[str, str]) -> None:
    """Fork the kernel; pass signals on; say how it ended."""
    os.setsid()
    kernel = os.fork()
    if kernel == 0:
        client.close()
        run_kernel(request["folder"], request["connection"])
        return
    ended = os.pidfd_open(kernel)
    while True:
        ready, _, _ = select.select([client, ended], [], [])
        if ended in ready:
            break
        word = client.recv(64)
        if not word:  # Jupyter has killed the client
            os.kill(kernel, signal.SIGKILL)
            break
        os.kill(kernel, signal.SIGINT)
    _, status = os.waitpid(kernel, 0)
    code = os.waitstatus_to_exitcode(status)
    with contextlib.suppress(OSError):
        client.sendall(str(code).encode())


def serve(path: str) -> None:
    """Answer requests until the parent closes our standard input."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen(16)
        print("ready", flush=True)
        while True:
            ready, _, _ = select.select([server, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            client, _ = server.accept()
            request = json.loads(client.recv(65536))
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                server.close()
                nurse(client, request)
                os._exit(0)
            client.close()


if __name__ == "__main__":
    del sys.path[0]  # this folder: a kernel must not import from it
    load(sys.argv[2:])
    serve(sys.argv[1])
