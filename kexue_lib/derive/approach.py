"""Where a limit is taken: a symbol, a point, a side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from kexue_lib.derive.printing import to_latex, to_text


@dataclass(frozen=True)
class Approach:
    """``symbol -> point`` from one side, or from both.

    Attributes:
        symbol: what tends.
        point: where it tends to; ``oo`` and ``-oo`` are points.
        side: ``"+"`` from above, ``"-"`` from below, ``"+-"`` from both.
    """

    symbol: sp.Symbol
    point: Any
    side: str = "+-"

    @property
    def latex(self) -> str:
        """Such as ``x \\to 0^{+}``."""
        mark = "" if self._plain else f"^{{{self.side}}}"
        return f"{to_latex(self.symbol)} \\to {to_latex(self.point)}{mark}"

    @property
    def text(self) -> str:
        """Such as ``x -> 0+``."""
        mark = "" if self._plain else self.side
        return f"{to_text(self.symbol)} -> {to_text(self.point)}{mark}"

    @property
    def _plain(self) -> bool:
        return self.side == "+-" or self.point in (sp.oo, -sp.oo)
