"""What Jupyter starts as a kernel: asks `warm.py` for one and stands for it.

    python -I -S client.py SOCKET CONNECTION_FILE

It passes interrupts on and ends as the kernel ends, by the same signal or
with the same code, so that Jupyter notices a kernel that died.
"""

import json
import os
import signal
import socket
import sys

with socket.socket(socket.AF_UNIX) as warm:
    warm.connect(sys.argv[1])
    request = {"folder": os.getcwd(), "connection": sys.argv[2]}
    warm.sendall(json.dumps(request).encode())
    signal.signal(signal.SIGINT, lambda *_: warm.sendall(b"interrupt"))
    answer = warm.recv(64)
code = int(answer or -signal.SIGKILL)
if code < 0:
    if -code != signal.SIGKILL:  # nobody can handle that one
        signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
