r"""The same systems in SymPy: exact matrices and entries.

SymPy is imported when a function is called, not with the module.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kexue_lib import _arguments as arg
from kexue_lib.ssm.hippo import (
    FOURIER,
    KINDS,
    WINDOWED,
    Gauge,
    Kind,
    check_gauge,
)

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True)
class HippoEntry:
    """The general entry of a HiPPO system, by the order of its indices.

    Attributes:
        lt: :math:`A_{nk}` for ``k < n`` (below the diagonal).
        eq: :math:`A_{nn}`, free of ``k``.
        gt: :math:`A_{nk}` for ``k > n`` (above the diagonal).
        B: :math:`B_n`.
        n: Row symbol; a nonnegative integer, for the Fourier kinds an
            integer.
        k: Column symbol, as ``n``.
        window: Symbol ``w``, positive; appears only in the kinds that have a
            window.
        beta: Symbol ``beta``, positive; appears only in ``"fout"``.
    """

    lt: sympy.Expr
    eq: sympy.Expr
    gt: sympy.Expr
    B: sympy.Expr
    n: sympy.Symbol
    k: sympy.Symbol
    window: sympy.Symbol
    beta: sympy.Symbol


def hippo_entry(kind: Kind, gauge: Gauge = "ortho") -> HippoEntry:
    r"""Return :math:`A_{nk}` and :math:`B_n` for symbolic :math:`n,k`.

    This is the only place where the formulas of the symbolic side stand:
    :func:`hippo_sym` evaluates them, and the tests compare them with the
    numbers of :func:`kexue_lib.ssm.hippo` and, exactly, with the definition
    (:func:`transport_sym`).

    Chapter: hippo-matrices, claims C5, C9, C10, C11, C15

    Args:
        kind: As in :func:`kexue_lib.ssm.hippo`.
        gauge: As in :func:`kexue_lib.ssm.hippo`.

    Returns:
        The entries by case; see :class:`HippoEntry`.

    Raises:
        TypeError: ``kind`` or ``gauge`` is not a string.
        ValueError: Unknown ``kind`` or ``gauge``, or a gauge that the kind
            does not have.
    """
    import sympy as sp

    check_gauge(kind, gauge)
    if kind in FOURIER:
        n, k = sp.symbols("n k", integer=True)
    else:
        n, k = sp.symbols("n k", integer=True, nonnegative=True)
    w, beta = sp.symbols("w beta", positive=True)
    below: sp.Expr
    if kind == "fout":
        below = above = -beta / w
        diagonal = (2 * sp.pi * sp.I * n - beta) / w
        B = beta / w
    elif kind == "fous":
        below = above = -n / (n - k)
        diagonal = sp.I * sp.pi * n - 1
        B = sp.Integer(1)
    elif kind == "lagt":
        below = diagonal = -1 / w
        above = sp.Integer(0)
        B = 1 / w
    else:
        odd = 2 * n + 1
        sign = sp.Integer(-1) ** (n - k)
        if gauge in ("ortho", "post"):
            weight = sp.sqrt(odd) * sp.sqrt(2 * k + 1)
            B = sp.sqrt(odd if gauge == "ortho" else 2 * odd)
        elif gauge == "rational":
            weight, B = odd, odd
        else:
            weight, B = odd * sign, odd * sp.Integer(-1) ** n
        if kind == "legs":
            below, diagonal, above = -weight, -(n + 1), sp.Integer(0)
        else:
            # sign * sign = 1 does not simplify by itself: write it out.
            signed = odd if gauge == "lmu" else weight * sign
            below, diagonal, above = -weight / w, -odd / w, -signed / w
            B = B / w
    return HippoEntry(below, diagonal, above, B, n, k, w, beta)


def hippo_sym(
    kind: Kind,
    N: int,
    gauge: Gauge = "ortho",
    *,
    window: sympy.Expr | int = 1,
    beta: sympy.Expr | int = 1,
) -> tuple[sympy.Matrix, sympy.Matrix]:
    r"""Return the exact HiPPO matrices as SymPy matrices.

    Chapter: hippo-matrices, claims C8, C9, C10, C11, C12, C13

    For exact linear algebra take ``gauge="rational"`` and go through
    ``sympy.polys.matrices.DomainMatrix.from_Matrix(A).to_field()``.

    Args:
        kind: As in :func:`kexue_lib.ssm.hippo`.
        N: Order, >= 1.
        gauge: As in :func:`kexue_lib.ssm.hippo`.
        window: Exact positive number or a symbol, for the windowed kinds.
        beta: Exact positive number or a symbol, for ``"fout"``.

    Returns:
        ``A`` of shape (M, M) and the column ``B`` of shape (M, 1).

    Raises:
        TypeError: Wrong types; a float ``window`` or ``beta`` is not exact.
        ValueError: As for :func:`kexue_lib.ssm.hippo`.
    """
    import sympy as sp

    entry = hippo_entry(kind, gauge)
    N = arg.integer("N", N, 1)
    w, b = _exact("window", window), _exact("beta", beta)
    if kind not in WINDOWED and w != 1:
        raise ValueError(f"kind {kind!r} has no window, got window={window}")
    if kind != "fout" and b != 1:
        raise ValueError(f"kind {kind!r} has no beta, got beta={beta}")
    values = {entry.window: w, entry.beta: b}
    lt, eq, gt, b_n = (
        expr.xreplace(values)
        for expr in (entry.lt, entry.eq, entry.gt, entry.B)
    )
    # No lambdify here: its "sympy" printer turns pi and I into floats.
    low = -N if kind in FOURIER else 0
    index = [sp.Integer(i) for i in range(low, -low + 1 if low else N)]
    A, B = [], []
    for n in index:
        row = {entry.n: n}
        below, above = lt.xreplace(row), gt.xreplace(row)
        left = [below.xreplace({entry.k: k}) for k in index if k < n]
        right = [above.xreplace({entry.k: k}) for k in index if k > n]
        A.append([*left, eq.xreplace(row), *right])
        B.append([b_n.xreplace(row)])
    return sp.Matrix(A), sp.Matrix(B)


def _exact(name: str, value: sympy.Expr | int) -> sympy.Expr:
    import sympy as sp

    expr = None
    if isinstance(value, int | Fraction | sp.Expr) and value is not True:
        expr = sp.sympify(value)
    if expr is None or expr.has(sp.Float):
        raise TypeError(
            f"{name} must be exact (int, Rational or a SymPy expression), "
            f"got {value!r}"
        )
    if expr.is_positive is False:
        raise ValueError(f"{name} must be > 0, got {value!r}")
    return expr


def transport_sym(kind: Kind, N: int) -> sympy.Matrix:
    r"""Return how the basis itself is carried along, from the definition.

    :math:`D_{nk}=\langle\mathcal L\phi_k,\phi_n\rangle`, where
    :math:`\mathcal L` is the motion of the stored function for a unit window:
    :math:`d/ds` (``legt``, ``fout``), :math:`s\,d/ds` (``legs``, ``fous``),
    :math:`-d/d\tau` (``lagt``). One lemma then gives every HiPPO matrix:
    :math:`A=D-B\,\phi(\text{newest})^\top`, that is, transport, minus the
    model's own newest value, plus (through :math:`B`) the true one. In the
    gauge used here :math:`\phi_n(\text{newest})=1` for every kind, so
    ``hippo_sym(kind, N, gauge)[0] == transport_sym(kind, N) - B * ones``.

    Chapter: hippo-matrices, claim C8

    The inner products are computed, not looked up: polynomials in the
    monomial basis over the rationals for Legendre and Laguerre, exact
    integrals for Fourier.

    Args:
        kind: As in :func:`kexue_lib.ssm.hippo`.
        N: Order, >= 1.

    Returns:
        Shape (M, M), in gauge ``"rational"`` (``"ortho"`` for Fourier).

    Raises:
        TypeError: ``kind`` is not a string, ``N`` not an integer.
        ValueError: Unknown ``kind`` or ``N < 1``.
    """
    arg.choice("kind", kind, KINDS)
    N = arg.integer("N", N, 1)
    return (
        _fourier_transport(kind, N)
        if kind in FOURIER
        else _polynomial_transport(kind, N)
    )


def _polynomial_transport(kind: str, N: int) -> sympy.Matrix:
    from sympy import QQ, ZZ, binomial, factorial
    from sympy.polys.matrices import DomainMatrix

    def dense(entry: Callable[[int, int], Any]) -> Any:
        rows = [[ZZ(int(entry(i, j))) for j in range(N)] for i in range(N)]
        return DomainMatrix(rows, (N, N), ZZ).convert_to(QQ)

    # Row n holds the coefficients of s^j in the n-th function, row j of
    # ``moved`` the image of s^j, and ``gram`` the products <s^i, s^j>.
    if kind == "lagt":
        # n! L_n has integer coefficients; 1/n! is put back below.
        basis = dense(
            lambda n, j: (
                (-1) ** j
                * binomial(n, j)
                * (factorial(n) / factorial(j) if j <= n else 0)
            )
        )
        moved = dense(lambda j, i: -j if i == j - 1 else 0)
        gram = dense(lambda i, j: factorial(i + j))
    else:
        basis = dense(
            lambda n, j: (-1) ** (n + j) * binomial(n, j) * binomial(n + j, j)
        )
        shift = 0 if kind == "legs" else 1
        moved = dense(lambda j, i: j if i == j - shift else 0)
        gram = DomainMatrix(
            [[QQ(1, i + j + 1) for j in range(N)] for i in range(N)],
            (N, N),
            QQ,
        )
    # The coefficient of f on an orthogonal family is <f, p_n> / <p_n, p_n>.
    half = basis * gram
    products = half * (basis * moved).transpose()
    norms = half * basis.transpose()
    D, square = products.to_Matrix(), norms.to_Matrix()
    unit = [
        1 / factorial(n) if kind == "lagt" else factorial(0) for n in range(N)
    ]
    # With p_n = n! L_n, the coefficient on L_n is n! times that on p_n.
    return D.__class__(
        N, N, lambda n, k: D[n, k] / square[n, n] * unit[k] / unit[n]
    )


def _fourier_transport(kind: str, N: int) -> sympy.Matrix:
    import sympy as sp

    s = sp.Symbol("s", real=True)
    weight = sp.Integer(1) if kind == "fout" else s
    # <weight e^{2 pi i k s}, e^{2 pi i n s}> depends on m = k - n only.
    m = sp.Symbol("m", integer=True, nonzero=True)
    wave = sp.exp(2 * sp.pi * sp.I * m * s)
    other = sp.integrate(weight * wave, (s, 0, 1))
    equal = sp.integrate(weight, (s, 0, 1))
    index = [sp.Integer(i) for i in range(-N, N + 1)]
    return sp.Matrix(
        [
            [
                2
                * sp.pi
                * sp.I
                * k
                * (equal if k == n else other.xreplace({m: k - n}))
                for k in index
            ]
            for n in index
        ]
    )
