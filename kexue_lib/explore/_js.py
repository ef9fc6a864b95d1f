"""SymPy to JavaScript that can only do arithmetic.

The printer extends SymPy's own with loops, special functions and sharing of
common sub-expressions. Each sub-expression is computed in the outermost
place where its symbols are known: once per slider movement if it does not
depend on the plotted variable, outside a loop if it does not depend on the
loop's index.

Names in the output are made here (``a0``, ``t3``); a symbol's own name, which
an author chooses freely, never reaches the code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.functions.special.bessel import jn
from sympy.logic.boolalg import BooleanAtom
from sympy.printing.jscode import JavascriptCodePrinter
from sympy.printing.precedence import PRECEDENCE, precedence

from kexue_lib.explore._arithmetic import check_arithmetic
from kexue_lib.explore._nodes import Grid, Iterate, grid_of, is_whole

MATH_FUNCTIONS = {
    sp.Abs: "abs",
    sp.acos: "acos",
    sp.acosh: "acosh",
    sp.asin: "asin",
    sp.asinh: "asinh",
    sp.atan: "atan",
    sp.atan2: "atan2",
    sp.atanh: "atanh",
    sp.ceiling: "ceil",
    sp.cos: "cos",
    sp.cosh: "cosh",
    sp.exp: "exp",
    sp.floor: "floor",
    sp.log: "log",
    sp.Max: "max",
    sp.Min: "min",
    sp.sign: "sign",
    sp.sin: "sin",
    sp.sinh: "sinh",
    sp.tan: "tan",
    sp.tanh: "tanh",
}
"""SymPy functions that are functions of JavaScript's ``Math``."""

LIBRARY_FUNCTIONS = {
    sp.besselj: "besselj",
    sp.binomial: "binomial",
    sp.chebyshevt: "chebyshevt",
    sp.chebyshevu: "chebyshevu",
    sp.erf: "erf",
    sp.erfc: "erfc",
    sp.erfinv: "erfinv",
    sp.gamma: "gamma",
    sp.hermite: "hermite",
    jn: "jn",
    sp.laguerre: "laguerre",
    sp.legendre: "legendre",
    sp.loggamma: "loggamma",
    sp.polygamma: "digamma",  # of order 0 only
}
"""SymPy functions for which the bundle carries a library (``K``)."""

_REWRITTEN = (
    sp.acot,
    sp.acsc,
    sp.asec,
    sp.beta,
    sp.cot,
    sp.coth,
    sp.csc,
    sp.csch,
    sp.factorial,
    sp.ff,
    sp.frac,
    sp.harmonic,
    sp.Heaviside,
    sp.KroneckerDelta,
    sp.rf,
    sp.sec,
    sp.sech,
    sp.sinc,
)

_INTEGER_FIRST = {
    sp.besselj,
    sp.chebyshevt,
    sp.chebyshevu,
    sp.hermite,
    jn,
    sp.laguerre,
    sp.legendre,
}


_STRUCTURE = (
    sp.Add,
    sp.Mul,
    sp.Pow,
    sp.Symbol,
    sp.Number,
    sp.NumberSymbol,
    sp.Mod,
    sp.Piecewise,
    ExprCondPair,
    Relational,
    sp.And,
    sp.Or,
    sp.Not,
    sp.ITE,
    BooleanAtom,
    sp.Sum,
    sp.Product,
    Iterate,
    sp.Lambda,
    sp.Tuple,
)


class _Scope:
    """A block of code: its lines, and the symbols known from it on."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.lines: list[str] = []
        self.known: dict[sp.Basic, str] = {}


class _Printer(JavascriptCodePrinter):
    """Prints expressions, leaving shared parts and loops as statements."""

    def __init__(self, grids: list[Grid]) -> None:
        super().__init__({"precision": 17})
        self.grids = grids
        self.scopes: list[_Scope] = []
        self.home: dict[sp.Basic, int] = {}  # symbol -> depth of its scope
        self.uses: Counter[sp.Basic] = Counter()
        self.serial: Counter[str] = Counter()

    def fresh(self, prefix: str) -> str:
        """Return a name not used before."""
        self.serial[prefix] += 1
        return f"{prefix}{self.serial[prefix] - 1}"

    def open(self, names: dict[sp.Symbol, str]) -> _Scope:
        """Enter a scope in which ``names`` are known."""
        scope = _Scope(len(self.scopes))
        scope.known.update(names)
        for symbol in names:
            self.home[symbol] = scope.depth
        self.scopes.append(scope)
        return scope

    def close(self) -> list[str]:
        """Leave the innermost scope and return its lines."""
        return self.scopes.pop().lines

    def scope_of(self, expr: sp.Basic) -> _Scope:
        """Return the outermost scope in which ``expr`` can be computed."""
        depth = 0
        for symbol in expr.free_symbols:
            if symbol not in self.home:
                raise ValueError(f"free symbol {symbol} has no slider")
            depth = max(depth, self.home[symbol])
        return self.scopes[depth]

    def lookup(self, expr: sp.Basic) -> str | None:
        """Return the name under which ``expr`` is already known."""
        for scope in reversed(self.scopes):
            if expr in scope.known:
                return scope.known[expr]
        return None

    def _print(self, expr: Any, **kwargs: Any) -> str:
        if not isinstance(expr, sp.Basic) or expr.is_Number:
            return super()._print(expr, **kwargs)
        known = self.lookup(expr)
        if known is not None:
            return known
        if not isinstance(expr, sp.Expr) or expr.is_Atom:
            return super()._print(expr, **kwargs)
        scope = self.scope_of(expr)
        inner = scope.depth < len(self.scopes) - 1
        if isinstance(expr, (sp.Sum, sp.Product, Iterate)):
            return self.in_scope(scope, expr, self._loop)
        if inner or self.uses[expr] > 1:
            return self.in_scope(scope, expr, self._name)
        return super()._print(expr, **kwargs)

    def in_scope(self, scope: _Scope, expr: sp.Expr, emit: Any) -> str:
        """Run ``emit`` with ``scope`` as the innermost one."""
        deeper = self.scopes[scope.depth + 1 :]
        del self.scopes[scope.depth + 1 :]
        name = self.lookup(expr) or emit(expr)
        scope.known[expr] = name
        self.scopes.extend(deeper)
        return name

    def _name(self, expr: sp.Expr) -> str:
        value = super()._print(expr)
        if re.fullmatch(r"[\w.]+", value):
            return value
        name = self.fresh("t")
        self.scopes[-1].lines.append(f"const {name} = {value};")
        return name

    def _loop(self, expr: sp.Expr) -> str:
        if isinstance(expr, Iterate):
            return self._iterate(expr)
        if len(expr.limits) > 1:  # the last limit is the outermost loop
            body = expr.func(expr.function, *expr.limits[:-1])
        else:
            body = expr.function
        symbol, low, high = expr.limits[-1]
        first, last = self._bound(low), self._bound(high)
        adds = isinstance(expr, sp.Sum)
        start = "0" if adds else "1"
        for bound, text in ((low, first), (high, last)):
            if _can_fail(bound):  # then the result is NaN, not an empty loop
                start += f" + 0*{text}"
        total, index = self.fresh("s"), self.fresh("n")
        self.open({symbol: index})
        term = self._print(body)
        body_lines = self.close()
        self.scopes[-1].lines += [
            f"let {total} = {start};",
            f"for (let {index} = {first}; {index} <= {last}; {index} += 1) {{",
            *(f"  {line}" for line in body_lines),
            f"  {total} {'+=' if adds else '*='} {term};",
            "}",
        ]
        return total

    def _bound(self, bound: sp.Expr) -> str:
        """Print a loop's bound, by a name that is NaN if it is not sane."""
        text = self._print(bound)
        if not _can_fail(bound):
            return text
        name = self.fresh("t")
        self.scopes[-1].lines.append(f"const {name} = K.bound({text});")
        return name

    def _iterate(self, expr: Iterate) -> str:
        counter, *names = expr.step.signature
        starts = [self._print(value) for value in expr.start]
        count = self._bound(expr.times)
        if _can_fail(expr.times):
            starts = [f"{value} + 0*{count}" for value in starts]
        states = [self.fresh("s") for _ in names]
        index = self.fresh("n")
        self.open({counter: index, **dict(zip(names, states, strict=True))})
        # New values are all computed from the old state, then assigned.
        values = [self._print(value) for value in expr.step.expr]
        body_lines = self.close()
        fresh = [self.fresh("t") for _ in names]
        self.scopes[-1].lines += [
            *(f"let {s} = {v};" for s, v in zip(states, starts, strict=True)),
            f"for (let {index} = 0; {index} < {count}; {index} += 1) {{",
            *(f"  {line}" for line in body_lines),
            *(
                f"  const {t} = {v};"
                for t, v in zip(fresh, values, strict=True)
            ),
            *(f"  {s} = {t};" for s, t in zip(states, fresh, strict=True)),
            "}",
        ]
        for which, state in enumerate(states):
            same = Iterate(expr.step, expr.start, expr.times, which)
            self.scopes[-1].known[same] = state
        return states[expr.which]

    def _print_Integer(self, expr: sp.Integer) -> str:
        return self._number(int(expr))

    def _print_Rational(self, expr: sp.Rational) -> str:
        if max(abs(expr.p), expr.q) < 2**53:
            return f"{expr.p}/{expr.q}"
        return self._number(expr.p / expr.q)

    def _print_Float(self, expr: sp.Float) -> str:
        return self._number(float(expr))

    def _number(self, value: float) -> str:
        if isinstance(value, int) and abs(value) < 2**53:
            return str(value)
        try:
            return repr(float(value))
        except OverflowError:
            raise ValueError(
                f"number of {len(str(value))} digits does not fit a double"
            ) from None

    def _print_NumberSymbol(self, expr: sp.Expr) -> str:
        return repr(float(expr))

    _print_Pi = _print_Exp1 = _print_NumberSymbol
    _print_GoldenRatio = _print_EulerGamma = _print_NumberSymbol
    _print_Catalan = _print_TribonacciConstant = _print_NumberSymbol

    def _print_Infinity(self, expr: sp.Expr) -> str:
        return "Infinity"

    def _print_NegativeInfinity(self, expr: sp.Expr) -> str:
        return "-Infinity"

    def _print_NaN(self, expr: sp.Expr) -> str:
        return "NaN"

    def _print_BooleanTrue(self, expr: sp.Basic) -> str:
        return "true"

    def _print_BooleanFalse(self, expr: sp.Basic) -> str:
        return "false"

    def _print_Symbol(self, expr: sp.Symbol) -> str:
        raise ValueError(f"free symbol {expr} has no slider")

    _print_Dummy = _print_Symbol

    def _print_Pow(self, expr: sp.Pow) -> str:
        base, exponent = expr.base, expr.exp
        if exponent.is_negative and exponent.is_Number:
            under = self.parenthesize(base**-exponent, PRECEDENCE["Pow"])
            return f"1/{under}"
        if exponent == sp.S.Half:
            return f"Math.sqrt({self._print(base)})"
        if exponent.is_Integer and 2 <= exponent <= 4:
            factor = self._factor(base)
            return "*".join([factor] * int(exponent))
        return f"Math.pow({self._print(base)}, {self._print(exponent)})"

    def _factor(self, base: sp.Expr) -> str:
        """Return ``base`` as a name, so that repeating it costs nothing."""
        text = self._print(base)
        if re.fullmatch(r"\w+", text):
            return text
        return self.in_scope(self.scope_of(base), base, self._name)

    def parenthesize(
        self, item: sp.Expr, level: int, strict: bool = False
    ) -> str:
        """Print ``item``, in parentheses where it might bind too loosely."""
        text = self._print(item)
        tight = precedence(item) > level or re.fullmatch(r"[\w.]+", text)
        # A printed power may be a product or a quotient in JavaScript.
        is_call = re.fullmatch(r"(?:Math|K)\.\w+\([^()]*\)", text)
        if (tight and not item.is_Pow) or is_call or text.isalnum():
            return text
        return f"({text})"

    def _print_Mod(self, expr: sp.Expr) -> str:
        # As SymPy defines it: the sign of the divisor.
        a, b = (self._factor(arg) for arg in expr.args)
        return f"({a} - {b}*Math.floor({a}/{b}))"

    def _print_Piecewise(self, expr: sp.Piecewise) -> str:
        text = "NaN"  # where no branch applies the value is undefined
        for value, condition in reversed(expr.args):
            if condition == sp.true:
                text = self._print(value)
            else:
                text = (
                    f"({self._print(condition)} ? "
                    f"{self._print(value)} : {text})"
                )
        return f"({text})"

    def _print_ITE(self, expr: sp.Basic) -> str:
        test, yes, no = (self._print(arg) for arg in expr.args)
        return f"({test} ? {yes} : {no})"

    def _print_Relational(self, expr: sp.Basic) -> str:
        left, right = self._print(expr.lhs), self._print(expr.rhs)
        operator = {"==": "===", "!=": "!=="}.get(expr.rel_op, expr.rel_op)
        return f"({left}) {operator} ({right})"

    def _print_And(self, expr: sp.Basic) -> str:
        return self._joined(" && ", expr)

    def _print_Or(self, expr: sp.Basic) -> str:
        return self._joined(" || ", expr)

    def _joined(self, operator: str, expr: sp.Basic) -> str:
        args = sorted(expr.args, key=sp.default_sort_key)
        return operator.join(f"({self._print(arg)})" for arg in args)

    def _print_Not(self, expr: sp.Basic) -> str:
        return f"!({self._print(expr.args[0])})"

    def _print_Function(self, expr: sp.Function) -> str:
        table = grid_of(expr)
        if table is not None:
            if table not in self.grids:
                self.grids.append(table)
            number = self.grids.index(table)
            call = f"K.table(T{number}, "
        elif expr.func in MATH_FUNCTIONS:
            call = f"Math.{MATH_FUNCTIONS[expr.func]}("
        else:
            call = f"K.{LIBRARY_FUNCTIONS[expr.func]}("
        args = expr.args[isinstance(expr, sp.polygamma) :]
        return call + ", ".join(self._print(arg) for arg in args) + ")"

    _print_Max = _print_Min = _print_Function
    _print_Abs = _print_sign = _print_Function


def _can_fail(bound: sp.Expr) -> bool:
    """Whether a loop's bound may be infinite or undefined somewhere."""
    return bool(bound.atoms(sp.Function, sp.Pow))


def _check_kinds(expr: sp.Expr) -> None:
    """Refuse, by name, what the printer does not know."""
    for node in sp.preorder_traversal(expr):
        kind = node.func
        name = getattr(kind, "__name__", str(kind))
        if not (
            isinstance(node, _STRUCTURE)
            or kind in MATH_FUNCTIONS
            or kind in LIBRARY_FUNCTIONS
            or grid_of(node)
        ):
            raise TypeError(f"{name} cannot be compiled to JavaScript: {node}")
        if kind in _INTEGER_FIRST and not node.args[0].is_integer:
            raise TypeError(
                f"{name} compiles only for an integer first argument, "
                f"got {node.args[0]}"
            )
        if kind is sp.polygamma and node.args[0] != 0:
            raise TypeError(
                f"polygamma compiles only for order 0, got {node.args[0]}"
            )


def _rewritten(expr: sp.Expr) -> sp.Expr:
    """Rewrite functions that JavaScript lacks by ones that it has."""

    def rule(node: sp.Expr) -> sp.Expr:
        x = node.args[0]
        match node:
            case sp.factorial():
                return sp.gamma(x + 1)
            case sp.beta():
                y = node.args[1]
                return sp.exp(
                    sp.loggamma(x) + sp.loggamma(y) - sp.loggamma(x + y)
                )
            case sp.rf():
                return sp.gamma(x + node.args[1]) / sp.gamma(x)
            case sp.ff():
                return sp.gamma(x + 1) / sp.gamma(x - node.args[1] + 1)
            case sp.harmonic():
                return sp.digamma(x + 1) + sp.EulerGamma
            case sp.frac():
                return x - sp.floor(x)
            case sp.sinc():
                return sp.Piecewise((sp.sin(x) / x, sp.Ne(x, 0)), (1, True))
            case sp.Heaviside() | sp.KroneckerDelta():
                return node.rewrite(sp.Piecewise)
            case sp.sec() | sp.csc():
                other = sp.cos(x) if isinstance(node, sp.sec) else sp.sin(x)
                return 1 / other
            case sp.sech() | sp.csch():
                other = sp.cosh(x) if isinstance(node, sp.sech) else sp.sinh(x)
                return 1 / other
            case sp.cot():
                return 1 / sp.tan(x)
            case sp.coth():
                return 1 / sp.tanh(x)
            case sp.acot():
                return sp.atan(1 / x)
            case sp.asec():
                return sp.acos(1 / x)
            case _:
                return sp.asin(1 / x)

    def one_argument_harmonic(node: sp.Basic) -> bool:
        if isinstance(node, sp.harmonic) and len(node.args) > 1:
            raise TypeError(
                f"harmonic of order {node.args[1]} cannot be compiled"
            )
        return isinstance(node, _REWRITTEN)

    return expr.replace(one_argument_harmonic, rule)


def _check_loops(expr: sp.Expr) -> None:
    for node in expr.atoms(sp.Sum, sp.Product):
        for symbol, low, high in node.limits:
            for bound in (low, high):
                if not is_whole(bound):
                    raise ValueError(
                        f"{node}: limit {bound} of {symbol} must be known "
                        "to be a finite integer; declare its symbols with "
                        "integer=True or use floor(...)"
                    )


def _unique_bound(expr: sp.Expr) -> sp.Expr:
    """Give the index of every loop a symbol of its own."""
    serial = Counter[str]()

    def rename(node: sp.Expr) -> sp.Expr:
        if isinstance(node, Iterate):
            signature = node.step.signature
            fresh = [_bound(serial, s) for s in signature]
            body = node.step.expr.xreplace(
                dict(zip(signature, fresh, strict=True))
            )
            return Iterate(sp.Lambda(tuple(fresh), body), *node.args[1:])
        swap = {lim[0]: _bound(serial, lim[0]) for lim in node.limits}
        limits = [
            sp.Tuple(swap[s], low.xreplace(swap), high.xreplace(swap))
            for s, low, high in node.limits
        ]
        return node.func(node.function.xreplace(swap), *limits)

    done: dict[sp.Basic, sp.Basic] = {}

    def walk(node: sp.Basic) -> sp.Basic:
        if not node.args or not node.has(sp.Sum, sp.Product, Iterate):
            return node
        if node not in done:
            new = node.func(*(walk(arg) for arg in node.args))
            if isinstance(new, (sp.Sum, sp.Product, Iterate)):
                new = rename(new)
            done[node] = new
        return done[node]

    return walk(expr)


def _bound(serial: Counter[str], like: sp.Symbol) -> sp.Symbol:
    serial["n"] += 1
    return sp.Symbol(f"_n{serial['n']}", **like.assumptions0)


def real_parts(expr: Any, name: str) -> sp.Expr:
    """Return ``expr`` with ``re``, ``im`` and ``I`` worked out.

    Args:
        expr: An expression whose symbols are all real.
        name: What it is called in messages.

    Raises:
        ValueError: It is complex, or its parts cannot be separated.
    """
    expr = sp.sympify(expr)
    if not expr.has(sp.I, sp.re, sp.im, sp.arg, sp.conjugate):
        return expr

    def absolute(node: sp.Expr) -> sp.Expr:
        real, imaginary = node.args[0].as_real_imag()
        if isinstance(node, sp.arg):
            return sp.atan2(imaginary, real)
        return sp.sqrt(real**2 + imaginary**2)

    expr = expr.replace(
        lambda node: isinstance(node, (sp.Abs, sp.arg)) and node.has(sp.I),
        absolute,
    )
    real, imaginary = expr.as_real_imag()
    if imaginary != 0 and sp.simplify(imaginary) != 0:
        raise ValueError(
            f"{name} is complex-valued: {expr}; plot re(...), im(...) or "
            "Abs(...), or put it in plane=..."
        )
    if real.has(sp.I, sp.re, sp.im, sp.arg, sp.conjugate):
        raise ValueError(
            f"{name}: real and imaginary part cannot be separated: {real}"
        )
    return real


def compile_js(
    expr: Any, levels: Sequence[Sequence[sp.Symbol]], grids: list[Grid]
) -> str:
    """Print ``expr`` as a JavaScript function, curried over ``levels``.

    With levels ``[sliders, [x]]`` what depends on the sliders alone is
    computed once, and the function that comes back is called for every x.

    Args:
        expr: An expression in the symbols of ``levels``, all real.
        levels: The arguments of each nested function, outermost first.
        grids: Tables in use; tables that ``expr`` looks up are added.

    Returns:
        Source like ``(a0) => { const t0 = ...; return (a1) => {...}; }``.

    Raises:
        TypeError: A function that cannot be compiled; it is named.
        ValueError: A free symbol, a loop without finite integer limits, a
            complex value.
    """
    expr = real_parts(expr, "expression")
    _check_loops(expr)
    expr = _unique_bound(_rewritten(expr))
    _check_kinds(expr)
    printer = _Printer(grids)
    printer.uses.update(sp.preorder_traversal(expr))
    heads = []
    for symbols in levels:
        names = {symbol: printer.fresh("a") for symbol in symbols}
        printer.open(names)
        heads.append(f"({', '.join(names.values())}) => {{")
    result = printer._print(expr)
    body = [f"return {result};"]
    for head in reversed(heads):
        lines = [f"  {line}" for line in printer.close() + body]
        body = [f"return {head}", *lines, "};"]
    code = "\n".join(body).removeprefix("return ").removesuffix(";")
    check_arithmetic(code)
    return code


def to_js(expr: Any, args: Sequence[sp.Symbol]) -> str:
    """Print a SymPy expression as a JavaScript function.

    Args:
        expr: A real-valued expression. ``Sum`` and ``Product`` with integer
            limits, ``Piecewise``, :func:`iterate`, and the functions in
            :data:`MATH_FUNCTIONS` and :data:`LIBRARY_FUNCTIONS` compile.
        args: The function's arguments; every free symbol must be among them.

    Returns:
        ``"(a0, a1) => { ... }"``. Special functions are members of ``K``:
        ``kexueExplorer.K`` of ``kexue_lib/explore/static/explorer.js``.

    Raises:
        TypeError: A function that cannot be compiled; it is named.
        ValueError: A free symbol, a loop without finite integer limits, a
            complex value, or a grid (which needs a page to live in).
    """
    grids: list[Grid] = []
    code = compile_js(expr, [args], grids)
    if grids:
        raise ValueError(f"grid {grids[0].name!r} needs explore(...)")
    return code
