"""Figures as small SVG that fits a notebook and a page: text and trees only.

matplotlib writes for every reader there ever was. ``compact`` keeps what
draws, with two decimals; the colours are those of a white page, so that the
stored picture is right in any notebook. ``themed`` makes of it what stands in
the book: colours that follow the theme, names that no other figure has.

Reads text only: neither matplotlib nor SymPy is imported.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

PALETTE = ("#2563a8", "#c2571a", "#2a7f62", "#8a4fa3", "#a8324a", "#7a6a1f")
"""Colours of curves on a white page, as in ``js/src/explorer.css``."""
LEGIBLE = 9.5
"""Height of the smallest type, in pixels, that a telephone must show."""

_SVG = "http://www.w3.org/2000/svg"
_TAGS = frozenset(
    {"clipPath", "defs", "desc", "g", "image", "marker", "path", "pattern"}
    | {"rect", "svg", "text", "tspan", "use"}
)
_ATTRIBUTES = frozenset(
    {"class", "clip-path", "clip-rule", "d", "fill", "fill-opacity"}
    | {"fill-rule", "font-family", "font-size", "font-style", "font-weight"}
    | {"height", "href", "id", "image-rendering", "marker-end", "marker-mid"}
    | {"marker-start", "markerUnits", "markerHeight", "markerWidth"}
    | {"opacity", "overflow", "patternUnits", "preserveAspectRatio", "role"}
    | {"aria-labelledby", "stroke", "stroke-dasharray", "stroke-dashoffset"}
    | {"stroke-linecap", "stroke-linejoin", "stroke-opacity"}
    | {"stroke-width", "text-anchor", "transform", "viewBox", "width", "x"}
    | {"y"}
)
# What matplotlib says although it goes without saying, or for print only.
_NEEDLESS = {
    "clip-rule": "nonzero",
    "fill-rule": "nonzero",
    "stroke-dashoffset": "0",
    "stroke-linejoin": "round",
    "stroke-width": "1",
    "text-anchor": "start",
    "transform": "",
}
_FONT = "DejaVu Sans, Verdana, sans-serif"
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e[-+]?\d+)?")
_NUMERIC = ("d", "x", "y", "width", "height", "transform", "viewBox")
_NO_TURN = re.compile(r"rotate\(-?0 [^)]*\)")
_HEX = re.compile(r"#[0-9a-f]{6}")
_NAME = re.compile(r"url\(#([\w-]+)\)")


class FigureError(ValueError):
    """A drawing that is no plain picture."""


# ---- from matplotlib to the notebook -------------------------------------


def compact(text: str, alt: str) -> str:
    """Return matplotlib's SVG as a small one that describes itself.

    Args:
        text: what ``savefig(format="svg")`` writes.
        alt: what the picture shows.

    Returns:
        One ``<svg>`` with ``role="img"``. Its names begin with a hash of the
        drawing, so that two figures of a page do not share one.
    """
    source = _tree(text)
    box = [float(v) for v in source.get("viewBox", "").split()]
    root = ET.Element("svg", {"viewBox": _rounded(source.get("viewBox", ""))})
    for side, points in (("width", box[2]), ("height", box[3])):
        root.set(side, _short(points * 4 / 3))
    root.set("stroke-linejoin", "round")
    root.set("font-family", _FONT)
    root.extend(_cleaned(source))
    _drop_idle_definitions(root)
    _gather_marks(root)
    page = next(e for e in root if e.tag == "path")
    page.attrib = {"class": "kx-page", "d": page.get("d", "")} | {
        "fill": page.get("fill", "#000000")
    }
    description = ET.Element("desc", {"id": "desc"})
    description.text = alt
    root.insert(0, description)
    _rename(root, _digest(root))
    root.set("role", "img")
    root.set("aria-labelledby", str(description.get("id")))
    return _written(root)


def _tree(text: str) -> ET.Element:
    root = ET.fromstring(text)
    for element in root.iter():
        element.tag = element.tag.rsplit("}", 1)[-1]
        for name in list(element.attrib):
            if name.startswith("{"):
                value = element.attrib.pop(name)
                element.set(name.rsplit("}", 1)[-1], value)
    return root


def _cleaned(parent: ET.Element) -> Iterator[ET.Element]:
    """Yield what is drawn below ``parent``, without empty groups."""
    for element in parent:
        if element.tag in ("metadata", "style"):
            continue
        _declare(element)
        inside = list(_cleaned(element))
        for child in list(element):
            element.remove(child)
        if element.tag == "g" and not set(element.attrib) - {"id"}:
            yield from inside
        elif element.tag != "defs" or inside:
            element.extend(inside)
            element.tail = None
            if inside:
                element.text = None
            yield element


def _declare(element: ET.Element) -> None:
    """Turn the style into attributes, which any page may override."""
    for part in element.attrib.pop("style", "").split(";"):
        name, colon, value = part.partition(":")
        if colon and not name.strip().startswith("-"):
            element.set(name.strip(), value.strip())
    element.attrib.pop("font-family", None)
    for name in _NUMERIC:
        if name in element.attrib:
            value = _NO_TURN.sub("", element.attrib[name])
            element.set(name, _rounded(value))
    for name, value in _NEEDLESS.items():
        if element.get(name) == value:
            del element.attrib[name]
    if "stroke-miterlimit" in element.attrib:
        del element.attrib["stroke-miterlimit"]
    if element.get("font-size", "").endswith("px"):
        element.set("font-size", element.attrib["font-size"][:-2])


def _short(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _rounded(text: str) -> str:
    """Round the numbers of a text; no blank where none is needed."""
    text = _NUMBER.sub(lambda m: _short(float(m[0])), " ".join(text.split()))
    return re.sub(r" ?([A-Za-z,()]) ?", r"\1", text).strip()


def _drop_idle_definitions(root: ET.Element) -> None:
    """Leave out marks without extent and names that nobody uses."""
    empty = {
        e.get("id")
        for e in root.iter("path")
        if e.get("id") and len(set(_NUMBER.findall(e.get("d", "")))) < 2
    }
    for parent in list(root.iter()):
        for child in list(parent):
            name = child.get("href", "")[1:] if child.tag == "use" else None
            if (name or child.get("id")) in empty:
                parent.remove(child)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in ("defs", "g") and not len(child):
                parent.remove(child)
    used = set(_references(root))
    for element in root.iter():
        if element.get("id") and element.get("id") not in used:
            del element.attrib["id"]


def _references(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        for value in element.attrib.values():
            yield from _NAME.findall(value)
        if element.get("href", "").startswith("#"):
            yield element.attrib["href"][1:]


def _gather_marks(root: ET.Element) -> None:
    """Draw equal marks of one curve as the markers of one line."""
    shapes = {e.get("id"): e for e in root.iter() if e.get("id")}
    for parent in list(root.iter()):
        runs: list[list[ET.Element]] = []
        for child in parent:
            if child.tag == "use" and runs and _alike(runs[-1][-1], child):
                runs[-1].append(child)
            else:
                runs.append([child])
        if all(len(run) == 1 for run in runs):
            continue
        for child in list(parent):
            parent.remove(child)
        for run in runs:
            if len(run) > 2:
                parent.extend(_line_of_marks(run, shapes))
            else:
                parent.extend(run)


def _alike(one: ET.Element, other: ET.Element) -> bool:
    place = ("x", "y")
    return one.tag == "use" and (
        {k: v for k, v in one.attrib.items() if k not in place}
        == {k: v for k, v in other.attrib.items() if k not in place}
    )


def _line_of_marks(
    run: list[ET.Element], shapes: dict[str | None, ET.Element]
) -> list[ET.Element]:
    first = run[0]
    shape = shapes[first.get("href", "")[1:]]
    look = {
        k: v for k, v in first.attrib.items() if k not in ("href", "x", "y")
    }
    digest = hashlib.sha256(repr(look).encode()).hexdigest()
    name = f"{shape.get('id')}-{digest[:4]}"
    places = [f"{e.get('x', '0')} {e.get('y', '0')}" for e in run]
    link = f"url(#{name})"
    line = ET.Element(
        "path",
        {"d": f"M{'L'.join(places)}", "fill": "none"}
        | {f"marker-{part}": link for part in ("start", "mid", "end")},
    )
    if name in shapes:
        return [line]
    marker = ET.Element(
        "marker",
        {"id": name, "markerUnits": "userSpaceOnUse", "overflow": "visible"},
    )
    drawn = ET.SubElement(marker, "path", {**shape.attrib, **look})
    del drawn.attrib["id"]
    shapes[name] = marker
    return [marker, line]


def _digest(root: ET.Element) -> str:
    return hashlib.sha256(ET.tostring(root)).hexdigest()[:6]


def _rename(root: ET.Element, prefix: str) -> None:
    """Give every name the prefix, in the order in which they stand."""
    names = [e.attrib["id"] for e in root.iter() if e.get("id")]
    new = {old: f"kx{prefix}-{number}" for number, old in enumerate(names)}
    for element in root.iter():
        for key, value in element.attrib.items():
            if key in ("id", "aria-labelledby"):
                element.set(key, new[value])
            elif key == "href" and value.startswith("#"):
                element.set(key, f"#{new[value[1:]]}")
            elif "url(#" in value:
                element.set(
                    key, _NAME.sub(lambda m: f"url(#{new[m[1]]})", value)
                )


def _written(root: ET.Element) -> str:
    root.set("xmlns", _SVG)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True)


# ---- from the notebook to the page ----------------------------------------


def themed(text: str, name: str) -> str:
    """Return a stored figure for a page of the book.

    Args:
        text: a figure as :func:`compact` writes it.
        name: what its names are to begin with, no other figure's on the page.

    Returns:
        The same drawing on no background. The palette has become the theme's
        variables, with the stored colour where there is none; greys are a
        share of the text's own colour.

    Raises:
        FigureError: an element, an attribute or a link that no figure has:
            the text is to stand in a page as it is.
    """
    try:
        root = _tree(text)
    except ET.ParseError as error:
        raise FigureError(f"a figure that is not XML: {error}") from None
    _check(root)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.get("class") == "kx-page":
                parent.remove(child)
    root.set("fill", "currentColor")
    root.attrib.pop("font-family", None)
    for element in root.iter():
        for key in ("fill", "stroke"):
            if key in element.attrib:
                element.set(
                    key, _HEX.sub(_themed_colour, element.get(key, ""))
                )
    _rename(root, name)
    root.set("style", f"min-width: {_least_width(root)}px")
    return _written(root)


def svg_size(text: str) -> tuple[int, int]:
    """Return width and height of a stored figure, in pixels."""
    root = ET.fromstring(text)
    width, height = (float(root.attrib[side]) for side in ("width", "height"))
    return round(width), round(height)


def _check(root: ET.Element) -> None:
    for element in root.iter():
        if element.tag not in _TAGS:
            raise FigureError(f"a figure with <{element.tag}>")
        for key, value in element.attrib.items():
            if key not in _ATTRIBUTES:
                raise FigureError(f"a figure with {key}={value[:40]!r}")
            if key == "href" and not value.startswith(
                ("#", "data:image/png;base64,")
            ):
                raise FigureError(f"a figure with a link to {value[:40]!r}")
            if "url(" in _NAME.sub("", value):
                raise FigureError(f"a figure with a link: {value[:40]!r}")


def _themed_colour(match: re.Match[str]) -> str:
    colour = match[0]
    if colour in PALETTE:
        return f"var(--kx-{PALETTE.index(colour) + 1}, {colour})"
    red, green, blue = (colour[at : at + 2] for at in (1, 3, 5))
    if not red == green == blue:
        return colour
    if colour == "#ffffff":
        return "var(--kx-page, #fff)"
    share = round(100 * (1 - int(red, 16) / 255))
    if share == 100:
        return "currentColor"
    return f"color-mix(in srgb, currentColor {share}%, transparent)"


def _least_width(root: ET.Element) -> int:
    """Return how wide it must be for its smallest type to be legible."""
    width = float(root.get("viewBox", "0 0 0 0").split()[2])
    sizes = [
        float(e.attrib["font-size"])
        for e in root.iter("text")
        if "font-size" in e.attrib
    ]
    return round(width * LEGIBLE / min(sizes)) if sizes else 0
