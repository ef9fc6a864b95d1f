"""What an explorer has drawn, against SymPy, from the stored specification.

The page hands over what it shows; the numbers that it must show come from the
expressions in the notebook, evaluated by mpmath.
"""

from __future__ import annotations

import math
from typing import Any

import mpmath
import sympy as sp
from sympy.core.function import UndefinedFunction
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.functions.special.bessel import jn

from kexue_lib.explore._nodes import Grid, Iterate
from kexue_lib.explore._reference import evaluator

RELATIVE = 1e-9
ROUNDING = 1e-14
DIGITS = 40

# What the page has drawn. Of each column the page itself takes up to eleven
# values, both ends among them, with their places; from all of its values it
# makes the scale and says whether there are holes.
DRAWN = """x => {
  const last = 10, finite = Number.isFinite;
  const some = n => n <= last + 1 ? [...Array(n).keys()]
    : [...Array(last + 1).keys()].map(i => Math.round(i * (n - 1) / last));
  const column = (values, place) => ({
    scale: values.filter(finite).reduce((s, v) => Math.max(s, Math.abs(v)), 0),
    holes: !values.every(finite),
    taken: some(values.length).map(i => [values[i], ...place(i)]),
  });
  return {
    values: x.spec.controls.map(c => x.values[c.key]),
    readouts: x.data.readouts.map(v => column([v], () => [])),
    layers: x.data.layers.map(({x, y, z, over, columns}) => z
      ? [column([...z], i => [x[i % x.length], y[Math.floor(i / x.length)]])]
      : columns
      ? columns.map(c => column([...c], i => [over[i]]))
      : [x, y].map(v => column([v], () => []))),
    pressed: x.pressed,
    wrong: x.data.wrong.map(({columns: [c]}) =>
      column([...c], i => [x.data.x[i]])),
    curves: x.data.layers.map((layer, i) => !layer.z && !!layer.columns
      && !x.spec.layers[i].partial),
    nowhere: [...x.element.querySelectorAll('path')].map(
      p => p.getAttribute('d') ?? '').filter(d => /NaN|Infinity/.test(d)),
    gaps: [...x.element.querySelectorAll('.kx-gap')].filter(
      p => p.getAttribute('d')).length,
    note: !x.element.querySelector('.kx-note').hidden,
  };
}"""


class Oracle:
    """The formulas of one stored explorer, evaluated by mpmath."""

    DRAWN = DRAWN
    unmarked = staticmethod(lambda drawn: _unmarked(drawn))

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = spec
        names = {
            **vars(sp),
            "ExprCondPair": ExprCondPair,
            "jn": jn,
            "Iterate": Iterate,
            "Function": _functions(spec["grids"]),
        }

        def read(text: str) -> Any:
            return eval(text, {"__builtins__": {}}, names)

        controls = [read(control["symbol"]) for control in spec["controls"]]
        self.functions = []
        for formula in spec["formulas"]:
            inner = [read(symbol) for symbol in formula["inner"]]
            expr = read(formula["expr"])
            self.functions.append(evaluator(expr, [*controls, *inner]))

    def value(self, index: int, *arguments: float) -> float | None:
        with mpmath.workdps(DIGITS):
            return self.functions[index](*map(_exact, arguments))

    def agrees(
        self, drawn: float | None, scale: float, index: int, *arguments: float
    ) -> bool:
        """Whether the drawn number is the formula's, or at a jump one side's.

        In double precision a place exactly on a jump may fall on either
        side; then the value right beside it is accepted.
        """
        if _same(drawn, self.value(index, *arguments), scale):
            return True
        if len(arguments) == len(self.spec["controls"]):
            return False
        *settings, last = arguments
        nudge = 1e-12 * max(abs(last), 1e-3)
        return any(
            _same(drawn, self.value(index, *settings, last + side), scale)
            for side in (-nudge, nudge)
        )

    def compare(self, drawn: dict[str, Any]) -> list[str]:
        """Return what differs between the drawing and the formulas."""
        columns = list(
            zip(
                [readout["f"] for readout in self.spec["readouts"]],
                drawn["readouts"],
                strict=True,
            )
        )
        layers = zip(self.spec["layers"], drawn["layers"], strict=True)
        for layer, shown in layers:
            columns += zip(layer["f"], shown, strict=True)
        if drawn["pressed"] is not None:
            version = self.spec["wrong"][drawn["pressed"]]
            indices = [curve["f"] for curve in version["curves"]]
            columns += zip(indices, drawn["wrong"], strict=True)
        wrong = []
        for index, column in columns:
            if index is None:  # a mark that has only one coordinate
                continue
            for value, *place in column["taken"]:
                arguments = (*drawn["values"], *place)
                if not self.agrees(value, column["scale"], index, *arguments):
                    wrong.append(
                        f"formula {index} at {arguments}: drawn {value}, "
                        f"Python {self.value(index, *arguments)}"
                    )
        return wrong


def _finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _unmarked(drawn: dict[str, Any]) -> list[str]:
    """Return what is drawn without a place, or undefined without a mark."""
    found = list(drawn["nowhere"])
    holes = any(
        column["holes"]
        for layer, curve in zip(drawn["layers"], drawn["curves"], strict=True)
        if curve
        for column in layer
    )
    if holes and not (drawn["gaps"] and drawn["note"]):
        found.append("a curve has holes but no mark")
    return found


def _exact(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _same(drawn: float | None, python: float | None, scale: float) -> bool:
    """Equal to 1e-9, or where terms of size ``scale`` cancel, to rounding."""
    if not _finite(drawn) or python is None:
        return python is None and not _finite(drawn)
    return math.isclose(
        drawn, python, rel_tol=RELATIVE, abs_tol=ROUNDING * scale
    )


def _functions(tables: list[dict[str, Any]]) -> Any:
    made = {}
    for table in tables:
        data = tuple(math.nan if v is None else v for v in table["data"])
        axes = tuple(tuple(axis) for axis in table["axes"])
        made[table["name"]] = UndefinedFunction(
            table["name"],
            _imp_=staticmethod(Grid(table["name"], axes, data)),
        )
    return made.__getitem__
