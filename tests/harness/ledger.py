"""What was green, and with which contents: a JSON file in `.cache/`.

A name (a test file, a chapter, the controls of a chapter) stands for what
passed, the digest beside it for all that it could read at the time. It is
green as long as the digest is the same. Never committed; losing it costs
time and nothing else.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path


class Ledger:
    """Names and the digests with which they were green.

    A file that cannot be read is named, put aside and counts as empty.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.green: dict[str, str] = {}
        if not path.exists():
            return
        try:
            green = json.loads(path.read_text("utf-8"))["green"]
            if not all(isinstance(v, str) for v in green.values()):
                raise TypeError("digests are strings")
            self.green = green
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            aside = path.with_suffix(".corrupt")
            os.replace(path, aside)
            print(
                f"ledger {path.name} is not readable ({error}): everything "
                f"counts as changed; the old file is {aside}",
                file=sys.stderr,
            )

    def knows(self, name: str, digest: str) -> bool:
        """Say whether this was green with this digest."""
        return self.green.get(name) == digest

    def record(self, passed: Mapping[str, str]) -> None:
        """Add what passed; written at once, as a whole or not at all."""
        self.green |= passed
        self.path.parent.mkdir(parents=True, exist_ok=True)
        scratch = self.path.with_suffix(".new")
        text = json.dumps({"green": self.green}, indent=1, sort_keys=True)
        scratch.write_text(text + "\n", encoding="utf-8")
        os.replace(scratch, self.path)
