"""The gate for generated code: numbers, operators, listed functions."""

from __future__ import annotations

import re

MATH = frozenset(
    {"abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh"}
    | {"ceil", "cos", "cosh", "exp", "floor", "log", "max", "min", "pow"}
    | {"sign", "sin", "sinh", "sqrt", "tan", "tanh"}
)
"""Members of JavaScript's ``Math`` that formulas may use."""

LIBRARY = frozenset(
    {
        "besselj",
        "binomial",
        "bound",
        "chebyshevt",
        "chebyshevu",
        "digamma",
        "erf",
    }
    | {"erfc", "erfinv", "gamma", "hermite", "jn", "laguerre", "legendre"}
    | {"loggamma", "table"}
)
"""Members of the component's library ``K`` that formulas may use."""

_WORDS = {"const", "for", "let", "return", "true", "false"}
_WORDS |= {"NaN", "Infinity"}
_OWN_NAME = re.compile(r"[anst]\d+|T\d+")
_MEMBER = re.compile(
    rf"Math\.(?:{'|'.join(sorted(MATH))})|K\.(?:{'|'.join(sorted(LIBRARY))})"
)
_TOKEN = re.compile(
    r"\s+"
    r"|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
    r"|(?P<name>[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)"
    r"|=>|[-+*/%]=?|[<>!=]=?=?|&&|\|\||[?:;,(){}]"
)


def check_arithmetic(code: str) -> None:
    """Refuse code that could do anything but arithmetic.

    The code is read token by token: numbers, operators, the names that
    the printer makes, ``Math`` and library functions from fixed lists.
    There are no strings, no brackets, no other names and no other members,
    so nothing of the page can be reached.

    Args:
        code: JavaScript source, as ``to_js`` prints it.

    Raises:
        ValueError: A token is not of that kind.
    """
    position = 0
    while position < len(code):
        match = _TOKEN.match(code, position)
        if match is None:
            raise ValueError(
                f"not arithmetic: {code[position : position + 20]!r} "
                f"at {position}"
            )
        name = match["name"]
        if name is not None and not (
            name in _WORDS
            or _OWN_NAME.fullmatch(name)
            or _MEMBER.fullmatch(name)
        ):
            raise ValueError(f"not arithmetic: name {name!r} at {position}")
        position = match.end()
