"""Levels of evidence and relations: the vocabulary of a claim."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Level(Enum):
    """What a check has earned, strongest first."""

    PROVED = "proved"
    """The trusted core decided every step."""
    CITED = "cited"
    """As proved, but a named theorem is quoted, its hypotheses checked."""
    EXACT = "exact"
    """Every member of a finite set, exactly."""
    CERTIFIED = "certified"
    """Enclosures over the whole domain."""
    ARGUED = "argued"
    """Every formula is checked, and a link between them is in words."""
    NUMERIC = "numeric"
    MEASURED = "measured"
    QUOTED = "quoted"
    HEURISTIC = "heuristic"
    NOT_REPRODUCED = "not reproduced"
    REFUTED = "refuted"

    @property
    def rank(self) -> int:
        """0 for the strongest level."""
        return list(Level).index(self)


def weakest(levels: Iterable[Level]) -> Level:
    """Return the level of a chain whose steps have ``levels``.

    Raises:
        ValueError: ``levels`` is empty.
    """
    return max(levels, key=lambda level: level.rank)


class Relation(Enum):
    """How the two sides of a step are related: (text, LaTeX)."""

    EQ = ("=", "=")
    NE = ("!=", r"\ne")
    LT = ("<", "<")
    LE = ("<=", r"\le")
    GT = (">", ">")
    GE = (">=", r"\ge")
    SIM = ("~", r"\sim")
    APPROX = ("≈", r"\approx")

    @property
    def text(self) -> str:
        """The relation in plain text."""
        return self.value[0]

    @property
    def latex(self) -> str:
        """The relation in LaTeX."""
        return self.value[1]


# A chain such as a <= b = c < d has the relation a < d.
_STRENGTH = {
    Relation.EQ: 0,
    Relation.LE: 1,
    Relation.GE: 1,
    Relation.LT: 2,
    Relation.GT: 2,
}
_UP = {Relation.LE, Relation.LT}
_DOWN = {Relation.GE, Relation.GT}


def composed(relations: list[Relation]) -> Relation:
    """Return the relation between the two ends of a chain.

    Raises:
        ValueError: The steps do not compose, as in ``a <= b >= c``.
    """
    if len(relations) == 1:
        return relations[0]
    kinds = set(relations)
    if kinds <= {Relation.EQ}:
        return Relation.EQ
    if kinds <= {Relation.EQ} | _UP or kinds <= {Relation.EQ} | _DOWN:
        return max(kinds, key=lambda r: _STRENGTH[r])
    for soft in (Relation.SIM, Relation.APPROX):
        if kinds <= {Relation.EQ, soft}:
            return soft
    if kinds == {Relation.EQ, Relation.NE} and (
        relations.count(Relation.NE) == 1
    ):
        return Relation.NE
    written = " ".join(r.text for r in relations)
    raise ValueError(f"relations {written} in one chain do not compose")
