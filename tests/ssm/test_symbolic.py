"""The exact systems: definition, inverse, moments; all over the rationals."""

import subprocess
import sys

import pytest
import sympy as sp
import torch
from sympy import Rational as Q
from sympy.polys.matrices import DomainMatrix

from kexue_lib import ssm
from kexue_lib.ssm.hippo import GAUGES_OF

CASES = [(k, g) for k, gauges in GAUGES_OF.items() for g in gauges]
POLYNOMIAL = ("legt", "legs", "lagt")


def zero(matrix):
    return matrix.applyfunc(sp.simplify).is_zero_matrix


def domain(matrix):
    return DomainMatrix.from_Matrix(matrix).to_field()


@pytest.mark.parametrize("kind", ssm.KINDS)
@pytest.mark.parametrize("N", [1, 2, 4])
def test_every_matrix_is_transport_minus_own_plus_true_newest(kind, N):
    """Claim C8, exactly, for all five kinds."""
    gauge = "rational" if kind in POLYNOMIAL else "ortho"
    A, B = ssm.hippo_sym(kind, N, gauge)
    D = ssm.transport_sym(kind, N)
    assert zero(A - (D - B * sp.ones(1, A.cols)))


@pytest.mark.parametrize("kind", POLYNOMIAL)
def test_lemma_at_order_16(kind):
    A, B = ssm.hippo_sym(kind, 16, "rational")
    assert ssm.transport_sym(kind, 16) - B * sp.ones(1, 16) == A


def test_transport_is_the_integral():
    """transport_sym against plain SymPy integration."""
    s = sp.Symbol("s", real=True)
    N = 4
    P = [sp.legendre(n, 2 * s - 1) for n in range(N)]
    for kind, move in (("legt", 1), ("legs", s)):
        D = ssm.transport_sym(kind, N)
        for n in range(N):
            for k in range(N):
                f = sp.expand(move * sp.diff(P[k], s) * P[n])
                assert D[n, k] == (2 * n + 1) * sp.integrate(f, (s, 0, 1))
    D = ssm.transport_sym("lagt", N)
    for n in range(N):
        for k in range(N):
            f = -sp.diff(sp.laguerre(k, s), s) * sp.laguerre(n, s)
            assert D[n, k] == sp.integrate(
                sp.expand(f * sp.exp(-s)), (s, 0, sp.oo)
            )
    for kind, move in (("fout", 1), ("fous", s)):
        D = ssm.transport_sym(kind, 1)
        for i, n in enumerate((-1, 0, 1)):
            for j, k in enumerate((-1, 0, 1)):
                phi = sp.exp(2 * sp.pi * sp.I * k * s)
                f = move * sp.diff(phi, s) * sp.exp(-2 * sp.pi * sp.I * n * s)
                value = sp.integrate(sp.simplify(f), (s, 0, 1))
                assert sp.simplify(D[i, j] - value) == 0


@pytest.mark.parametrize(("kind", "gauge"), CASES)
def test_matrices_are_exact_and_follow_the_entries(kind, gauge):
    N = 3
    A, B = ssm.hippo_sym(kind, N, gauge)
    assert not A.has(sp.Float)
    assert not B.has(sp.Float)
    e = ssm.hippo_entry(kind, gauge)
    low = -N if kind.startswith("fou") else 0
    for i in range(A.rows):
        n = i + low
        values = {e.n: n, e.window: 1, e.beta: 1}
        assert sp.simplify(e.B.subs(values) - B[i]) == 0
        for j in range(A.cols):
            case = e.lt if j < i else e.eq if j == i else e.gt
            want = case.subs({**values, e.k: j + low})
            assert sp.simplify(want - A[i, j]) == 0


@pytest.mark.parametrize("kind", ["legt", "legs"])
@pytest.mark.parametrize("gauge", ["post", "rational", "lmu"])
def test_gauges_for_symbolic_indices(kind, gauge):
    """Claim C11 for all n, k: one lambda relates every case of the entry."""
    e, g = ssm.hippo_entry(kind), ssm.hippo_entry(kind, gauge)
    n, k = e.n, e.k

    def lam(i):
        if gauge == "post":
            return 1 / sp.sqrt(2)
        sign = sp.Integer(-1) ** i if gauge == "lmu" else 1
        return sign / sp.sqrt(2 * i + 1)

    ratio = lam(k) / lam(n)
    assert sp.simplify(g.lt - ratio * e.lt) == 0
    assert sp.simplify(g.gt - ratio * e.gt) == 0
    assert sp.simplify(g.eq - e.eq) == 0
    assert sp.simplify(g.B - e.B / lam(n)) == 0
    if gauge == "rational":  # the post's factor is refuted
        wrong = sp.sqrt(2) * e.B * sp.sqrt(2 * n + 1) / 2
        assert sp.simplify(g.B / wrong - sp.sqrt(2)) == 0


def test_the_merge_of_the_diagonal_into_either_case():
    e = ssm.hippo_entry("legt")
    assert sp.simplify(e.lt.subs(e.k, e.n) - e.eq) == 0
    assert sp.simplify(e.gt.subs(e.k, e.n) - e.eq) == 0
    e = ssm.hippo_entry("legs")
    assert sp.simplify(e.lt.subs(e.k, e.n) - e.eq) == -e.n


@pytest.mark.parametrize("N", [1, 2, 5, 16])
def test_legt_inverse_is_tridiagonal(N):
    """Claim C12."""
    A, _ = ssm.hippo_sym("legt", N, "rational")
    want = sp.zeros(N, N)
    for k in range(N):
        if k > 0:
            want[k - 1, k] = -Q(1, 2 * (2 * k + 1))
        if k < N - 1:
            want[k + 1, k] = Q(1, 2 * (2 * k + 1))
    want[0, 0] -= Q(1, 2)
    want[N - 1, N - 1] -= Q(1, 2 * (2 * N - 1))  # N = 1: the two add up
    assert domain(A).inv().to_Matrix() == want


def legt_moments(A, B, N, count):
    """-C A^{-k-1} B for k < count, C reading the oldest point."""
    C = domain(sp.Matrix([[(-1) ** n for n in range(N)]]))
    inverse, x, out = domain(A).inv(), domain(B), []
    for _ in range(count):
        x = inverse * x
        out.append(-(C * x).to_Matrix()[0, 0])
    return out


@pytest.mark.parametrize("N", [1, 2, 3, 5, 8, 16])
def test_legt_is_the_pade_delay_line(N):
    """Claim C13: 2N moments of exp(-s) agree, the next one does not."""
    A, B = ssm.hippo_sym("legt", N, "rational")
    got = legt_moments(A, B, N, 2 * N + 1)
    want = [Q((-1) ** k) / sp.factorial(k) for k in range(2 * N + 1)]
    assert got[:-1] == want[:-1]
    assert got[-1] != want[-1]
    # Negative control: one wrong entry loses the moments.
    A[N - 1, N - 1] -= 1
    assert legt_moments(A, B, N, 2 * N)[: 2 * N] != want[:-1]


def test_eigenvectors_of_legt_are_no_basis_for_numbers():
    """Claim C17: condition numbers, enclosed by ball arithmetic."""
    import flint

    def squares(matrix):
        rows = matrix.tolist()
        return [sum((abs(z) ** 2 for z in r), flint.arb(0)) for r in rows]

    def condition(N):
        flint.ctx.prec = 64 + 4 * N
        v = [flint.arb(2 * n + 1).sqrt() for n in range(N)]
        span = range(N)
        A = [
            [-v[n] * v[k] * (-1) ** max(k - n, 0) for k in span] for n in span
        ]
        V = flint.acb_mat(A).eig(right=True)[1]
        pairs = zip(squares(V.transpose()), squares(V.inv()), strict=True)
        return (N * sum(p * q for p, q in pairs)).sqrt()

    assert abs(condition(8) - 3107.1) < 0.1
    assert 10**17 < condition(32) < 10**18
    assert 10**35 < condition(64) < 10**36
    # Double precision cannot even measure it.
    A, _ = ssm.hippo("legt", 64)
    V = torch.linalg.eig(A).eigenvectors
    assert torch.linalg.cond(V) < 1e20


def test_lagt_resolvent():
    """Claim C15: (sI - A)^{-1} B = s^n / (s + 1)^{n + 1}."""
    s = sp.Symbol("s")
    N = 5
    A, B = ssm.hippo_sym("lagt", N)
    x = sp.Matrix([s**n / (s + 1) ** (n + 1) for n in range(N)])
    assert zero((s * sp.eye(N) - A) * x - B)


def test_fout_is_transport_with_beta():
    w, beta = sp.symbols("w beta", positive=True)
    A, B = ssm.hippo_sym("fout", 2, window=w, beta=beta)
    D = ssm.transport_sym("fout", 2)
    assert zero(w * A - D + beta * sp.ones(5, 5))
    assert zero(w * B - beta * sp.ones(5, 1))


def test_symbolic_import_is_lazy():
    code = (
        "import sys, kexue_lib.ssm as s; s.hippo('fous', 2); "
        "assert 'sympy' not in sys.modules; s.hippo_sym('legs', 2); "
        "assert 'sympy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (ValueError, r"kind must be one of", lambda: ssm.hippo_entry("x")),
        (
            ValueError,
            r"gauge must be one of ortho, post for kind 'fous'",
            lambda: ssm.hippo_entry("fous", "rational"),
        ),
        (TypeError, r"kind must be a str", lambda: ssm.hippo_sym(None, 2)),
        (ValueError, r"N .*>= 1, got 0", lambda: ssm.hippo_sym("legs", 0)),
        (TypeError, r"N .*got 2\.0", lambda: ssm.hippo_sym("legs", 2.0)),
        (
            TypeError,
            r"window must be exact .* got 0\.5",
            lambda: ssm.hippo_sym("legt", 2, window=0.5),
        ),
        (
            TypeError,
            r"window must be exact",
            lambda: ssm.hippo_sym("legt", 2, window=sp.Float("0.5")),
        ),
        (
            ValueError,
            r"window must be > 0, got -1",
            lambda: ssm.hippo_sym("legt", 2, window=-1),
        ),
        (
            ValueError,
            r"'legs' has no window",
            lambda: ssm.hippo_sym("legs", 2, window=2),
        ),
        (
            ValueError,
            r"'legt' has no beta",
            lambda: ssm.hippo_sym("legt", 2, beta=2),
        ),
        (ValueError, r"kind must be", lambda: ssm.transport_sym("x", 2)),
        (ValueError, r"N .*>= 1", lambda: ssm.transport_sym("legs", 0)),
    ],
)
def test_bad_input(error, message, call):
    with pytest.raises(error, match=message):
        call()
