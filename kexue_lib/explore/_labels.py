r"""Labels: text with ``$...$`` mathematics, as data.

A label goes to the page as it is (KaTeX sets the mathematics) together with
a plain reading of it, for screen readers, for places without KaTeX and for
widgets' descriptions.
"""

from __future__ import annotations

import re
import unicodedata

_GREEK = frozenset(
    {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"}
    | {"iota", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "sigma"}
    | {"tau", "upsilon", "phi", "chi", "psi", "omega"}
)
_SYMBOLS = {
    "cdot": "·",
    "circ": "∘",
    "ell": "ℓ",
    "ge": "≥",
    "geq": "≥",
    "in": "∈",
    "infty": "∞",
    "int": "∫",
    "langle": "⟨",
    "le": "≤",
    "leq": "≤",
    "ln": "ln",
    "log": "log",
    "max": "max",
    "mid": "|",
    "min": "min",
    "ne": "≠",
    "neq": "≠",
    "partial": "∂",
    "pm": "±",
    "prod": "∏",
    "rangle": "⟩",
    "sqrt": "√",
    "sum": "∑",
    "times": "×",
    "to": "→",
    "varepsilon": "ε",
    "varphi": "φ",
    "vartheta": "ϑ",
    "approx": "≈",
    "cos": "cos",
    "sin": "sin",
    "exp": "exp",
    "quad": " ",
}
_SUPER = dict(zip("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", strict=True))
_SUB = dict(zip("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋", strict=True))


def _command(match: re.Match[str]) -> str:
    name = match[1]
    if name in _SYMBOLS:
        symbol = _SYMBOLS[name]
        return f" {symbol} " if symbol in "≥≤≠≈→∈|" else symbol
    lower = name[0].lower() + name[1:]
    if lower in _GREEK:
        case = "SMALL" if name[0].islower() else "CAPITAL"
        greek = "LAMDA" if lower == "lambda" else lower.upper()
        return unicodedata.lookup(f"GREEK {case} LETTER {greek}")
    return ""


def _script(mark: str, table: dict[str, str]) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(mark)}(?:\{{([^{{}}]*)\}}|([^\s{{}}\\]))")


def _math(tex: str) -> str:
    text = re.sub(
        r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"(\1)/(\2)", tex
    )
    text = re.sub(r"\\[,;:! ]", " ", text)
    text = re.sub(r"\\([A-Za-z]+)\s*", _command, text)
    for mark, table in (("^", _SUPER), ("_", _SUB)):

        def raise_or_lower(
            match: re.Match[str],
            mark: str = mark,
            table: dict[str, str] = table,
        ) -> str:
            body = match[1] if match[1] is not None else match[2]
            if all(char in table for char in body):
                return "".join(table[char] for char in body)
            return f"{mark}{body}" if len(body) == 1 else f"{mark}({body})"

        text = _script(mark, table).sub(raise_or_lower, text)
    return " ".join(re.sub(r"[{}\\]", "", text).split())


def plain(label: str) -> str:
    r"""Return ``label`` as plain text: ``$\beta^2$`` becomes ``β²``."""
    parts = re.split(r"(?<!\\)\$", label)
    if len(parts) % 2 == 0:  # a lone dollar sign is a dollar sign
        return label
    return "".join(
        _math(part) if i % 2 else part for i, part in enumerate(parts)
    )


def label_json(label: str) -> dict[str, str]:
    """Return the label as the specification stores it."""
    return {"tex": label, "text": plain(label)}


def slug(text: str) -> str:
    """Return ``text`` as a name for an address: ASCII letters and dashes."""
    ascii_text = (
        unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    )
    words = re.findall(r"[a-z0-9]+", ascii_text.lower())
    return "-".join(words)[:60].rstrip("-") or "explorer"
