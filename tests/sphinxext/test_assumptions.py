"""For what a statement holds, said in one line; nothing of it is lost."""

from __future__ import annotations

import json

import pytest

from kexue_lib.sphinxext.assumptions import free, line, named

REAL = "Symbol('{}', real=True)"
N, K, X = (REAL.format(name) for name in "NKx")
F = "Function('f')"


def formal(lhs, rhs="Integer(0)", given=(), ranges=()):
    return json.dumps(
        {
            "lhs": lhs,
            "rhs": rhs,
            "given": list(given),
            "ranges": list(ranges),
            "relation": "=",
        }
    )


def said(*items, stated=()):
    listed = [{"latex": latex, "text": text} for latex, text in items]
    return ", ".join(line(listed, stated))


INTEGERS = (r"k,\ n \in \mathbb{Z}_{\ge 0}", "k, n integer, >= 0")
SIZE = (r"N \in \mathbb{Z}_{>0}", "N integer, > 0")


@pytest.mark.parametrize(
    ("items", "shown"),
    [
        (
            [(r"w,\ T > 0", "w, T > 0"), (r"g\ \text{smooth}", "g smooth")],
            r"$w,\,T > 0$, $g$ smooth",
        ),
        ([INTEGERS], r"integers $k,\,n \ge 0$"),
        ([SIZE], r"integer $N \ge 1$"),
        ([SIZE, (r"N \geq 2", "N >= 2")], r"integer $N \ge 2$"),
        ([SIZE, (r"N < 512", "N < 512")], r"integer $1 \le N < 512$"),
        (
            [("r > 0", "r > 0"), ("r < 1", "r < 1")],
            "$0 < r < 1$",
        ),
        (
            [
                (r"y > 0", "y > 0"),
                (r"y \geq \frac{1}{20}", "y >= 1/20"),
                (r"y \leq 8", "y <= 8"),
            ],
            r"$\frac{1}{20} \le y \le 8$",
        ),
        # The order n < N says of N all that its declaration says.
        (
            [INTEGERS, SIZE, (r"n \leq N - 1", "n <= N - 1")],
            r"integers $k \ge 0$, $0 \le n < N$",
        ),
        (
            [("h, y > 0", "h, y > 0"), ("y > h", "y > h")],
            "$h, y > 0$, $y > h$",
        ),
        (
            [(r"h,\ y > 0", "h, y > 0"), ("y > h", "y > h")],
            "$0 < h < y$",
        ),
        # Two lower bounds that nobody can compare: both stay.
        (
            [SIZE, (r"N \geq 8 \log{M}", "N >= 8*log(M)")],
            r"integer $N \ge 1$, $N \geq 8 \log{M}$",
        ),
        (
            [(r"z \in \mathbb{C}", "z complex"), (r"z \neq 0", "Ne(z, 0)")],
            r"$z$ complex, $z \neq 0$",
        ),
        (
            [(r"A,\ B \in \text{noncommutative}", "A, B noncommutative")],
            r"$A,\,B$ not commuting",
        ),
        ([(r"x \in \mathbb{R}", "x real"), ("x > 1", "x > 1")], "$x > 1$"),
        ([(r"x \in \mathbb{F}_2", "x in F2")], r"$x \in \mathbb{F}_2$"),
    ],
)
def test_line(items, shown):
    assert said(*items) == shown


def test_a_weaker_bound_of_a_larger_size_stays():
    large = (r"N \geq 2", "N >= 2")
    order = (r"n \leq N - 1", "n <= N - 1")
    assert said(INTEGERS, SIZE, large, order) == (
        r"integers $k \ge 0$, $0 \le n < N$, $N \ge 2$"
    )


def test_what_a_sum_binds_is_not_said():
    total = f"Sum({K}, Tuple({K}, Integer(0), {N}))"
    both = (r"K,\ N \in \mathbb{R}", "K, N real")
    assert said(both, stated=[formal(total)]) == "$N$ real"
    # Outside the sum as well, or in a line without a formal statement: kept.
    outside = formal(total, rhs=K)
    assert said(both, stated=[outside]) == r"$K,\,N$ real"
    assert said(both, stated=[formal(total), None]) == r"$K,\,N$ real"


def test_a_hypothesis_is_never_dropped():
    """It looks like a declaration, ``something > 0``, and names no symbol."""
    norm = (r"\sum_{k=0}^{N} a_{k}^{2} > 0", "Sum(a[k]**2, (k, 0, N)) > 0")
    assert said(norm, stated=[formal(X)]) == f"${norm[0]}$"
    alone = ("z > 0", "z > 0")
    real = (r"z \in \mathbb{R}", "z real")
    assert said(real, alone, stated=[formal(REAL.format("z"))]) == "$z > 0$"


def test_free_names():
    inner = f"Sum({X}, Tuple({X}, Integer(0), {K}))"
    nested = f"Integral({inner}, Tuple({K}, Integer(0), {N}))"
    assert free(formal(nested)) == {"N"}
    assert free(formal(f"{F}({X})")) == {"f", "x"}
    assert free(formal(X, given=[N])) == {"N", "x"}
    assert free(formal("Integer(1)", ranges=[[N, ["Integer(1)"]]])) == {"N"}
    indexed = f"Indexed(IndexedBase({X}), {K})"
    assert free(formal(f"Sum({indexed}, Tuple({K}, Integer(0), {N}))")) == {
        "x",
        "N",
    }


def test_names_of_a_declaration():
    assert named("k, n integer, >= 0", 2) == ["k", "n"]
    assert named("Sum(a[k], (k, 0, N)) > 0", 1) == []
    assert named("x**2 > 0", 1) == []
