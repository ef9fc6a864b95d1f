"""What series and rewritings ask about terms as z -> oo."""

from __future__ import annotations

from typing import Protocol

from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.terms import (
    NOO,
    OO,
    I,
    Term,
    UnsupportedError,
    factors,
    mul,
)


class ShallowError(UnsupportedError):
    """More terms are needed."""


class Asker(Protocol):
    """Who answers questions about terms in z as z -> oo."""

    know: Context

    def limit(self, t: Term) -> Term:
        """The limit: a term without z, oo or -oo."""

    def sign(self, t: Term) -> int:
        """1 or -1: the sign of a real term for all large z."""

    def apart(self, t: Term) -> None:
        """Raise unless a term is not 0 for all large z."""

    def constant(self, t: Term) -> Term:
        """The normal form of a term without z; what it needs is recorded."""

    def defined(self, t: Term) -> None:
        """Raise unless a term is defined for all large z."""

    def tidy(self, t: Term) -> Term:
        """The normal form; what it needs holds for all large z."""

    def vanishes(self, t: Term) -> bool:
        """The normal form is 0; what that needs is recorded."""

    def real(self, t: Term) -> bool:
        """Known to be real for all large z."""

    def positive(self, t: Term) -> None:
        """Raise unless an exponential is known to be real."""

    def plain(self, t: Term) -> Term:
        """A term with varying powers written as exponentials."""


def turns(know: Context, u: Term) -> bool:
    """exp(u) has modulus 1: u is i times something real."""
    parts = factors(u)
    if parts.count(I) != 1:
        return False
    rest = mul(*(p for p in parts if p is not I))
    return know.real(rest) or know.real_valued(rest)


def finite(value: Term) -> Term:
    """A limit that is a number."""
    if value in (OO, NOO):
        raise UnsupportedError("a limit that is infinite")
    return value
