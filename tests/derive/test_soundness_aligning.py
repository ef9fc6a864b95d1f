"""True and false statements for aligned sums and instances."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import Rational, Sum, conjugate, log

from kexue_lib.derive import Chapter, ClaimError, DerivationError, by
from kexue_lib.derive.mutation import controls, survivors
from kexue_lib.derive.printing import to_latex

n, k, m = sp.symbols("n k m", integer=True, nonnegative=True)
x, y, z = sp.symbols("x y z", positive=True)
r = sp.symbols("r", real=True)
s = sp.IndexedBase("s", real=True)
b = sp.IndexedBase("b", complex=True)
half = Rational(1, 2)


def S(term, low=0, high=n, index=k):
    return Sum(term, (index, low, high))


al = by.aligning()
ind = by.induction(n, by.aligning())
triangle = S(S(s[k] * s[k + m], 0, n - m), 1, n, m)
ALIGNING = (
    [
        (S(s[k], 0, n + 1), S(s[k]) + s[n + 1], al),
        (S(s[k]), s[0] + S(s[k], 1), al),
        (S(s[k], -1, n + 2), s[-1] + S(s[k]) + s[n + 1] + s[n + 2], al),
        (S(s[k + m], 0, n), S(s[k], m, n + m), al),
        (S(s[k]), S(s[n - k]), al),
        (S(s[k], 1, n), S(s[n + 1 - k], 1, n), al),
        (S(3), 3 * n + 3, al),
        (S(s[k] + 2), S(s[k]) + 2 * n + 2, al),
        (S(S(s[k], m, m + 1), 0, n, m), S(s[m] + s[m + 1], 0, n, m), al),
        (S(S(s[k] + s[m], 0, n, m)), 2 * (n + 1) * S(s[k]), al),
        (S(s[k] * s[n - k] * k), S(s[k] * s[n - k] * (n - k)), al),
        (S(b[k]) * conjugate(S(b[k])), S(b[k]) * S(conjugate(b[k])), al),
        (S(S(s[k] * s[m], 0, n, m)), S(s[k]) ** 2, al),
        (S(s[k]) ** 2, S(s[k] ** 2) + 2 * triangle, ind),
        (S(k * s[k], 1), S(S(s[k], m, n), 1, n, m), ind),
        (
            (n + 1) * S(s[k] ** 2) - S(s[k]) ** 2,
            S(S((s[k] - s[m]) ** 2, 0, m - 1), 0, n, m),
            ind,
        ),
    ],
    [
        (S(s[k], 0, n + 1), S(s[k]), al),
        (S(s[k]), S(s[k], 1), al),
        (S(s[k], -1, n + 2), s[-1] + S(s[k]) + s[n + 1], al),
        (S(s[k + m], 0, n), S(s[k], m, n), al),
        (S(s[k]), S(s[n - k + 1]), al),
        (S(s[k], 1, n), S(s[n - k], 1, n), al),
        (S(3), 3 * n, al),
        (S(s[k] + 2), S(s[k]) + 2 * n, al),
        (S(k), S(n, 0, n), al),
        (S(S(s[k] + s[m], 0, n, m)), 2 * n * S(s[k]), al),
        (S(s[k] * s[n - k] * k), S(s[k] * s[n - k] * n), al),
        (S(b[k]) * conjugate(S(b[k])), S(b[k]) ** 2, al),
        (S(s[k]) ** 2, S(s[k] ** 2) + triangle, ind),
        (S(s[k]) ** 2, S(s[k] ** 2), al),
        (S(half**k, 0, sp.oo), 1 + S(half**k, 0, sp.oo), al),
        (
            (n + 1) * S(s[k] ** 2) - S(s[k]) ** 2,
            S(S((s[k] - s[m]) ** 2, 0, m), 1, n + 1, m),
            ind,
        ),
    ],
)


@pytest.mark.parametrize("row", ALIGNING[0], ids=lambda row: str(row[0]))
def test_aligning_accepts(accepts, row):
    accepts(row, "proved")


@pytest.mark.parametrize("row", ALIGNING[1], ids=lambda row: str(row[0]))
def test_aligning_rejects(rejects, row):
    rejects(row)


def test_an_index_is_not_captured_by_an_inner_sum(accepts, rejects):
    inner = S(s[k + m], 0, 2)
    both = S(inner, 0, n, m) + S(s[k])
    once = S(inner + s[m], 0, n, m)
    accepts((both, once, al), "proved")
    rejects((both, S(inner, 0, n, m) + S(s[k + 1]), al))


chapter = Chapter("instances-demo")
for name in ("x", "y", "z"):
    chapter.symbols(name, "positive")
chapter.symbols("r", "real")
j = chapter.symbols("j", "integer")
J = chapter.symbols("J", "integer positive")
chapter.symbols("f", "positive")
f = sp.IndexedBase("f", positive=True)
logs = by.logarithms()


def tangent(number="C1"):
    chapter.claims.pop(number, None)
    chapter._origins.pop(number, None)
    return (
        chapter.claim(number, "tangent", kind="inequality")
        .lemma(log(x), "log")
        .le(x - 1, by.convex(x, at=1))
    )


def inst(*terms, then=logs):
    return by.instances("log", terms, then)


GOOD = [
    (log(y), y - 1, inst((1, {x: y}))),
    (log(y / z), y / z - 1, inst((1, {x: y / z}))),
    (log(y) + 2 * log(z), y + 2 * z - 3, inst((1, {x: y}), (2, {x: z}))),
    (log(1 / y) * z, (1 / y - 1) * z, inst((z, {x: 1 / y}))),
    (
        Sum(log(f[j]), (j, 1, J)),
        Sum(f[j] - 1, (j, 1, J)),
        inst((1, {x: f[j]}, (j, 1, J)), then=by.splitting()),
    ),
    (
        Sum(log(f[j] * y), (j, 1, J)) / J,
        log(y * z) + Sum(f[j], (j, 1, J)) / (J * z) - 1,
        inst((1 / J, {x: f[j] / z}, (j, 1, J)), then=by.splitting(logs)),
    ),
]
BAD = [
    (log(y), y - 2, inst((1, {x: y}))),
    (-log(y), 1 - y, inst((-1, {x: y}))),
    (log(r), r - 1, inst((1, {x: r}))),
    (log(y - z), y - z - 1, inst((1, {x: y - z}))),
    (r * log(y), r * (y - 1), inst((r, {x: y}))),
    (log(y), y - 1, inst((2, {x: y}))),
    (y - 1, log(y), inst((1, {x: y}))),
    (
        Sum(log(f[j]), (j, 3, J)),
        Sum(f[j] - 1, (j, 3, J)),
        inst((1, {x: f[j]}, (j, 3, J)), then=by.splitting()),
    ),
]


@pytest.mark.parametrize(("lhs", "rhs", "check"), GOOD)
def test_instances_accept(lhs, rhs, check):
    claim = tangent().show(lhs).le(rhs, check)
    assert claim.level.value == "proved"
    assert survivors(controls(claim, 8)) == []


@pytest.mark.parametrize(("lhs", "rhs", "check"), BAD)
def test_instances_reject(lhs, rhs, check):
    with pytest.raises(DerivationError):
        tangent().show(lhs).le(rhs, check)


def test_instances_turn_around():
    claim = tangent().show(z - 1).ge(log(z), inst((1, {x: z})))
    assert claim.level.value == "proved"


def test_instances_need_an_inequality():
    claim = chapter.claim("C2", "an equation").lemma(x + x, "log")
    claim.eq(2 * x, by.expand())
    with pytest.raises(ClaimError, match="not an inequality"):
        claim.show(log(y)).le(y - 1, inst((1, {x: y})))


def test_families_of_matrices():
    """A sum of words with a family of noncommuting letters."""
    here = Chapter("matrix-families")
    t, j = here.symbols("t j", "integer nonnegative")
    A = here.symbols("A", "noncommutative")
    here.symbols("u", "noncommutative")
    u = sp.IndexedBase("u", commutative=False)

    def states(last, power):
        return Sum(power * u[j], (j, 0, last))

    step = A * states(t, A ** (t - j)) + u[t + 1]
    claim = (
        here.claim("C1", "unrolled")
        .show(step)
        .eq(states(t + 1, A ** (t + 1 - j)), by.aligning(by.words()))
    )
    assert claim.level.value == "proved"
    assert survivors(controls(claim, 8)) == []
    wrong = states(t, A ** (t - j)) * A + u[t + 1]
    for number, lhs in (("C2", wrong), ("C3", step + u[t])):
        with pytest.raises(DerivationError):
            here.claim(number, "wrong").show(lhs).eq(
                states(t + 1, A ** (t + 1 - j)), by.aligning(by.words())
            )


def test_a_letter_stays_on_its_side_of_a_sum():
    """It was divided away with the sum, without end if it stood behind."""
    here = Chapter("matrix-sides")
    t, j = here.symbols("t j", "integer nonnegative")
    A = here.symbols("A", "noncommutative")
    here.symbols("u", "noncommutative")
    u = sp.IndexedBase("u", commutative=False)
    words = by.aligning(by.words())

    def behind(last, power):
        return Sum(u[j] * power, (j, 0, last))

    whole = behind(t + 1, A ** (t + 1 - j))
    good = behind(t, A ** (t - j)) * A + u[t + 1]
    claim = here.claim("C1", "behind").show(good).eq(whole, words)
    assert claim.level.value == "proved"
    wrong = A * behind(t, A ** (t - j)) + u[t + 1]
    with pytest.raises(DerivationError, match="words are left over"):
        here.claim("C2", "before").show(wrong).eq(whole, words)


def test_a_determinant_is_shown_and_multiplied_out(accepts, rejects):
    shown = sp.Determinant(sp.ImmutableMatrix([[r, 1], [x, r]]))
    accepts((shown, r**2 - x, by.expand()), "proved")
    rejects((shown, r**2 + x, by.expand()))


def test_the_innermost_of_nested_sums_keeps_its_range(accepts, rejects):
    inner = S(s[k], m, n + 1)
    accepts(
        (S(inner, 0, n, m), S(s[n + 1] + S(s[k], m, n), 0, n, m), al), "proved"
    )
    rejects((S(inner, 0, n, m), S(s[n] + S(s[k], m, n), 0, n, m), al))


def test_families_of_numbers_inside_integrals(accepts, rejects):
    area = sp.Integral(S(s[k] * r**k, 1), (r, 0, 1))
    power = S(s[k] * r ** (k + 1) / (k + 1), 1)
    right, wrong = S(s[k] / (k + 1), 1), S(s[k] / (k + 2), 1)
    check = by.antiderivative(power, by.aligning())
    accepts((area, right, check), "proved")
    rejects((area, wrong, check))


def test_waves_with_several_exponents(accepts, rejects):
    wave = sp.exp(sp.I * sp.pi * r * (-1 - n))
    check = by.antiderivative(then=by.rewriting(sp.cos, "cancel"))
    accepts((sp.Integral(wave, (r, -1, 1)), sp.S.Zero, check), "proved")
    rejects((sp.Integral(wave, (r, -1, 1)), sp.S.One, check))


def mean(term):
    return Sum(term, (j, 1, J)) / J


def test_a_given_relation_between_sums_is_an_instance():
    small = mean(f[j]) <= y * z
    claim = (
        chapter.claim("C4", "given sums", kind="inequality")
        .given(small)
        .show(mean(f[j]) / (y * z))
        .le(1, by.instances(small, [(1 / (y * z), {})]))
    )
    assert claim.level.value == "proved"
    found = controls(claim)
    assert any(c.outcome == "killed" for c in found)
    assert survivors(found) == []
    shown = [a["text"] for a in claim.to_dict()["assumptions"]]
    assert shown[0] == "f, y, z > 0"


def test_a_relation_that_is_not_given_is_no_instance():
    small, other = mean(f[j]) <= y, mean(f[j]) <= z
    claim = chapter.claim("C5", "not given", kind="inequality").given(small)
    with pytest.raises(DerivationError):
        claim.show(mean(f[j])).le(z, by.instances(other, [(1, {})]))


def test_a_tolerance_is_shown_as_a_power_of_ten():
    small = sp.Pow(10, -8, evaluate=False)
    assert to_latex(small) == "10^{-8}"
    assert to_latex(10 / (x + 1)) == r"\frac{10}{x + 1}"
