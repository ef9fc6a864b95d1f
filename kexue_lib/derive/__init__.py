"""Derivations whose every step the machine has checked.

Author's guide, on one page
---------------------------
A notebook begins with its chapter, its symbols and the checks::

    from sympy import Integral, Rational, Sum, exp, factorial, sqrt
    from kexue_lib.derive import Chapter, by

    hippo = Chapter("hippo-matrices")
    n, k, m = hippo.symbols("n k m", "integer nonnegative")
    t, w = hippo.symbols("t w", "positive")

Every symbol is declared with its domain: the words are SymPy's assumptions,
and the page prints them. Names with a backslash or brace print as they are
(``r"\\hat{c}"``).

``let`` names an expression. The page shows the name, every check sees the
meaning. Integer arguments become subscripts, others stand in parentheses::

    v = hippo.let("v", n, sqrt(2*n + 1))             # v(k) prints v_{k}
    c = hippo.let("c", (n, t), exp(n*t), tex=r"\\dot c")

A claim is the last expression of a cell and displays itself. Its title is
the result as a sentence. One chain is one line of the blackboard; each step
names its check::

    F = 1 / (factorial(m - k) * factorial(m + k))
    (
        hippo.claim("C10", "One sum carries all of LegS", source="own")
        .lemma(Sum(term, (k, 0, n)), "sum")          # helps, not the result
        .eq(closed, by.telescoping(F), "Gosper")
        .show(m * mu(n, m))                          # the statement
        .eq(right, by.using("sum"))
    )

- ``show`` begins what the claim says (several are allowed), ``lemma`` what
  helps; ``states`` what the reader takes away where that is not the ends of
  a chain: it must follow from the chains above it. ``show(hippo["C7"])``
  begins with an earlier result, used and not copied.
- ``eq le lt ge gt ne sim approx`` continue a chain: ``(rhs, check, reason)``.
  The statement on the page is first left side, relation, last right side,
  with the hypotheses, finite sets and limits under which it was decided.
- ``given(k <= n, Ne(x, 1))`` before the chains restricts the symbols; a step
  may use what bears on its symbols, and that is printed beside it.
  ``given(Eq(Abs(z), 1))`` puts z on the unit circle.
- ``argue("words")`` is a link that no check supports: the claim is then
  *argued*. ``refute`` takes a printed formula that is wrong (quote it:
  ``printed=``, ``at=``), ``measure`` a number from a run, ``miss`` one that
  does not show what a source claims, ``quote`` what is only reported.
- Keep ``Sum``, ``Integral``, ``Derivative``, ``Limit`` unevaluated: they are
  shown as written, the checks evaluate what they need.
- ``uses="C7 lru.C3"`` points the reader at claims; a check that consumes one
  adds it by itself, and only then the claim rests on it. ``corrects="E5"``
  ties a correction to a refuted claim.
- The last cell says what became of each numbered display of the post:
  ``covers(10114, 33, {1: "definition: of x", "2-3": "C3 C3a"}, copy=...)``.
- A notebook cell run again replaces its claim; another cell with the same
  number is an error.
- ``claim.lhs``, ``claim.rhs`` and ``claim.expr`` (names unfolded) are SymPy
  objects: give them to :func:`to_torch` and to ``kexue_lib.explore``.

Which check? (:mod:`kexue_lib.derive.by` lists all)

- an identity: ``algebra()``. One normal form knows rational functions,
  roots, powers, exponentials, trigonometric functions, logarithms,
  factorials, sums, derivatives, matrices, letters that do not commute,
  Legendre polynomials of degree n, means under a law;
- a named theorem: ``theorem(inequalities.jensen(phi=(t, t**2), ...))``, see
  ``kexue_lib.derive.theorems``; the level is ``cited``;
- an earlier result: ``using("sum", at={n: n - 1})``;
- a sum or product with a free end: ``telescoping(F)``, ``induction(n)``;
  sums and integrals in n that satisfy a recurrence: ``recurrence(y(n), ..)``;
- an integral: ``antiderivative(F)``; a limit: ``limit()``, ``series()``,
  ``asymptotic(x)``;
- cases: ``order(k, n)``, ``parity(n)``, ``first(n, 2)``, ``pieces(n)``, each
  with ``then=`` what decides a case;
- an inequality: ``sign()``; if that is not enough ``squares``, ``monotone``,
  ``convex``, ``logs``, ``instances``; an arg min or a maximum: ``optimum``;
- no proof: ``each({N: range})`` for a finite set, ``balls`` for a box,
  ``numeric(digits=30)`` and ``error`` for points.

These are tactics: they hand a certificate to the core
(``kexue_lib.derive.core``), which alone decides. If it cannot,
:class:`UndecidedError` says what is missing: a hypothesis, a certificate, a
step in between. The level (proved, cited, exact, certified, ...) comes from
the check that ran and from the results that it used. Besides, every accepted
step is tried at points of the declared domain.

``python -m kexue_lib.derive controls notebook.ipynb`` makes wrong versions
of every step and requires the same check to reject them; ``profile`` prints
the time of each step.
"""

from __future__ import annotations

from kexue_lib.derive import by
from kexue_lib.derive.cells import claims_of
from kexue_lib.derive.chapters import Chapter
from kexue_lib.derive.checks.measure import loglog_slope
from kexue_lib.derive.claims import Claim
from kexue_lib.derive.errors import (
    ClaimError,
    DerivationError,
    UndecidedError,
)
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
    GaussianVector,
    Independent,
    Maximum,
    Mean,
    Minimum,
    Probability,
    Some,
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
    "GaussianVector",
    "Independent",
    "Level",
    "Maximum",
    "Mean",
    "Minimum",
    "Probability",
    "Some",
    "UndecidedError",
    "by",
    "claims_of",
    "controls",
    "loglog_slope",
    "to_torch",
]
