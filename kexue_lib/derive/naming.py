"""Named objects: display as a name, are checked as their meaning.

``v = chapter.let("v", n, sqrt(2*n + 1))`` makes ``v(k)`` print as
``v_{k}``, while every check sees ``sqrt(2*k + 1)``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp
from sympy.core.function import FunctionClass
from sympy.matrices.expressions.matexpr import MatrixExpr

_GREEK = frozenset(
    """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi
    pi rho sigma tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi
    Sigma Upsilon Phi Psi Omega""".split()  # noqa: SIM905
)


def tex_name(name: str) -> str:
    """Return the LaTeX of a plain name (``mu`` becomes ``\\mu``)."""
    if name == "lamda":
        return r"\lambda"
    if name in _GREEK:
        return "\\" + name
    return name if len(name) == 1 else rf"\mathrm{{{name}}}"


def _place(
    tex: str, params: tuple[Any, ...], args: tuple[Any, ...], printer: Any
) -> str:
    """Integer parameters go below the name, the others into parentheses."""
    pairs = list(zip(params, args, strict=True))
    below = [a for p, a in pairs if p.is_integer]
    inside = [a for p, a in pairs if not p.is_integer]
    out = tex
    if below:
        shown = [printer._print(a) for a in below]
        plain = all(a.is_Symbol or a.is_Integer for a in below)
        several = any(a.is_Integer and abs(a) > 9 for a in below)
        gap = " " if plain and not several else ","
        out += "_{" + gap.join(shown) + "}"
    if inside:
        out += "(" + ", ".join(printer._print(a) for a in inside) + ")"
    return out


class Named(sp.Function):
    """Base of the functions that :meth:`Chapter.let` makes."""

    _params: tuple[sp.Symbol, ...]
    _body: sp.Expr
    _tex: str

    @classmethod
    def eval(cls, *args: sp.Expr) -> None:
        """Keep the name: never evaluate by itself."""

    def unfold(self) -> sp.Expr:
        """Return the meaning at these arguments."""
        return _instance(self._body, self._params, self.args)

    def _eval_derivative(self, s: sp.Symbol) -> sp.Expr:
        return self.unfold().diff(s)

    def _eval_evalf(self, prec: int) -> sp.Expr:
        return self.unfold()._eval_evalf(prec)

    def _eval_conjugate(self) -> sp.Expr:
        if self.unfold().is_extended_real:
            return self
        return None

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        out = _place(self._tex, self._params, self.args, printer)
        if exp is None:
            return out
        return (
            rf"{out}^{{{exp}}}"
            if "(" not in out
            else (rf"\left({out}\right)^{{{exp}}}")
        )


_FACTS = """commutative real complex extended_real positive negative
nonnegative nonpositive nonzero zero integer rational finite extended_positive
extended_negative extended_nonnegative extended_nonzero"""

for _fact in _FACTS.split():

    def _ask(self: Named, fact: str = _fact) -> bool | None:
        return getattr(self.unfold(), f"is_{fact}")

    setattr(Named, f"_eval_is_{_fact}", _ask)


class NamedMatrix(MatrixExpr):
    """Base of the matrices that :meth:`Chapter.let` makes."""

    _params: tuple[sp.Symbol, ...]
    _body: Any
    _tex: str

    def __new__(cls, *args: Any) -> NamedMatrix:
        """Take one argument per parameter (sizes, real parameters)."""
        if len(args) != len(cls._params):
            raise TypeError(
                f"{cls.__name__} takes {len(cls._params)} arguments, "
                f"got {len(args)}"
            )
        return super().__new__(cls, *map(sp.sympify, args))

    def unfold(self) -> Any:
        """Return the matrix expression at these arguments."""
        return _instance(self._body, self._params, self.args)

    @property
    def shape(self) -> tuple[sp.Expr, sp.Expr]:
        """Shape of the matrix, possibly symbolic."""
        return self.unfold().shape

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> sp.Expr:
        return self.unfold()[i, j]

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        # The size is in the text, not on every letter of a formula.
        inside = tuple(a for a in self.args if not a.is_integer)
        out = _place(self._tex, inside, inside, printer)
        return out if exp is None else rf"{out}^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        inside = ", ".join(printer._print(a) for a in self.args)
        return f"{type(self).__name__}({inside})"


def _instance(body: Any, params: tuple[Any, ...], args: Any) -> Any:
    """Substitute ``args`` for ``params``; bound names are never captured."""
    free = set().union(*(a.free_symbols for a in args)) if args else set()
    bound = _bound(body) & free
    if bound:
        body = body.xreplace({s: sp.Dummy(s.name, **_given(s)) for s in bound})
    return put(body, dict(zip(params, args, strict=True)))


def put(expr: Any, values: dict[Any, Any]) -> Any:
    """Substitute values for free symbols; bound ones are left alone."""
    if not values or not expr.free_symbols & values.keys():
        return expr
    slow = expr.has(sp.Derivative, sp.Subs)
    if not slow and not _bound(expr) & values.keys():
        return expr.xreplace(values)
    if isinstance(expr, sp.Derivative | sp.Subs):
        return expr.subs(values, simultaneous=True)
    own = set(getattr(expr, "bound_symbols", ()))
    inner = {s: v for s, v in values.items() if s not in own}
    return expr.func(*(put(a, inner) for a in expr.args))


@lru_cache(maxsize=4096)
def _bound(body: Any) -> set[sp.Symbol]:
    found: set[sp.Symbol] = set()
    for node in sp.preorder_traversal(body):
        found |= set(getattr(node, "bound_symbols", ()))
    return found


def _given(symbol: sp.Symbol) -> dict[str, bool]:
    return {k: v for k, v in symbol.assumptions0.items() if v is not None}


def named(
    name: str, params: tuple[sp.Symbol, ...], body: Any, tex: str | None
) -> type:
    """Make the class of the functions (or matrices) called ``name``."""
    base: Any = NamedMatrix if getattr(body, "is_Matrix", False) else Named
    space: dict[str, Any] = {
        "_params": params,
        "_body": body,
        "_tex": tex or tex_name(name),
        "__module__": __name__,
    }
    if base is NamedMatrix:
        maker: Any = type(base)
        return maker(name, (base,), space)
    space["nargs"] = len(params)
    return FunctionClass(name, (base,), space)


def meaning(name: Any) -> tuple[Any, ...]:
    """What a name stands for, and how it is printed."""
    return name._params, name._body, name._tex


def symbols_in(expr: Any) -> set[sp.Symbol]:
    """Return every symbol, free or bound, without placeholders of names.

    The direction of a ``Limit`` is a symbol to SymPy, not to a reader.
    """
    ready = unfold(expr)
    found = ready.atoms(sp.Symbol)
    directions = {limit.args[3] for limit in ready.atoms(sp.Limit)}
    return found - directions


def names_in(expr: Any) -> list[Any]:
    """Return the named objects in ``expr``, outermost meaning first."""
    seen: dict[Any, None] = {}
    queue = [expr]
    while queue:
        node = queue.pop(0)
        found = sorted(node.atoms(Named, NamedMatrix), key=sp.default_sort_key)
        for item in found:
            if type(item) not in seen:
                seen[type(item)] = None
                queue.append(item._body)
    return list(seen)


@lru_cache(maxsize=4096)
def unfold(expr: Any) -> Any:
    """Replace every named object in ``expr`` by its meaning.

    What was written unevaluated for the layout (``evaluate=False``,
    ``UnevaluatedExpr``, ``Determinant``) is evaluated; sums, integrals,
    derivatives and limits stay.
    """
    while True:
        found = expr.atoms(Named, NamedMatrix)
        if not found:
            return _evaluated(expr)
        expr = expr.xreplace({f: f.unfold() for f in found})


def _evaluated(expr: Any) -> Any:
    if not expr.args:
        return expr
    args = [_evaluated(a) for a in expr.args]
    if isinstance(expr, sp.UnevaluatedExpr):
        return args[0]
    if isinstance(expr, sp.Determinant) and isinstance(args[0], sp.MatrixBase):
        return args[0].det(method="berkowitz")
    if isinstance(expr, sp.Add | sp.Mul | sp.Pow) or any(
        a is not b for a, b in zip(args, expr.args, strict=True)
    ):
        made = expr.func(*args)
        return expr if made == expr else made
    return expr
