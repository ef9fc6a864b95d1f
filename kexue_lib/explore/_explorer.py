"""From the author's call to a specification that every reader can use."""

from __future__ import annotations

import base64
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy as sp
from sympy.core.function import AppliedUndef

from kexue_lib.explore._bundle import MIME, SCHEMA
from kexue_lib.explore._controls import Control, check_controls, tidy
from kexue_lib.explore._js import compile_js, real_parts
from kexue_lib.explore._labels import label_json, plain, slug
from kexue_lib.explore._nodes import Grid, grid_of
from kexue_lib.explore._reference import (
    LoopTooLongError,
    evaluator,
    steps_taken,
)

CURVE_POINTS = 401
HEAT_POINTS = 61
MOST_POINTS = 2000
"""Most points of an integer axis or of an integer plane parameter."""
MOST_STEPS = 500_000
"""Most loop steps that one formula may take for one drawing."""
FORMULA_LENGTH = 120
"""A read-out shows its formula if its LaTeX is not longer than this."""

Values = Mapping[sp.Symbol, Any]


@dataclass(frozen=True)
class Formula:
    """A compiled expression.

    Attributes:
        expr: The author's expression, real-valued.
        inner: The symbols beyond the sliders': ``()``, ``(x,)``, ``(x, y)``.
        name: What it is called in messages.
    """

    expr: sp.Expr
    inner: tuple[sp.Symbol, ...]
    name: str


@dataclass(repr=False)
class Explorer:
    """What :func:`explore` returns: displays itself wherever it is shown.

    Attributes:
        controls: The reader's controls.
        formulas: The expressions, in the order of ``spec["functions"]``.
        spec: The specification: what the page, the notebook and nbval see.
    """

    controls: tuple[Control, ...]
    formulas: tuple[Formula, ...]
    spec: dict[str, Any]

    @property
    def defaults(self) -> dict[sp.Symbol, float]:
        """The controls' default values."""
        return {c.symbol: c.default for c in self.controls}

    def evaluate(
        self, index: int, values: Values, *inner: float
    ) -> float | None:
        """Evaluate formula ``index`` with mpmath.

        Args:
            index: Position in :attr:`formulas`.
            values: Value of each control; defaults where missing.
            *inner: The plotted variable(s), if the formula has any.

        Returns:
            The number, or None where the formula is undefined.
        """
        state = {**self.defaults, **values}
        sliders = [tidy(state[c.symbol]) for c in self.controls]
        return self._function(index)(*sliders, *map(tidy, inner))

    def _function(self, index: int) -> Any:
        cache = self.__dict__.setdefault("_functions", {})
        if index not in cache:
            formula = self.formulas[index]
            symbols = [c.symbol for c in self.controls]
            cache[index] = evaluator(formula.expr, [*symbols, *formula.inner])
        return cache[index]

    def end(self, end: Any, values: Values) -> float | None:
        """Return the end of a range: a number, a formula's value or None."""
        if isinstance(end, dict):
            return self.evaluate(end["f"], values)
        return end

    def nodes(self, axis: dict[str, Any], values: Values) -> list[float]:
        """Return the points of ``axis``, as the page's code chooses them.

        Raises:
            ValueError: The range is empty or has too many integers.
        """
        low, high = (self.end(axis[k], values) for k in ("low", "high"))
        shown = {str(s): v for s, v in values.items()}
        what = f"{axis['name']} range at {shown}"
        if low is None or high is None:
            raise ValueError(f"{what} is undefined")
        if axis["integer"]:
            first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
            if first > last:
                raise ValueError(f"{what} is empty: {low} to {high}")
            if last - first >= MOST_POINTS:
                raise ValueError(
                    f"{what}: {first} to {last}; at most {MOST_POINTS} "
                    "points are allowed"
                )
            return [float(k) for k in range(first, last + 1)]
        if low >= high:
            raise ValueError(f"{what} is empty: {low} to {high}")
        count = axis["points"]
        shares = [i / (count - 1) for i in range(count)]
        if axis.get("log"):
            if low <= 0:
                raise ValueError(f"{what}: a log axis needs low > 0")
            nodes = [low * (high / low) ** share for share in shares]
        else:
            nodes = [low + (high - low) * share for share in shares]
        nodes[-1] = high
        return nodes

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        from kexue_lib.explore._live import in_kernel, widget_view
        from kexue_lib.explore._still import still_png

        bundle = {
            "text/plain": str(self),
            MIME: self.spec,
            "image/png": base64.b64encode(still_png(self)).decode(),
        }
        if not in_kernel():
            return bundle, {}
        view, metadata = widget_view(self)
        return bundle | view, metadata

    def __repr__(self) -> str:
        """Return the description that is stored as ``text/plain``."""
        lines = [self.spec["title"]["text"]]
        for control in self.controls:
            name = plain(control.label)
            if control.kind == "choice":
                text = {v: t for t, v in control.options}
                options = " | ".join(plain(t) for t in text.values())
                shown = plain(text[control.default])
                lines.append(f"  {name} = {shown} in {options}")
            elif control.kind == "checkbox":
                lines.append(
                    f"  {name} = {'on' if control.default else 'off'}"
                )
            else:
                scale = ", logarithmic" if control.log else ""
                lines.append(
                    f"  {name} = {control.default:g} "
                    f"in [{control.low:g}, {control.high:g}]{scale}"
                )
        for readout in self.spec["readouts"]:
            value = self.evaluate(readout["f"], {})
            number = "undefined" if value is None else f"{value:.6g}"
            lines.append(f"  {readout['label']['text']}: {number}")
        for version in self.spec.get("wrong", ()):
            lines.append(f"  wrong: {version['label']['text']}")
        for table in self.spec["grids"]:
            shape = " x ".join(str(len(axis)) for axis in table["axes"])
            size = len(json.dumps(table))
            lines.append(f"  grid {table['name']}: {shape}, {size} bytes")
        return "\n".join(lines)


class _Builder:
    """Collects formulas while the author's call is read."""

    def __init__(self, controls: tuple[Control, ...]) -> None:
        self.symbols = [c.symbol for c in controls]
        self.formulas: list[Formula] = []
        self.codes: list[str] = []
        self.grids: list[Grid] = []

    def add(
        self, expr: Any, name: str, inner: tuple[sp.Symbol, ...] = ()
    ) -> int:
        """Compile an expression and return its number."""
        expr = _expression(expr, name)
        known = {*self.symbols, *inner}
        free = sorted(map(str, expr.free_symbols - known))
        if free:
            raise ValueError(
                f"{name}: no slider for {', '.join(free)} in {expr}"
            )
        real = _as_real(known)
        expr = real_parts(expr.xreplace(real), name)
        try:
            levels = [
                [real[s] for s in self.symbols],
                [real[s] for s in inner],
            ]
            code = compile_js(expr, levels, self.grids)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{name}: {error}") from None
        back = {new: old for old, new in real.items()}
        formula = Formula(expr.xreplace(back), inner, name)
        if formula in self.formulas:
            return self.formulas.index(formula)
        self.formulas.append(formula)
        self.codes.append(code)
        return len(self.formulas) - 1

    def end(self, value: Any, name: str) -> Any:
        """Return a range's end: None, a number, or a formula of sliders."""
        if value is None:
            return None
        expr = _expression(value, name)
        if expr.is_number:
            if not (expr.is_real and expr.is_finite):
                raise ValueError(f"{name} must be finite, got {value}")
            return tidy(float(expr))
        return {"f": self.add(expr, name)}


def _as_real(
    symbols: Iterable[sp.Symbol],
) -> dict[sp.Symbol, sp.Symbol]:
    """Return twins of the symbols that are declared real, as sliders are."""
    return {
        s: s if s.is_real else sp.Symbol(s.name, real=True) for s in symbols
    }


def _expression(value: Any, name: str) -> sp.Expr:
    try:
        expr = sp.sympify(value, strict=True)
    except sp.SympifyError:
        expr = None
    if not isinstance(expr, sp.Expr):
        raise TypeError(f"{name} must be a SymPy expression, got {value!r}")
    if expr.has(sp.nan, sp.zoo, sp.oo, -sp.oo) and expr.is_number:
        raise ValueError(f"{name} must be finite, got {expr}")
    return expr


def _axis(
    builder: _Builder, given: Any, name: str, points: int
) -> tuple[sp.Symbol | None, dict[str, Any]]:
    """Read ``(symbol, low, high[, label])`` or ``(low, high[, label])``."""
    if not isinstance(given, (tuple, list)):
        raise TypeError(
            f"{name} must be (symbol, low, high, label), got {given!r}"
        )
    parts = list(given)
    label = parts.pop() if parts and isinstance(parts[-1], str) else None
    symbol = parts.pop(0) if len(parts) == 3 else None
    if len(parts) != 2 or not isinstance(symbol, (sp.Symbol, type(None))):
        raise ValueError(
            f"{name} must be (symbol, low, high, label), got {given!r}"
        )
    if symbol in builder.symbols:
        raise ValueError(f"{name}: {symbol} is a slider's symbol")
    if label is None:
        label = f"${sp.latex(symbol)}$" if symbol is not None else ""
    low, high = (
        builder.end(part, f"{end} of {name}")
        for part, end in zip(parts, ("low", "high"), strict=True)
    )
    numbers = not isinstance(low, dict) and not isinstance(high, dict)
    if numbers and None not in (low, high) and low >= high:
        raise ValueError(f"{name}: low={low} must be below high={high}")
    return symbol, {
        "name": name,
        "label": label_json(label),
        "low": low,
        "high": high,
        "integer": bool(symbol is not None and symbol.is_integer),
        "points": points,
    }


def _named(given: Any, name: str) -> Mapping[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(
        isinstance(key, str) for key in given
    ):
        raise TypeError(f"{name} must be a dict of labels, got {given!r}")
    return given


def explore(
    title: str,
    *,
    sliders: Sequence[Control],
    x: Any,
    y: Any = None,
    curves: Mapping[str, Any] | None = None,
    stems: Mapping[str, Any] | None = None,
    bars: Mapping[str, Any] | None = None,
    bands: Mapping[str, Any] | None = None,
    plane: Mapping[str, Any] | None = None,
    heat: Any = None,
    marks: Mapping[str, Any] | None = None,
    readouts: Mapping[str, Any] | None = None,
    presets: Mapping[str, Values] | None = None,
    wrong: Mapping[str, Mapping[str, Any]] | None = None,
    log: str = "",
) -> Explorer:
    r"""Plot formulas that the reader can move, with or without a kernel.

    All labels are text with ``$...$`` mathematics. Wherever a number is
    asked for, an expression in the sliders' symbols is welcome.

    The text around it can set it. In the book the Markdown link ``[at
    $\beta=2$](#set:beta=2)`` is a button that sets the slider ``beta`` of
    the nearest explorer above that has one (below, if none has);
    ``#set:beta=2,N=8`` sets two. ``[flip the sign](#wrong:flip-the-sign)``
    shows the wrong version of that name. A name or value that no slider has
    stops the build; in a notebook such a link does nothing.

    Args:
        title: Name of the explorer; also its name in the page's address.
        sliders: The controls: :func:`slider`, :func:`choice`,
            :func:`checkbox`.
        x: ``(symbol, low, high, label)``. If the symbol is declared
            ``integer=True`` only integers are plotted. With ``plane`` there
            is no symbol: ``(low, high, label)``.
        y: ``(low, high, label)``; an end that is None is automatic. Or only
            a label.
        curves: Label to expression in x. A ``Piecewise`` without a last
            ``True`` is drawn where it has a value; any other place without
            a value is marked in the drawing.
        stems: Label to expression in x, a stem at each point (integer x).
        bars: Label to expression in x, a bar at each point (integer x).
        bands: Label to ``(lower, upper)``, two expressions in x.
        plane: Label to ``(z, (symbol, low, high))``: the points ``z`` of the
            complex plane, or a pair ``((x, y), (symbol, low, high))``; dots
            if the symbol is an integer, a path otherwise.
        heat: ``(expr, (symbol, low, high, label))`` or ``(expr, (...), (low,
            high))``: a heat map of ``expr`` in x and the vertical symbol,
            with a fixed range of colours.
        marks: Label to ``(x, y)``: a point; ``(x, None)``: a vertical line;
            ``(None, y)``: a horizontal one.
        readouts: Label to expression without x: a number below the plot.
        presets: Label to ``{symbol: value}``: buttons.
        wrong: Label to ``{label of a curve: expression}``: buttons that draw
            a wrong version beside the curve and say how far it is off.
        log: ``"x"``, ``"y"`` or ``"xy"``: logarithmic axes.

    Returns:
        An :class:`Explorer`; as the last line of a cell it shows itself.

    Raises:
        TypeError: An argument of the wrong kind, or a function that cannot
            be compiled; it is named.
        ValueError: A symbol without slider, two sliders of one name, an
            empty range, too many points, a formula that is complex, is
            nowhere defined, or loses its digits in double precision.
    """
    if not isinstance(title, str) or not title.strip():
        raise TypeError(f"title must be text, got {title!r}")
    controls = tuple(sliders)
    for control in controls:
        if not isinstance(control, Control):
            raise TypeError(
                "sliders must be made by slider, choice or checkbox, "
                f"got {control!r}"
            )
    if not controls:
        raise ValueError("sliders: at least one is needed")
    check_controls(list(controls))
    if log not in ("", "x", "y", "xy"):
        raise ValueError(f"log must be '', 'x', 'y' or 'xy', got {log!r}")
    builder = _Builder(controls)
    symbol, x_axis = _axis(builder, x, "x", CURVE_POINTS)
    x_axis["log"] = "x" in log
    if None in (x_axis["low"], x_axis["high"]):
        raise ValueError("x: both ends are needed")
    layers = [
        *_over_x(builder, symbol, "curve", curves),
        *_over_x(builder, symbol, "stem", stems),
        *_over_x(builder, symbol, "bar", bars),
        *_bands(builder, symbol, bands),
        *_plane(builder, plane),
    ]
    if symbol is not None and plane:
        raise ValueError(
            "plane: x has no symbol then, only (low, high, label)"
        )
    if heat is not None:
        if y is not None:
            raise ValueError("y: the heat map's own axis is the vertical one")
        layer, y_axis = _heat(builder, symbol, heat)
        layers.append(layer)
    else:
        y_axis = _y_axis(builder, y)
    y_axis["log"] = "y" in log
    if not layers:
        raise ValueError(
            "nothing to plot: give curves, stems, bars, bands, plane or heat"
        )
    layers += _marks(builder, marks)
    _colour_and_order(layers)
    versions = _wrong(builder, symbol, layers, wrong)
    spec = {
        "schema": SCHEMA,
        "id": f"explorer-{slug(plain(title))}",
        "title": label_json(title),
        "controls": [c.to_json() for c in controls],
        "presets": _presets(controls, presets),
        "x": x_axis,
        "y": y_axis,
        "layers": layers,
        "readouts": _readouts(builder, readouts),
        "grids": [_grid_json(table) for table in builder.grids],
        "functions": builder.codes,
        "formulas": [
            {
                "expr": sp.srepr(formula.expr),
                "inner": [sp.srepr(symbol) for symbol in formula.inner],
            }
            for formula in builder.formulas
        ],
    }
    if versions:
        spec["wrong"] = versions
    explorer = Explorer(controls, tuple(builder.formulas), spec)
    _probe(explorer)
    return explorer


_DRAWN_FIRST = ("heat", "band", "bar", "stem")
"""Kinds that lie below the others, lowest first."""


def _colour_and_order(layers: list[dict[str, Any]]) -> None:
    """Number the colours in the author's order, then sort for drawing."""
    coloured = [x for x in layers if x["kind"] not in ("mark", "heat")]
    for number, layer in enumerate(coloured):
        layer["colour"] = number
    layers.sort(
        key=lambda layer: (
            _DRAWN_FIRST.index(layer["kind"])
            if layer["kind"] in _DRAWN_FIRST
            else len(_DRAWN_FIRST)
        )
    )


def _over_x(
    builder: _Builder,
    symbol: sp.Symbol | None,
    kind: str,
    given: Mapping[str, Any] | None,
) -> Iterator[dict[str, Any]]:
    for label, expr in _named(given, f"{kind}s").items():
        name = f"{kind} {label!r}"
        if symbol is None:
            raise ValueError(f"{name}: x must be (symbol, low, high, label)")
        if kind in ("stem", "bar") and not symbol.is_integer:
            raise ValueError(
                f"{name}: declare {symbol} with integer=True for {kind}s"
            )
        number = builder.add(expr, name, (symbol,))
        layer = {"kind": kind, "label": label_json(label), "f": [number]}
        yield layer | _partial(expr)


def _partial(*exprs: Any) -> dict[str, bool]:
    """Say of a layer that it is meant for a part of the range only.

    That is what a ``Piecewise`` without a last ``True`` says; anywhere else
    a missing value is marked in the drawing.
    """
    for expr in map(sp.sympify, exprs):
        if isinstance(expr, sp.Piecewise) and expr.args[-1].cond != sp.true:
            return {"partial": True}
    return {}


def _bands(
    builder: _Builder,
    symbol: sp.Symbol | None,
    given: Mapping[str, Any] | None,
) -> Iterator[dict[str, Any]]:
    for label, pair in _named(given, "bands").items():
        name = f"band {label!r}"
        if symbol is None:
            raise ValueError(f"{name}: x must be (symbol, low, high, label)")
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise ValueError(f"{name} must be (lower, upper), got {pair!r}")
        numbers = [builder.add(expr, name, (symbol,)) for expr in pair]
        yield {"kind": "band", "label": label_json(label), "f": numbers}


def _plane(
    builder: _Builder, given: Mapping[str, Any] | None
) -> Iterator[dict[str, Any]]:
    for label, item in _named(given, "plane").items():
        name = f"plane {label!r}"
        if not isinstance(item, (tuple, list)) or len(item) != 2:
            raise ValueError(
                f"{name} must be (z, (symbol, low, high)), got {item!r}"
            )
        place, parameter = item
        symbol, axis = _axis(builder, parameter, name, CURVE_POINTS)
        if symbol is None or None in (axis["low"], axis["high"]):
            raise ValueError(
                f"{name}: (symbol, low, high) is needed, got {parameter!r}"
            )
        if isinstance(place, (tuple, list)):
            parts: Any = tuple(place)
        else:
            real = _as_real([*builder.symbols, symbol])
            back = {new: old for old, new in real.items()}
            split = _expression(place, name).xreplace(real).as_real_imag()
            parts = tuple(part.xreplace(back) for part in split)
        if len(parts) != 2:
            raise ValueError(f"{name}: a point has two coordinates")
        layer = {
            "kind": "points" if axis["integer"] else "path",
            "label": label_json(label),
            "f": [builder.add(part, name, (symbol,)) for part in parts],
            "over": axis,
        }
        yield layer | _partial(*parts)


def _heat(
    builder: _Builder, symbol: sp.Symbol | None, given: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    if symbol is None:
        raise ValueError("heat: x must be (symbol, low, high, label)")
    if not isinstance(given, (tuple, list)) or len(given) not in (2, 3):
        raise ValueError(
            "heat must be (expr, (symbol, low, high, label)) and perhaps "
            f"(low, high), got {given!r}"
        )
    other, axis = _axis(builder, given[1], "heat's vertical axis", HEAT_POINTS)
    if other is None or None in (axis["low"], axis["high"]):
        raise ValueError("heat: (symbol, low, high, label) is needed")
    low, high = given[2] if len(given) == 3 else (None, None)
    return {
        "kind": "heat",
        "label": label_json(""),
        "f": [builder.add(given[0], "heat", (symbol, other))],
        "points": HEAT_POINTS,
        "low": builder.end(low, "low colour of heat"),
        "high": builder.end(high, "high colour of heat"),
    }, axis


def _y_axis(builder: _Builder, given: Any) -> dict[str, Any]:
    if given is None or isinstance(given, str):
        given = (None, None, given or "")
    symbol, axis = _axis(builder, given, "y", 0)
    if symbol is not None:
        raise ValueError(f"y must be (low, high, label), got {given!r}")
    return axis


def _marks(
    builder: _Builder, given: Mapping[str, Any] | None
) -> Iterator[dict[str, Any]]:
    for label, place in _named(given, "marks").items():
        name = f"mark {label!r}"
        if not isinstance(place, (tuple, list)) or len(place) != 2:
            raise ValueError(f"{name} must be (x, y), got {place!r}")
        if place[0] is None and place[1] is None:
            raise ValueError(f"{name}: x, y or both are needed")
        numbers = [
            None if part is None else builder.add(part, name) for part in place
        ]
        yield {"kind": "mark", "label": label_json(label), "f": numbers}


def _readouts(
    builder: _Builder, given: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    readouts = []
    for label, expr in _named(given, "readouts").items():
        number = builder.add(expr, f"readout {label!r}")
        value = sp.sympify(expr)
        tex = sp.latex(value)
        # The name of a table tells a reader nothing.
        told = len(tex) <= FORMULA_LENGTH and not any(
            grid_of(call) for call in value.atoms(AppliedUndef)
        )
        readouts.append(
            {
                "label": label_json(label),
                "formula": tex if told else None,
                "f": number,
            }
        )
    return readouts


def _presets(
    controls: tuple[Control, ...], given: Mapping[str, Values] | None
) -> list[dict[str, Any]]:
    by_symbol = {c.symbol: c for c in controls}
    presets = []
    for label, values in _named(given, "presets").items():
        setting = {}
        for symbol, value in values.items():
            if symbol not in by_symbol:
                raise ValueError(f"preset {label!r}: no slider for {symbol}")
            control = by_symbol[symbol]
            name = f"preset {label!r}: {symbol}"
            setting[control.key] = tidy(control.allows(value, name))
        presets.append({"label": label_json(label), "values": setting})
    return presets


def _wrong(
    builder: _Builder,
    symbol: sp.Symbol | None,
    layers: list[dict[str, Any]],
    given: Mapping[str, Mapping[str, Any]] | None,
) -> list[dict[str, Any]]:
    curves = {
        layer["label"]["tex"]: number
        for number, layer in enumerate(layers)
        if layer["kind"] == "curve"
    }
    versions: list[dict[str, Any]] = []
    for label, changes in _named(given, "wrong").items():
        name = f"wrong {label!r}"
        drawn = []
        for curve, expr in _named(changes, name).items():
            if curve not in curves:
                raise ValueError(f"{name}: no curve {curve!r}")
            number = builder.add(expr, f"{name}, {curve!r}", (symbol,))
            [right] = layers[curves[curve]]["f"]
            if builder.formulas[number].expr == builder.formulas[right].expr:
                raise ValueError(f"{name}: that is the curve {curve!r} itself")
            drawn.append({"layer": curves[curve], "f": number})
        key = slug(plain(label))
        if not drawn or key in [version["key"] for version in versions]:
            why = "two of one name" if drawn else "no curve is given"
            raise ValueError(f"{name}: {why}")
        versions.append(
            {"key": key, "label": label_json(label), "curves": drawn}
        )
    return versions


def _grid_json(table: Grid) -> dict[str, Any]:
    return {
        "name": table.name,
        "axes": [[tidy(v) for v in axis] for axis in table.axes],
        "data": [None if math.isnan(v) else tidy(v) for v in table.data],
    }


def ends(controls: Sequence[Control]) -> Iterator[dict[sp.Symbol, float]]:
    """Yield the settings that a build tries: defaults, ends, corners.

    Each control's ends (each option of a choice) with the others at their
    defaults, then all corners together if there are at most 64.
    """
    defaults = {c.symbol: c.default for c in controls}
    yield dict(defaults)
    choices = [
        [value for _, value in c.options] or [c.low, c.high] for c in controls
    ]
    for control, options in zip(controls, choices, strict=True):
        for value in options:
            yield {**defaults, control.symbol: value}
    if math.prod(map(len, choices)) <= 64:
        for corner in itertools.product(*choices):
            yield {c.symbol: v for c, v in zip(controls, corner, strict=True)}


# Irrational shares of a range: a jump of the formula is hardly ever there.
_SHARES = tuple((k * 0.6180339887498949) % 1 for k in range(1, 6))


def _probe(explorer: Explorer) -> None:
    """Try the ends of all sliders, so that no position can crash.

    Raises:
        ValueError: A range is empty, a formula is undefined everywhere at
            the defaults, or loses its digits in double precision.
    """
    spec = explorer.spec
    for number, state in enumerate(ends(explorer.controls)):
        axes = {"x": spec["x"]}
        if any(layer["kind"] == "heat" for layer in spec["layers"]):
            axes["y"] = spec["y"]
        grids = {k: explorer.nodes(a, state) for k, a in axes.items()}
        for layer in spec["layers"]:
            nodes = grids
            if "over" in layer:
                nodes = {"x": explorer.nodes(layer["over"], state)}
            for index in layer["f"]:
                if index is not None:
                    _try(explorer, index, state, nodes, number == 0)
        for version in spec.get("wrong", ()):
            for curve in version["curves"]:
                _try(explorer, curve["f"], state, grids, number == 0)
        for readout in spec["readouts"]:
            _try(explorer, readout["f"], state, {}, number == 0)


def _try(
    explorer: Explorer,
    index: int,
    state: Values,
    nodes: Mapping[str, Sequence[float]],
    at_default: bool,
) -> None:
    formula = explorer.formulas[index]
    axes = list(nodes.values())[: len(formula.inner)]
    points = [
        tuple(
            axis[int(share * len(axis))]
            if symbol.is_integer
            else axis[0] + share * (axis[-1] - axis[0])
            for axis, symbol in zip(axes, formula.inner, strict=True)
        )
        for share in (_SHARES if formula.inner else _SHARES[:1])
    ]
    pairs = []
    count = math.prod(len(axis) for axis in axes)
    for point in points:
        before = steps_taken()
        with mpmath.workdps(15):
            try:
                rough = explorer.evaluate(index, state, *point)
            except LoopTooLongError as error:
                raise ValueError(f"{formula.name}: {error}") from None
        steps = (steps_taken() - before) * count
        if steps > MOST_STEPS:
            raise ValueError(
                f"{formula.name} takes {steps} loop steps for one drawing; "
                f"at most {MOST_STEPS} are allowed"
            )
        with mpmath.workdps(40):
            fine = explorer.evaluate(index, state, *point)
        pairs.append((rough, fine, point))
    fines = [abs(fine) for _, fine, _ in pairs if fine is not None]
    if not fines:
        if at_default:
            raise ValueError(
                f"{formula.name} is undefined at the defaults: {formula.expr}"
            )
        return
    for rough, fine, point in pairs:
        if rough is None or fine is None:
            continue
        if abs(rough - fine) > 1e-6 * max(fines):
            where = {str(s): v for s, v in state.items()}
            raise ValueError(
                f"{formula.name} loses its digits in double precision at "
                f"{where}, {point}: {rough:.6g} instead of {fine:.6g}; "
                "write it in a stabler form"
            )
