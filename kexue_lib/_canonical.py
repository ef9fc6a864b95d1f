"""One spelling of JSON data, and its digest: a claim's, for its controls.

The engine writes it, the book reads it; both import only this.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any


def digest(data: Any) -> str:
    """Hash JSON data, whatever the order of its keys."""
    text = json.dumps(
        data, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
