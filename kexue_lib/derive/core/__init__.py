"""The trusted core: what an auditor has to read.

SymPy and the checks of `kexue_lib.derive` *find*; this package *decides*. It
is handed a whole statement and a certificate (an antiderivative, the term of
a telescoping sum, the variable of an induction, an earlier equation, squares
and weights ...) and answers with one of

- ``Yes(proof)``: the statement holds for all values that its hypotheses
  admit; the proof is a tree of rules with the side conditions of each, all of
  them met;
- ``No(witness)``: a point at which the hypotheses hold and a side is
  undefined, or the enclosures of the sides are in a wrong relation;
- ``Unknown(why)``: neither; if a derivation is there and only some side
  conditions are open, it is handed over with them.

Nothing is sampled and nothing is compared by closeness. "Not seen" is never
read as "no" or as "yes".

**What is trusted**, in the order in which to read it:

=================  ========================================================
`terms`            terms that cannot capture: bound variables are numbers
`statement`        statements, conditions, proofs, answers
`field`            quotients of polynomials in atoms; their arithmetic is
                   python-flint's
`atoms`            one file a family: the relations that atoms satisfy, the
                   condition of each beside it
`differentiate`    the table of derivatives
`smooth`           where a term may jump or bend
`enclose`          balls around values; their arithmetic is Arb's (flint)
`hypotheses`       what is given, which ranges are open; then, one layer on
                   the other: `structure` (signs of sums, products,
                   functions), `bounds` (what is known of atoms),
                   `polynomials` (factors, bounds put in, roots, `weights`),
                   `sign` (relations); `nonzero` beside them
`discharge`        when a side condition is met; `convergence` of series and
                   integrals
`rules`            what each certificate reduces a statement to:
                   `equations`, `induct`, `splits`, `primitives`, `orders`,
                   `optima`; `words` for letters that do not commute
`limits`           limits by series, orders of magnitude, equivalence
`witness`          what makes a point a counterexample
`reader`           how a SymPy expression is read; the only importer of SymPy
=================  ========================================================

**What is not trusted**: whoever finds certificates and points, `simplex`,
whose weights are added up again, and `written`, which only words messages.

**Normal forms of sums**: first over the shortest range of a class, from 0; if
that does not settle an equation, in the index of an argument (``a[k + 1]``
over 0..n-1 is ``a[k]`` over 1..n), where ranges are aligned at both ends and
geometric sums are tied to their ends (`atoms.sums`). Each range as written
must then not run backwards.

**Conventions of notation** on which a proof may rest are named in it: a sum
over nothing is 0; ``0^0 = 1``; powers and logarithms have their principal
value; ``1/Gamma`` is read as the entire function it is, so ``1/(-1)! = 0``
(`Kind.CONVENTION`); an inverse of a letter that is written exists
(`Kind.INVERTIBLE`); an unknown function is smooth. Side conditions are read
off the sides as written: each base of a negative power, each argument of a
logarithm or of Gamma, the order of a range where terms are split off, the
existence of each integral and series.

A symbol's facts (integer, positive, ...) belong to the symbol; the range of
a bound variable is known while its body is read and no longer.
"""

from __future__ import annotations

from kexue_lib.derive.core.decide import decide
from kexue_lib.derive.core.statement import (
    Answer,
    Condition,
    Kind,
    No,
    Proof,
    Statement,
    Unknown,
    Witness,
    Yes,
)
from kexue_lib.derive.core.terms import Term, UnsupportedError

__all__ = [
    "Answer",
    "Condition",
    "Kind",
    "No",
    "Proof",
    "Statement",
    "Term",
    "Unknown",
    "UnsupportedError",
    "Witness",
    "Yes",
    "decide",
]
