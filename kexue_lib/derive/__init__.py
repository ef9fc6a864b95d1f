"""Derivations whose every step the machine has checked.

Author's guide, on one page
---------------------------
A notebook begins with its chapter, its symbols and the checks::

    from sympy import Integral, Rational, Sum, exp, factorial, sqrt
    from kexue_lib.derive import Chapter, by

    hippo = Chapter("hippo-matrices")
    n, k, m = hippo.symbols("n k m", "integer nonnegative")
    t, w = hippo.symbols("t w", "positive")

Every symbol is declared with its domain: the words are SymPy's assumptions.
Names with a backslash or brace print as they are (``r"\\hat{c}"``).

``let`` names an expression. The page shows the name, every check sees the
meaning. Integer arguments become subscripts, others stand in parentheses::

    v = hippo.let("v", n, sqrt(2*n + 1))             # v(k) prints v_{k}
    c = hippo.let("c", (n, t), exp(n*t), tex=r"\\dot c")

A claim is the last expression of a cell and displays itself. One chain is
one line of the blackboard; each step names its check::

    F = 1 / (factorial(m - k) * factorial(m + k))
    (
        hippo.claim("C10", "One sum carries LegS", source="own", uses="C7")
        .lemma(Sum(term, (k, 0, n)), "sum")          # helps, not the result
        .eq(closed, by.telescoping(F), "Gosper")
        .show(m * mu(n, m))                          # the statement
        .eq(right, by.using("sum", then=by.combsimp()))
    )

- ``show`` begins what the claim says (several are allowed), ``lemma`` what
  helps, ``refute`` a printed formula that is wrong (the counterexample is
  searched or given), ``measure`` a number from a run, ``miss`` one that does
  not show what a source claims, ``argue`` and ``quote`` words or formulas
  without support.
- ``eq le lt ge gt ne sim approx`` continue a chain: ``(rhs, check, reason)``.
  The statement on the page is first left side, relation, last right side.
- ``given(k <= n, Ne(x, 1))`` before the chains restricts the symbols; the
  reader sees it. ``given(Eq(Abs(z), 1))`` puts z on the unit circle.
- Keep ``Sum``, ``Integral``, ``Derivative``, ``Limit`` unevaluated: they are
  shown as written, the checks evaluate what they need.
- A notebook cell run again replaces its claim; another cell with the same
  number is an error. ``uses="C7 lru.C3"`` must exist; ``by.using`` adds its
  source by itself; ``corrects="C5"`` ties a correction to a refuted claim.
- ``claim.lhs``, ``claim.rhs`` and ``claim.expr`` (names unfolded) are SymPy
  objects: give them to :func:`to_torch` and to ``kexue_lib.explore``.

Which check? (:mod:`kexue_lib.derive.by` lists all)

- polynomials ``expand``; rational functions, square roots, signs
  ``(-1)**k``: ``cancel``; factorials, binomials ``combsimp``; trigonometric
  and hyperbolic ``exponentials``; ``logarithms``; anything else
  ``rewriting(exp, "powsimp", ...)`` with the transformations named;
- sums: ``telescoping(F)``, ``sums()``, ``aligning()`` (ranges that differ,
  nested or backwards), ``induction(n, then, start, stride)``,
  ``pieces(n)`` for terms with cases;
- cases: ``order(k, n)``, ``parity(n)``, ``first(n, 2)``, ``each({N: range})``;
- Legendre, Laguerre, Hermite, Chebyshev of degree n, spherical Bessel:
  ``holonomic()``; integrals and sums in n: ``recurrence(y(n), ...)``;
- calculus: ``antiderivative(F)``, ``limit()``, ``series()``,
  ``asymptotic(x)``; all coefficients of a function: ``fourier("c", n)``
  (the midpoint at a jump), ``parseval("c", n)``;
- an earlier result: ``using("sum", at={n: n - 1}, then=by.cancel())``;
- no proof: ``numeric(digits=30)``.

Checks take each other as ``then``. The level (proved, exact, certified,
numeric, ...) comes from the check that ran. Besides, every accepted step is
tried at points of the declared domain, edges first: a hidden assumption, a
branch or a division by 0 raises :class:`DerivationError` with the point.

``python -m kexue_lib.derive controls notebook.ipynb`` makes wrong mutants of
every step and requires the same check to reject them; ``profile`` prints the
time of each step.
"""

from __future__ import annotations

from kexue_lib.derive import by
from kexue_lib.derive.cells import claims_of
from kexue_lib.derive.chapters import Chapter
from kexue_lib.derive.checks.measure import loglog_slope
from kexue_lib.derive.claims import Claim
from kexue_lib.derive.errors import ClaimError, DerivationError
from kexue_lib.derive.levels import Level
from kexue_lib.derive.lives import to_torch
from kexue_lib.derive.mutation import controls
from kexue_lib.derive.objects import (
    ArgMax,
    ArgMin,
    Bernoulli,
    ConstantTerm,
    Discrete,
    Gaussian,
    Independent,
    Maximum,
    Mean,
    Minimum,
)

__all__ = [
    "ArgMax",
    "ArgMin",
    "Bernoulli",
    "Chapter",
    "Claim",
    "ClaimError",
    "ConstantTerm",
    "DerivationError",
    "Discrete",
    "Gaussian",
    "Independent",
    "Level",
    "Maximum",
    "Mean",
    "Minimum",
    "by",
    "claims_of",
    "controls",
    "loglog_slope",
    "to_torch",
]
