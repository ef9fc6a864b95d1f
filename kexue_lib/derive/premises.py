"""Whether an earlier result may be used here: manifestly, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp

from kexue_lib.derive.core.decide import decide
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.rules import NotShownError
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Statement, Yes
from kexue_lib.derive.core.terms import UnsupportedError, subst
from kexue_lib.derive.domain import Domain, symbols_of
from kexue_lib.derive.errors import ClaimError
from kexue_lib.derive.goals import admits
from kexue_lib.derive.naming import symbols_in, unfold
from kexue_lib.derive.statement import RejectedError, Stated

Ranges = tuple[tuple[sp.Symbol, tuple[Any, ...]], ...]


def resolved(
    stated: Stated, at: Mapping[Any, Any]
) -> tuple[tuple[Any, Any], ...]:
    """Return ``at`` with names of symbols replaced by the symbols.

    A result of another chapter has symbols that this one did not declare.

    Raises:
        ClaimError: the earlier result has no symbol of that name.
    """
    known = {s.name: s for s in _free(stated)}
    found = []
    for key, value in at.items():
        symbol = known.get(key) if isinstance(key, str) else key
        if symbol is None:
            names = ", ".join(sorted(known)) or "none"
            raise ClaimError(
                f"{stated.name} has no symbol {key!r}; it has {names}"
            )
        found.append((symbol, sp.sympify(value, strict=True)))
    return tuple(found)


def usable(stated: Stated, at: Mapping[Any, Any], here: Domain) -> Ranges:
    """Check that an earlier result holds at these values.

    Facts of its symbols, its hypotheses and its finite sets must follow
    from what is given here by the core's own means; unknown is no.

    Returns:
        Finite sets to which symbols are confined by using it.

    Raises:
        RejectedError: something is not known to hold.
    """
    try:
        return _usable(stated, at, here)
    except UnsupportedError as error:
        raise RejectedError(
            f"{stated.name} may not hold here: {error}"
        ) from error


def _usable(stated: Stated, at: Mapping[Any, Any], here: Domain) -> Ranges:
    given = tuple(map(term, here.given))
    know = Context(given)
    values = {term(s): term(unfold(v)) for s, v in at.items()}
    for symbol, value in at.items():
        try:
            admits(term(symbol), values[term(symbol)], know)
        except NotShownError as error:
            raise RejectedError(
                f"{stated.name} is used at {symbol} = {value}: {error}"
            ) from error
    for relation in stated.domain.given:
        if not at and relation in here.given:
            continue
        put = subst(term(relation), values)
        if put in given or put.op == "true":
            continue
        if put.op != "rel":
            raise RejectedError(f"{stated.name} needs {put}")
        op, left, right = put.args
        found = decide(Statement(left, op, right, given))
        if not isinstance(found, Yes):
            raise RejectedError(
                f"{stated.name} needs {put}, which is not known here; give "
                "it, or use the result at other values"
            )
    return meet([_confined(stated, at)])


def _confined(stated: Stated, at: Mapping[Any, Any]) -> Ranges:
    found = []
    for symbol, allowed in stated.domain.ranges:
        value = at.get(symbol, symbol)
        if value in allowed:
            continue
        if not isinstance(value, sp.Symbol):
            raise RejectedError(
                f"{stated.name} is known for {symbol} in a finite set, "
                f"which is not known to contain {value}"
            )
        found.append((value, allowed))
    return tuple(found)


def meet(several: Iterable[Ranges]) -> Ranges:
    """Return the values that all of several finite sets have in common.

    Raises:
        RejectedError: there is none.
    """
    found: dict[Any, tuple[Any, ...]] = {}
    for ranges in several:
        for symbol, values in ranges:
            kept = found.get(symbol, values)
            found[symbol] = tuple(v for v in kept if v in values)
            if not found[symbol]:
                raise RejectedError(
                    f"no value of {symbol} is in all the finite sets"
                )
    return tuple(found.items())


def _free(stated: Stated) -> set[Any]:
    sides = symbols_in(stated.lhs) | symbols_in(stated.rhs)
    return set(sides).union(*map(symbols_of, stated.domain.given))
