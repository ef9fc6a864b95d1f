"""HTML elements as docutils nodes, and Markdown lines as inline nodes.

Every string that comes from a notebook passes through here as data: text is
escaped by the writer, never parsed as HTML.
"""

from __future__ import annotations

import re
from fractions import Fraction
from html.entities import html5
from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_INLINE = re.compile(
    r"\\(?P<escaped>[\\$*`])"
    r"|\$(?P<math>(?:\\.|[^$\\])+)\$"
    r"|`(?P<literal>[^`]+)`"
    r"|\*\*(?P<strong>.+?)\*\*(?!\*)"
    # A star within mathematics ends no emphasis: *by $p^*$*.
    r"|\*(?P<emphasis>(?!\s)(?:\$(?:\\.|[^$\\])+\$|[^*$])+(?<!\s))\*"
)
_COMMAND = re.compile(r"\\([A-Za-z]+|.)|[{}]")
# HTML's entities carry the names of most LaTeX symbols, but not of these.
_NAMES = {"sqrt": "√", "infty": "∞", "to": "→", "cdot": "·", "ldots": "…"}
_LAYOUT = {"left", "right", "mathrm", "mathbb", "text", "operatorname"}


class tag(nodes.General, nodes.TextElement):
    """An HTML element; other output formats see its children only."""


def make(name: str, *children: Any, cls: str = "", **attributes: Any) -> tag:
    """Return the HTML element ``name``.

    Args:
        name: Name of the element.
        children: Nodes; a string becomes text.
        cls: Class names, separated by blanks.
        attributes: HTML attributes; ``aria_label`` stands for
            ``aria-label``, ``id_`` for ``id``; None is left out.
    """
    node = tag("", name=name, classes=cls.split())
    for child in children:
        node += nodes.Text(child) if isinstance(child, str) else child
    node["html"] = {
        key.strip("_").replace("_", "-"): str(value)
        for key, value in attributes.items()
        if value is not None
    }
    return node


def _visit(self: Any, node: tag) -> None:
    self.body.append(self.starttag(node, node["name"], "", **node["html"]))


def _depart(self: Any, node: tag) -> None:
    self.body.append(f"</{node['name']}>")


def _pass(self: Any, node: tag) -> None:
    pass


def inline(text: str) -> list[nodes.Node]:
    """Return a Markdown line with $mathematics$ as inline nodes.

    Mathematics, ``**strong**``, ``*emphasis*``, code and backslash escapes
    are known; everything else, HTML above all, is text.
    """
    found: list[nodes.Node] = []
    at = 0
    for match in _INLINE.finditer(text):
        if match.start() > at:
            found.append(nodes.Text(text[at : match.start()]))
        at = match.end()
        inner = match[match.lastgroup or 0]
        if match.lastgroup == "escaped":
            found.append(nodes.Text(inner))
        elif match.lastgroup == "math":
            found.append(nodes.math("", readable(inner)))
        elif match.lastgroup == "literal":
            found.append(nodes.literal("", inner))
        elif match.lastgroup == "strong":
            found.append(nodes.strong("", "", *inline(inner)))
        else:
            found.append(nodes.emphasis("", "", *inline(inner)))
    if at < len(text):
        found.append(nodes.Text(text[at:]))
    return found


def plain(text: str) -> str:
    r"""Return a Markdown line as plain text, for tooltips and labels.

    ``$\lambda_n$`` becomes ``λ_n``.
    """

    def symbol(match: re.Match[str]) -> str:
        name = match[1]
        if name is None or name in _LAYOUT:
            return ""
        if not name.isalpha():
            return name if name in "$%&#_{}" else " "
        return _NAMES.get(name) or html5.get(f"{name};", name)

    def unmarked(match: re.Match[str]) -> str:
        inner = match[match.lastgroup or 0]
        if match.lastgroup == "math":
            return _COMMAND.sub(symbol, inner)
        if match.lastgroup in ("strong", "emphasis"):
            return plain(inner)
        return inner

    return _INLINE.sub(unmarked, text)


_QUOTIENT = re.compile(r"(?<!\d)(-? ?)\\frac\{(\d+)\}\{(\d+000)\}")
_ROUND = re.compile(r"(?<![\d.^_])([1-9](?:\d?[1-9])?)(0{5,})(?![\d.])")
_LONG = re.compile(r"(?<![\d.])\d{7,}(?![\d.])")


def _times_ten(digits: str, power: int, before: str = "") -> str:
    times = "" if digits == "1" else rf"{digits} \cdot "
    return f"{before}{times}10^{{{power}}}"


def readable(latex: str) -> str:
    r"""Return a formula with its powers of ten, and of two, as such.

    ``\frac{1}{20000000000}`` becomes ``5 \cdot 10^{-11}``: the same number,
    written as a person would. Only short ones: ``\frac{9446}{10^7}`` stays.
    """

    def quotient(match: re.Match[str]) -> str:
        value = Fraction(int(match[2]), int(match[3]))
        power = len(match[3]) + 3
        scaled = value * 10**power
        if scaled.denominator != 1:
            return match[0]
        digits = str(scaled.numerator).rstrip("0")
        power -= len(str(scaled.numerator)) - len(digits)
        if len(digits) > 2:
            return match[0]
        return _times_ten(digits, -power, match[1])

    def doubled(match: re.Match[str]) -> str:
        value = int(match[0])
        two = value & (value - 1) == 0
        return f"2^{{{value.bit_length() - 1}}}" if two else match[0]

    shown = _LONG.sub(doubled, _QUOTIENT.sub(quotient, latex))
    return _ROUND.sub(lambda m: _times_ten(m[1], len(m[2])), shown)


def display(latex: str, *classes: str) -> nodes.math_block:
    """Return a displayed formula.

    The delimiters are inside, for builders that know no mathematics.
    """
    text = rf"\[{readable(latex)}\]"
    return nodes.math_block(text, text, number=None, classes=list(classes))


def setup(app: Sphinx) -> None:
    """Register the element node with Sphinx."""
    nothing = (_pass, _pass)
    app.add_node(
        tag,
        html=(_visit, _depart),
        latex=nothing,
        text=nothing,
        man=nothing,
        texinfo=nothing,
    )
