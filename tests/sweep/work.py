"""Functions for the sweeps under test, importable by worker processes."""

from __future__ import annotations

import os
import time
from pathlib import Path


def power(base: int, exponent: int) -> int:
    return base**exponent


def fragile(n: int) -> int:
    if n == 2:
        raise ArithmeticError("two is too much")
    return n


def endless(n: int) -> float:
    return float("inf") * n


def logged(n: int, log: str) -> int:
    """Leave a trace of every call, slowly enough to be killed between two."""
    with Path(log).open("a") as file:
        file.write(f"{n}\n")
    time.sleep(0.2)
    return n * n


def suicide(n: int, flag: str) -> int:
    """Kill the worker process once."""
    if n == 1 and not Path(flag).exists():
        Path(flag).touch()
        os._exit(1)
    return n
