"""A chapter: its symbols, its names, its claims."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import sympy as sp

from kexue_lib.derive import index
from kexue_lib.derive.checks.measure import Reading
from kexue_lib.derive.claims import Claim
from kexue_lib.derive.coverage import Coverage, covered
from kexue_lib.derive.errors import ClaimError
from kexue_lib.derive.genuine import require_bound, require_genuine
from kexue_lib.derive.levels import Level
from kexue_lib.derive.naming import meaning, named, symbols_in
from kexue_lib.derive.objects import Sentence

KINDS = (
    "definition",
    "identity",
    "inequality",
    "limit",
    "asymptotic",
    "optimum",
    "expectation",
    "empirical",
    "heuristic",
    "quoted",
)
SOURCES = ("post", "paper", "own")
RANKS = ("result", "lemma")
MOST_WORDS = 15
_FACTS = frozenset(
    [
        "integer",
        "real",
        "complex",
        "rational",
        "positive",
        "negative",
        "nonnegative",
        "nonpositive",
        "nonzero",
        "even",
        "odd",
        "prime",
        "imaginary",
        "finite",
        "commutative",
        "noncommutative",
    ]
)


class Chapter:
    """The symbols, names and claims of one chapter.

    Args:
        slug: the chapter's name in ids, such as ``hippo-matrices``.

    Raises:
        ValueError: the slug is not lower-case letters, digits, hyphens.
    """

    def __init__(self, slug: str) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", slug):
            raise ValueError(
                f"slug={slug!r}: use lower-case letters, digits and hyphens"
            )
        self.slug = slug
        self.claims: dict[str, Claim] = {}
        self.names: dict[type, tuple[Any, ...]] = {}
        self._symbols: dict[str, sp.Symbol] = {}
        self._origins: dict[str, tuple[Any, Any]] = {}

    def symbols(self, names: str, assumptions: str) -> Any:
        """Declare symbols with SymPy's assumptions, as words.

        A name may be declared again; later claims mean the last declaration.

        Args:
            names: names separated by spaces.
            assumptions: such as ``"integer nonnegative"`` or ``"complex"``.

        Returns:
            One symbol, or a tuple of them.

        Raises:
            ValueError: no assumption, an unknown one, words that leave only
                0, or that make real what is called complex.
        """
        facts = assumptions.split()
        if not facts:
            raise ValueError(f"symbols {names!r}: state an assumption")
        for fact in facts:
            if fact not in _FACTS:
                raise ValueError(
                    f"unknown assumption {fact!r}; known: "
                    f"{', '.join(sorted(_FACTS))}"
                )
        table = {f: True for f in facts if f != "noncommutative"}
        if "noncommutative" in facts:
            table["commutative"] = False
        made = tuple(sp.Symbol(n, **table) for n in names.split())
        if "complex" in facts and any(symbol.is_real for symbol in made):
            raise ValueError(
                f"symbols {names!r}: to SymPy {assumptions!r} is real; "
                "declare complex alone, and give Ne(a, 0) where it is needed"
            )
        if any(symbol.is_zero for symbol in made):
            raise ValueError(
                f"symbols {names!r}: {assumptions!r} leaves only 0; write 0"
            )
        for symbol in made:
            self._symbols[symbol.name] = symbol
        return made[0] if len(made) == 1 else made

    def let(
        self, name: str, params: Any, body: Any, tex: str | None = None
    ) -> Callable[..., Any]:
        """Name an expression: shown as the name, checked as its meaning.

        Args:
            name: how the text output calls it.
            params: symbol or tuple of symbols; integer ones become
                subscripts, others stand in parentheses.
            body: SymPy expression or matrix.
            tex: LaTeX of the name where it is not the name itself.

        Returns:
            A function of as many arguments as there are parameters.

        Raises:
            ClaimError: ``body`` has symbols that are neither parameters nor
                declared in the chapter.
        """
        given = params if isinstance(params, tuple) else (params,)
        if isinstance(body, sp.MatrixBase):
            body = sp.ImmutableMatrix(body)
        if not isinstance(body, sp.Basic):
            raise TypeError(f"let {name}: not a SymPy object: {body!r}")
        require_genuine(body, f"let {name}")
        require_bound(body, f"let {name}")
        for symbol in symbols_in(body):
            self.require_known(symbol, f"let {name}")
        made = named(name, given, body, tex)
        self.names[made] = meaning(made)
        return made

    def claim(
        self,
        number: str,
        title: str,
        *,
        kind: str = "identity",
        source: str = "own",
        at: str = "",
        uses: str | tuple[str, ...] = (),
        corrects: str | None = None,
        printed: str = "",
        exercises: str = "",
        rank: str = "result",
    ) -> Claim:
        """Begin a claim.

        Args:
            number: such as ``"C10"``; the id is ``chapter.number``.
            title: the result as a sentence of at most 15 words, Markdown
                with $maths$ (a formula counts as one word).
            kind: one of :data:`KINDS`.
            source: ``post``, ``paper`` or ``own``.
            at: where in the source, such as ``"archives/10114, eq. 12"``.
            uses: claims to point at: numbers of this chapter (``"C7 C9"``),
                full ids of others. What a check consumes adds itself.
            corrects: the refuted claim that this one replaces; they share
                a side.
            printed: of a refuted claim with a source: its LaTeX, letter by
                letter as printed there.
            exercises: names of the library's functions that a measured
                claim is about, separated by spaces.
            rank: ``result``, or ``lemma`` for what only helps others.

        Raises:
            ClaimError: bad number, title, kind, source or rank; duplicate
                id; unknown or circular ``uses``.
        """
        full = f"{self.slug}.{number}"
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", number):
            raise ClaimError(f"number={number!r}: use something like C10")
        if kind not in KINDS:
            raise ClaimError(f"{full}: kind={kind!r} is not in {KINDS}")
        if source not in SOURCES:
            raise ClaimError(f"{full}: source={source!r} is not in {SOURCES}")
        if rank not in RANKS:
            raise ClaimError(f"{full}: rank={rank!r} is not in {RANKS}")
        words = len(re.sub(r"\$[^$]*\$", "x", title).split())
        if words > MOST_WORDS:
            raise ClaimError(
                f"{full}: its title has {words} words; say the result in "
                f"{MOST_WORDS} at most"
            )
        listed = uses.split() if isinstance(uses, str) else list(uses)
        ids = tuple(self._full_id(u, full) for u in listed)
        wrong = None
        if corrects is not None:
            wrong = self._full_id(corrects, full)
            if self.level_of(wrong) is not Level.REFUTED:
                raise ClaimError(f"{full} corrects {wrong}: not refuted")
        if full in ids or full in self.ancestors(ids):
            raise ClaimError(f"{full}: circular use through {ids}")
        for used in ids:
            if self.level_of(used) is Level.REFUTED:
                raise ClaimError(f"{full} uses {used}, which is refuted")
        self._register(number, full)
        made = Claim(
            self,
            number,
            title,
            kind,
            source,
            at,
            ids,
            wrong,
            rank=rank,
            printed=printed,
            exercises=tuple(exercises.split()),
        )
        self.claims[number] = made
        return made

    def covers(
        self,
        post: int,
        displays: int,
        settled: dict[int | str, str],
        *,
        copy: str,
        unit: str = "displays",
    ) -> Coverage:
        """Say what became of each numbered display of the post.

        The last expression of a cell after all claims; displays itself.

        Args:
            post: its number in the archive.
            displays: how many displays it has.
            settled: for each display (``3``) or range (``"4-6"``) the
                numbers of claims (``"C3 C3a"``), or a reason in words that
                begins ``definition:``, ``quotation:``, ``picture:`` or
                ``open:``.
            copy: month of the copy that was read, such as ``"2026-05"``.
            unit: ``statements`` where the post has no displays, and those
                of the chapter's specification are counted.

        Raises:
            ClaimError: a display is left out or named twice, a claim does
                not exist, only refuted claims are named, or a reason is of
                no known kind.
        """

        def find(name: str) -> tuple[str, Level]:
            full = self._full_id(name, f"{self.slug}: covers({post})")
            return full, self.level_of(full)

        return covered(self.slug, post, displays, settled, copy, unit, find)

    def __getitem__(self, number: str) -> Claim:
        """Return the claim of that number.

        Raises:
            KeyError: there is none.
        """
        try:
            return self.claims[number]
        except KeyError:
            known = ", ".join(self.claims) or "none"
            raise KeyError(
                f"{self.slug} has no claim {number!r}; it has {known}"
            ) from None

    def require_known(self, symbol: sp.Symbol, where: str) -> None:
        """Raise ClaimError unless ``symbol`` was declared here."""
        if isinstance(symbol, sp.Dummy | Sentence | Reading):
            return
        known = self._symbols.get(symbol.name)
        if known == symbol:
            return
        if known is None:
            raise ClaimError(
                f"{where}: unknown symbol {symbol.name}; declare it with "
                f"chapter.symbols({symbol.name!r}, ...)"
            )
        raise ClaimError(
            f"{where}: symbol {symbol.name} has other assumptions than the "
            f"one declared in {self.slug}"
        )

    def level_of(self, full: str) -> Level:
        """Own level of a claim of this or another chapter."""
        slug, number = full.split(".")
        if slug == self.slug:
            return self.claims[number].level
        return Level(index.entry(full)["level"])

    def ancestors(self, ids: tuple[str, ...]) -> list[str]:
        """All claims that ``ids`` are or rest on, sorted."""
        seen: set[str] = set()
        queue = list(ids)
        while queue:
            full = queue.pop()
            if full in seen:
                continue
            seen.add(full)
            slug, number = full.split(".")
            if slug == self.slug and number in self.claims:
                queue += self.claims[number].consumes
            elif slug != self.slug:
                queue += index.entry(full)["consumes"]
        return sorted(seen)

    def _full_id(self, name: str, where: str) -> str:
        if "." not in name:
            name = f"{self.slug}.{name}"
        slug, number = name.split(".", 1)
        known = (
            number in self.claims if slug == self.slug else (index.known(name))
        )
        if not known and name != where:
            raise ClaimError(f"{where} uses {name}, which does not exist")
        return name

    def _register(self, number: str, full: str) -> None:
        """Refuse a second claim of that number, except a cell run again."""
        origin = _running_cell()
        before = self._origins.get(number)
        if before is not None and not _same_cell_again(before, origin):
            raise ClaimError(
                f"duplicate claim {full}: another cell has it already (run "
                "the cell that makes the Chapter to start afresh)"
            )
        self._origins[number] = origin


def _running_cell() -> tuple[Any, Any]:
    """Return (which cell, which execution) in IPython, else nothing."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return None, None
    parent: Any = getattr(getattr(shell, "kernel", None), "get_parent", dict)()
    cell = (parent or {}).get("metadata", {}).get("cellId")
    if cell is None:
        history = shell.user_ns.get("In") or [""]
        cell = history[-1]
    return cell, shell.execution_count


def _same_cell_again(before: tuple[Any, Any], now: tuple[Any, Any]) -> bool:
    return (
        before[0] is not None and before[0] == now[0] and (before[1] != now[1])
    )
