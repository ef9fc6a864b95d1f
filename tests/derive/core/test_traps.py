"""Mistakes that a core made once. Each is a test, by its mechanism."""

from __future__ import annotations

import pytest
import sympy as sp

from kexue_lib.derive.core import No, Statement, Unknown, Yes, decide, rules
from kexue_lib.derive.core.enclose import decided, enclose
from kexue_lib.derive.core.nonzero import nonzero
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Kind, Proof
from kexue_lib.derive.core.terms import (
    HALF,
    MINUS,
    ONE,
    PI,
    TWO,
    I,
    Term,
    UnsupportedError,
    add,
    fn,
    mul,
    num,
    over,
    power,
    rel,
    sub,
    subst,
    sym,
)
from kexue_lib.derive.core.words import words_equal
from kexue_lib.derive.objects import Gaussian, Mean

x, y = sym("x", "real"), sym("y", "real")
z = sym("z")
n = sym("n", "integer", "nonnegative", "real")


def _step(a: Term, b: Term, know: Context, *more: rules.Premise) -> Proof:
    return rules.equal(a, b, know, more)


def test_equal_moduli_are_not_added_up_first() -> None:
    # 1 - exp(i x) has two monomials of modulus 1; none dominates.
    know = Context()
    turn = fn("exp", mul(I, x))
    assert not nonzero(sub(ONE, turn), know)
    assert nonzero(sub(num(2), turn), know)
    assert not nonzero(add(ONE, turn, fn("exp", mul(TWO, I, x))), know)


@pytest.mark.parametrize("op", ["~", "≈", "", "=="])
def test_no_default_branch_for_relations(op: str) -> None:
    assert isinstance(decide(Statement(x, op, x)), Unknown)
    with pytest.raises(UnsupportedError, match="relation"):
        decided(op, enclose(ONE))
    with pytest.raises(UnsupportedError, match="relation"):
        Context().holds(Term("rel", op, x, y))


def test_step_of_an_induction_knows_only_the_start() -> None:
    # With n >= 5 given the step would hold for 1/((n-1)...(n-4)) too; the
    # base is 0, so it may not be used.
    k = sym("k", "integer", "real")
    total = Term("sum", Term("var", 0), num(0), n)
    wrong = mul(HALF, n, add(n, ONE))
    given = rel("<=", num(5), n)
    # Abs(n - 4) - (n - 4) is 0 from 4 on, not from 0 on.
    gap = sub(n, num(4))
    wrong = add(wrong, sub(fn("Abs", gap), gap))
    with pytest.raises(UnsupportedError):
        rules.induction(total, wrong, Context((given,)), n, 4 - 4, 1, _step)
    assert k is not n


def test_base_of_an_induction_is_needed() -> None:
    with pytest.raises(UnsupportedError):
        rules.induction(n, add(n, ONE), Context(), n, 0, 1, _step)
    with pytest.raises(UnsupportedError, match="not known"):
        rules.induction(n, n, Context(), n, 1, 1, _step)


def test_elimination_divides_by_the_coefficient() -> None:
    f = fn("?f", x)
    premise = rules.Premise(mul(y, f), mul(y, TWO))
    proof = rules.equal(f, TWO, Context(), [premise])
    assert [c.about for c, _ in proof.still_open] == [y]
    given = Context((rel("!=", y, num(0)),))
    assert not rules.equal(f, TWO, given, [premise]).still_open


def test_optimum_needs_an_interval() -> None:
    gap = rel("!=", x, num(7))
    with pytest.raises(UnsupportedError, match="interval"):
        rules.optimum(True, power(x, TWO), {x: num(0)}, None, Context((gap,)))


@pytest.mark.parametrize("name", ["asin", "acosh", "atanh", "log", "acos"])
def test_real_arguments_do_not_make_it_real(name: str) -> None:
    assert not Context().real(fn(name, x))


def test_bessel_k_of_a_real_argument_may_be_complex() -> None:
    assert not Context().real(fn("besselk", ONE, x))
    assert Context().real(fn("besselk", ONE, sym("a", "positive")))


def test_base_of_a_gamma_class_belongs_to_its_range() -> None:
    # Gamma(k - 5) is written for k >= 6 only; Gamma(k) from 1 on must not
    # be rewritten with it.
    k = sp.Symbol("k", integer=True)
    N = sp.Symbol("N", integer=True, positive=True)
    left = sp.Sum(sp.gamma(k), (k, 1, N)) + sp.Sum(
        sp.gamma(k - 5), (k, 6, N + 6)
    )
    right = sp.Sum(sp.gamma(k - 5), (k, 6, N + 6)) + sp.Sum(
        sp.gamma(k), (k, 1, N)
    )
    found = decide(Statement(term(left), "=", term(right)))
    assert isinstance(found, Yes)


def test_gamma_up_takes_the_lowest_and_its_inverse_the_highest() -> None:
    # 1/Gamma(n - 3) is entire; Gamma(n - 3) is not.
    up = Statement(
        mul(fn("gamma", sub(n, num(3))), sub(n, num(3))),
        "=",
        fn("gamma", sub(n, TWO)),
    )
    assert not isinstance(decide(up), Yes)
    down = Statement(
        over(sub(n, num(3)), fn("gamma", sub(n, TWO))),
        "=",
        over(ONE, fn("gamma", sub(n, num(3)))),
    )
    found = decide(down)
    assert isinstance(found, Yes)
    assert {c.kind for c in found.proof.conventions} == {Kind.CONVENTION}


def test_a_split_power_divides_by_its_base() -> None:
    c = Statement(power(x, sub(n, ONE)), "=", over(power(x, n), x))
    assert not isinstance(decide(c), Yes)


def test_root_of_a_quotient() -> None:
    a, b = sym("a", "positive"), sym("b", "positive")
    root = power(over(a, b), HALF)
    assert isinstance(
        decide(Statement(power(root, TWO), "=", over(a, b))), Yes
    )
    # The atom is b root(a/b): what it is called must be what it is.
    f = Context().field()
    seen = f.to_term(f.quotients(power(over(ONE, fn("exp", x)), HALF))[0])
    assert f.zero(sub(seen, power(over(ONE, fn("exp", x)), HALF)))
    w = over(add(x, I), sub(y, I))
    label = f.to_term(f.quotients(power(w, HALF))[0])
    at = {x: num(3), y: num(-2)}
    gap = enclose(subst(sub(label, power(w, HALF)), at))
    assert gap.contains(0)
    minus = power(mul(MINUS, x), HALF)
    split = mul(power(MINUS, HALF), power(x, HALF))
    assert not isinstance(decide(Statement(minus, "=", split)), Yes)


def test_log_of_a_complex_number_has_no_derivative_on_the_cut() -> None:
    w = sym("w", "nonzero")
    d = Term("diff", fn("log", Term("var", 0)), w)
    assert isinstance(decide(Statement(d, "=", over(ONE, w))), Unknown)


def test_an_integral_with_a_parameter_is_not_differentiated() -> None:
    s, t = sp.symbols("s t", real=True)
    inner = sp.Integral(sp.exp(s * t), (t, 0, 1))
    outer = sp.Derivative(inner, s)
    inside = sp.Integral(t * sp.exp(s * t), (t, 0, 1))
    found = decide(Statement(term(outer), "=", term(inside)))
    assert isinstance(found, Unknown)


def test_an_integer_has_a_real_neighbourhood() -> None:
    # d/dn (-1)^n is not real arithmetic on signs.
    k = sp.Symbol("k", integer=True)
    d = sp.Derivative((-1) ** k, k)
    assert not isinstance(decide(Statement(term(d), "=", num(0))), Yes)


def test_questions_that_come_back_end() -> None:
    # The sign of each sum is asked for while the other is read.
    k = sp.Symbol("k", integer=True)
    N = sp.Symbol("N", integer=True, positive=True)
    g = sp.IndexedBase(sp.Symbol("g", real=True))
    inner = sp.Sum(sp.exp(g[k]), (k, 1, N))
    given = (term(sp.Gt(sp.Sum(g[k] ** 2, (k, 1, N)), inner)),)
    s = Statement(num(0), "<", term(sp.log(1 + inner) * inner), given)
    assert isinstance(decide(s), Yes | Unknown)
    assert isinstance(decide(Statement(s.left, "<", term(inner), given)), Yes)


def test_closed_range_of_convergence() -> None:
    # The pole is at the end of the range, outside its inside.
    t = sp.Symbol("t", real=True)
    same = term(sp.Integral(1 / t, (t, 0, 1)))
    assert isinstance(decide(Statement(same, "=", same)), Unknown)


def test_unused_arguments_must_be_defined() -> None:
    # sign(1/x) of a positive x is 1; of x = 0 it is nothing.
    c = sym("c", "nonnegative")
    s = Statement(fn("sign", over(ONE, c)), "=", ONE)
    assert not isinstance(decide(s), Yes)
    twice = Statement(power(power(x, MINUS), MINUS), "=", x)
    assert not isinstance(decide(twice), Yes)


def test_inverse_of_letters_is_said() -> None:
    A = sym("A", "noncommutative")
    proof = words_equal(mul(A, power(A, MINUS)), ONE, Context())
    assert [c.kind for c in proof.conventions] == [Kind.INVERTIBLE]


def test_complex_squares_are_not_positive() -> None:
    know = Context()
    assert not know.nonnegative(power(z, TWO))
    u = sym("u", "nonzero")
    assert not know.positive(power(u, TWO))
    assert know.positive(power(sym("r", "real", "nonzero"), TWO))


def test_sine_between_its_zeros() -> None:
    with Context().within((x, num(0), PI)):
        pass
    know = Context((rel("<=", num(0), x), rel("<=", x, PI)))
    assert know.nonnegative(fn("sin", x))
    assert not know.positive(fn("sin", x))
    inside = Context((rel("<", num(0), x), rel("<", x, PI)))
    assert inside.positive(fn("sin", x))
    assert not inside.positive(fn("sin", mul(TWO, x)))


def test_premises_need_their_hypotheses() -> None:
    premise = rules.Premise(fn("?f", x), ONE, (rel("<", num(0), x),))
    with pytest.raises(UnsupportedError, match="premise needs"):
        rules.equal(fn("?f", x), ONE, Context(), [premise])


def test_facts_travel_with_a_case() -> None:
    know = rules.put_in(Context(), {sym("m", "positive"): sub(x, y)})
    assert know.positive(sub(x, y))
    there = subst(rel("<", y, x), {})
    assert know.holds(there) is True


def test_nested_binders_do_not_share_a_letter() -> None:
    g, h = sp.symbols("g h", real=True)
    both = Mean(g * h, Gaussian(g), Gaussian(h))
    assert isinstance(decide(Statement(term(both), "=", num(0))), Yes)
    assert not isinstance(decide(Statement(term(both), "=", ONE)), Yes)
    i, j = sp.symbols("i j", integer=True)
    N = sp.Symbol("N", integer=True, positive=True)
    v = sp.IndexedBase("v")
    double = sp.Sum(v[i] * v[j] ** 2, (i, 0, j), (j, 0, N))
    turned = sp.Sum(
        sp.conjugate(v[i]) * sp.conjugate(v[j]) ** 2, (i, 0, j), (j, 0, N)
    )
    wrong = sp.Sum(
        sp.conjugate(v[i]) ** 2 * sp.conjugate(v[i]), (i, 0, j), (j, 0, N)
    )
    left = term(sp.conjugate(double, evaluate=False))
    assert isinstance(decide(Statement(left, "=", term(turned))), Yes)
    assert not isinstance(decide(Statement(left, "=", term(wrong))), Yes)


def test_nested_integrals_are_enclosed_apart() -> None:
    s, t = sp.symbols("s t", real=True)
    area = sp.Integral(s + 2 * t, (s, 0, 1), (t, 0, 2))
    assert enclose(term(area)).contains(5)
    assert not enclose(term(area)).contains(6)


def test_two_splits_by_parity_are_independent() -> None:
    i, j = (sym(c, "integer", "real") for c in "ij")
    sign = power(MINUS, add(i, j))
    half = over(sub(i, j), TWO)

    def inner(know: Context, table: dict[Term, Term]) -> Proof:
        def inside(more: dict[Term, Term], there: Context) -> Proof:
            # i = j would follow if both were twice one number.
            gap = subst(subst(mul(half, add(ONE, sign)), table), more)
            return rules.equal(gap, num(0), there)

        return rules.by_parity(know, j, inside)

    with pytest.raises(UnsupportedError):
        rules.by_parity(Context(), i, lambda table, there: inner(there, table))


def test_an_open_range_keeps_its_letter() -> None:
    # Sum over k of (1/k is fine, k >= 5) times an inner sum from 0: the
    # inner index is not the outer one.
    i, k = sp.symbols("i k", integer=True)
    N = sp.Symbol("N", integer=True, nonnegative=True)
    inner = sp.Sum(1 / sp.Symbol("i", integer=True), (i, 0, N))
    outer = term(sp.Sum(inner / k, (k, 5, N + 60)))
    assert not isinstance(decide(Statement(outer, "=", outer)), Yes)


def test_a_normal_form_that_needs_itself_ends():
    """|e^16/sqrt(sin(-3))|: modulus and conjugate used to call each other."""
    root = sp.Pow(sp.sin(-3, evaluate=False), sp.Rational(1, 2))
    e = term(sp.Abs(sp.exp(16, evaluate=False) / root, evaluate=False))
    assert isinstance(decide(Statement(e, "=", mul(TWO, e))), No)
    assert not isinstance(decide(Statement(e, "=", e)), No)


def test_a_premise_that_contains_itself_ends() -> None:
    # x = x + 0 y: put in again and again it would grow for ever.
    again = rules.Premise(x, add(x, mul(num(0), y)))
    with pytest.raises(UnsupportedError):
        _step(x, add(x, ONE), Context(), again)
    _step(mul(TWO, x), add(x, x), Context(), again)


def test_a_premise_as_written_keeps_its_hypotheses() -> None:
    # y = 1 was shown for x > 0 only.
    premise = rules.Premise(fn("f", y), ONE, (rel("<", num(0), x),))
    with pytest.raises(UnsupportedError):
        _step(fn("f", y), ONE, Context(), premise)
    known = Context((rel("<", num(0), x),))
    _step(fn("f", y), ONE, known, premise)
