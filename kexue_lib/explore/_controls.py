"""The reader's controls: sliders, choices and checkboxes."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from kexue_lib.explore._labels import label_json

STEPS = 200
"""Positions that a slider has, about, unless ``step`` says otherwise."""
MAX_STEPS = 2000


def number(value: Any, name: str) -> float:
    """Return ``value`` as a finite float.

    Raises:
        TypeError: It is not a real number.
        ValueError: It is infinite or NaN.
    """
    try:
        result = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a number, got {value!r}") from None
    if not math.isfinite(result):
        raise ValueError(f"{name} must be finite, got {value!r}")
    return result


@dataclass(frozen=True)
class Control:
    """One parameter the reader can change; made by :func:`slider` etc.

    Attributes:
        symbol: The SymPy symbol it sets.
        kind: ``"float"``, ``"int"``, ``"choice"`` or ``"checkbox"``.
        label: Label, text with ``$...$``.
        low: Least value.
        high: Greatest value.
        default: Value at the start.
        step: Distance of neighbouring positions; for a logarithmic slider
            in decades.
        log: Whether positions are equally spaced in the logarithm.
        options: Label and value of each option of a choice.
        shared: Whether it moves with the page's other shared controls of
            its symbol.
    """

    symbol: sp.Symbol
    kind: str
    label: str
    low: float
    high: float
    default: float
    step: float = 1.0
    log: bool = False
    options: tuple[tuple[str, float], ...] = ()
    shared: bool = False

    @property
    def key(self) -> str:
        """Name in the page's address: ASCII, from the symbol's name."""
        text = "".join(
            char if char.isascii() else _spelled(char)
            for char in self.symbol.name
        )
        return re.sub(r"\W+", "_", text, flags=re.A).strip("_")

    @property
    def decimals(self) -> int:
        """Decimals that a position of a linear slider needs."""
        return next(
            d
            for d in range(17)
            if all(
                math.isclose(round(v, d), v, rel_tol=0, abs_tol=1e-12)
                for v in (self.low, self.step)
            )
            or d == 16
        )

    @property
    def positions(self) -> int:
        """Number of steps from one end to the other."""
        if self.log:
            span = math.log10(self.high) - math.log10(self.low)
        else:
            span = self.high - self.low
        return max(1, math.ceil(span / self.step - 1e-9))

    def value_at(self, position: int) -> float:
        """Return the value at a position; the ends are exact."""
        if position <= 0:
            return self.low
        if position >= self.positions:
            return self.high
        if self.log:
            ratio = position / self.positions
            value = self.low * (self.high / self.low) ** ratio
            rounded = round(value) if self.kind == "int" else _three(value)
            return min(max(rounded, self.low), self.high)
        return round(self.low + position * self.step, self.decimals)

    def allows(self, value: Any, name: str) -> float:
        """Return ``value`` as a float if the control can take it.

        Raises:
            TypeError: It is not a number.
            ValueError: It is out of range, not an integer, or no option.
        """
        result = number(value, name)
        if self.kind in ("choice", "checkbox"):
            allowed = [v for _, v in self.options] or [0.0, 1.0]
            if result not in allowed:
                raise ValueError(
                    f"{name} must be one of {allowed}, got {value}"
                )
        elif not self.low <= result <= self.high:
            raise ValueError(
                f"{name} must be in [{self.low:g}, {self.high:g}], got {value}"
            )
        elif self.kind == "int" and result != int(result):
            raise ValueError(f"{name} must be an integer, got {value}")
        return result

    def to_json(self) -> dict[str, Any]:
        """Return the control as the specification stores it."""
        spec: dict[str, Any] = {
            "key": self.key,
            "symbol": sp.srepr(self.symbol),
            "kind": self.kind,
            "label": label_json(self.label),
            "default": tidy(self.default),
        }
        if self.shared:
            spec["shared"] = True
        if self.kind == "choice":
            spec["options"] = [
                {"label": label_json(text), "value": tidy(value)}
                for text, value in self.options
            ]
        elif self.kind != "checkbox":
            spec |= {
                "low": tidy(self.low),
                "high": tidy(self.high),
                "positions": self.positions,
                "step": tidy(self.step),
                "decimals": self.decimals,
                "log": self.log,
            }
        return spec


def _spelled(char: str) -> str:
    """Return a letter's name: ``beta`` for β."""
    return unicodedata.name(char, "_").rsplit(" ", 1)[-1].lower()


def _three(value: float) -> float:
    return float(f"{value:.3g}")


def tidy(value: float) -> float | int:
    """Return an integral float as an int, so that JSON reads ``2``."""
    return int(value) if value == int(value) else value


def _label(symbol: Any, label: str | None) -> str:
    if not isinstance(symbol, sp.Symbol):
        raise TypeError(f"a control needs a SymPy symbol, got {symbol!r}")
    if label is None:
        return f"${sp.latex(symbol)}$"
    if not isinstance(label, str):
        raise TypeError(f"label of {symbol} must be text, got {label!r}")
    return label


def slider(
    symbol: sp.Symbol,
    low: Any,
    high: Any,
    default: Any = None,
    *,
    label: str | None = None,
    step: Any = None,
    log: bool = False,
    shared: bool = False,
) -> Control:
    """A slider: integer if the symbol is declared ``integer=True``.

    Args:
        symbol: The symbol it sets.
        low: Least value.
        high: Greatest value.
        default: Value at the start; the middle if not given.
        label: Label, text with ``$...$``; the symbol itself if not given.
        step: Distance of neighbouring positions; about 200 positions if not
            given. Not for a logarithmic slider.
        log: Equally spaced in the logarithm; three significant digits.
        shared: Whether it moves together with the shared control of the
            same symbol of another explorer of the page.

    Returns:
        The control, for ``explore(sliders=[...])``.

    Raises:
        TypeError: ``symbol`` is not a symbol, or a number is not a number.
        ValueError: ``low >= high``, ``default`` outside, ``log`` through 0,
            an integer slider with ends that are not integers, a step that
            is not positive or gives more than 2000 positions.
    """
    text = _label(symbol, label)
    a, b = number(low, f"low of {symbol}"), number(high, f"high of {symbol}")
    if a >= b:
        raise ValueError(
            f"slider {symbol}: low={low} must be below high={high}"
        )
    if log and a <= 0:
        raise ValueError(
            f"slider {symbol}: a logarithmic slider needs low > 0, got {low}"
        )
    whole = bool(symbol.is_integer)
    if whole and (a != int(a) or b != int(b)):
        raise ValueError(
            f"slider {symbol}: {symbol} is an integer, low={low} or "
            f"high={high} is not"
        )
    if step is None:
        size = _default_step(a, b, whole, log)
    elif log:
        raise ValueError(f"slider {symbol}: step cannot go with log=True")
    else:
        size = number(step, f"step of {symbol}")
        if size <= 0 or (whole and size != int(size)):
            raise ValueError(
                f"slider {symbol}: step must be positive"
                f"{' and an integer' if whole else ''}, got {step}"
            )
    control = Control(
        symbol, "int" if whole else "float", text, a, b, a, size, log
    )
    if control.positions > MAX_STEPS:
        raise ValueError(
            f"slider {symbol}: step={step} gives {control.positions} "
            f"positions; at most {MAX_STEPS} are allowed"
        )
    if default is None:
        start = control.value_at(control.positions // 2)
    else:
        start = control.allows(default, f"default of {symbol}")
    return replace(control, default=start, shared=shared)


def _default_step(low: float, high: float, whole: bool, log: bool) -> float:
    """Return a round step with about :data:`STEPS` positions."""
    if log:
        return (math.log10(high) - math.log10(low)) / STEPS
    raw = (high - low) / STEPS
    if whole and raw <= 1:
        return 1.0
    power = 10.0 ** math.floor(math.log10(raw))
    factor = next(f for f in (1, 2, 5, 10) if f * power >= raw * 0.999)
    return float(f"{factor * power:.1g}")


def choice(
    symbol: sp.Symbol,
    options: Mapping[str, Any],
    default: Any = None,
    *,
    label: str | None = None,
    shared: bool = False,
) -> Control:
    """A choice between named values.

    Args:
        symbol: The symbol it sets.
        options: Label to value, at least two; values differ.
        default: Value at the start; the first option's if not given.
        label: Label, text with ``$...$``; the symbol itself if not given.
        shared: Whether it moves together with the shared control of the
            same symbol of another explorer of the page.

    Returns:
        The control.

    Raises:
        TypeError: ``symbol`` is not a symbol or a value is not a number.
        ValueError: Fewer than two options, equal values, or a default that
            is no option.
    """
    text = _label(symbol, label)
    pairs = tuple(
        (str(name), number(value, f"option {name!r} of {symbol}"))
        for name, value in options.items()
    )
    values = [value for _, value in pairs]
    if len(pairs) < 2 or len(set(values)) < len(values):
        raise ValueError(
            f"choice {symbol}: two or more options with different values "
            f"are needed, got {dict(options)}"
        )
    control = Control(
        symbol, "choice", text, min(values), max(values), values[0],
        options=pairs, shared=shared,
    )  # fmt: skip
    if default is None:
        return control
    start = control.allows(default, f"default of {symbol}")
    return replace(control, default=start)


def checkbox(
    symbol: sp.Symbol,
    default: bool = False,
    *,
    label: str | None = None,
    shared: bool = False,
) -> Control:
    """A checkbox: the symbol is 1 if it is ticked, 0 if not.

    Args:
        symbol: The symbol it sets.
        default: Whether it is ticked at the start.
        label: Label, text with ``$...$``; the symbol itself if not given.
        shared: Whether it moves together with the shared control of the
            same symbol of another explorer of the page.

    Returns:
        The control.

    Raises:
        TypeError: ``symbol`` is not a symbol or ``default`` is not a bool.
    """
    text = _label(symbol, label)
    if not isinstance(default, bool):
        raise TypeError(
            f"default of {symbol} must be True or False, got {default!r}"
        )
    return Control(
        symbol, "checkbox", text, 0.0, 1.0, float(default), shared=shared
    )


def check_controls(controls: list[Control]) -> None:
    """Refuse two controls that share a symbol or an address key.

    Raises:
        ValueError: Two controls have one name.
    """
    seen: dict[str, Control] = {}
    for control in controls:
        if not control.key or not control.key.isascii():
            raise ValueError(
                f"sliders: {control.symbol} needs a name with a letter or "
                "digit"
            )
        if control.key in seen:
            raise ValueError(
                f"sliders: two of one name, {seen[control.key].symbol} and "
                f"{control.symbol}"
            )
        seen[control.key] = control
