"""A claim as data, as Markdown and as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.core.function import AppliedUndef

from kexue_lib.derive.chains import CHECKED
from kexue_lib.derive.checks.measure import Reading
from kexue_lib.derive.core.statement import Kind
from kexue_lib.derive.domain import kind_of, ranges_of, symbols_of
from kexue_lib.derive.formal import written
from kexue_lib.derive.naming import (
    names_in,
    symbols_in,
    tex_name,
    unfold,
)
from kexue_lib.derive.objects import Sentence
from kexue_lib.derive.printing import to_latex, to_text

if TYPE_CHECKING:
    from kexue_lib.derive.chains import Chain
    from kexue_lib.derive.claims import Claim
    from kexue_lib.derive.steps import Step

SCHEMA = "kexue.evidence/2"


def formula(latex: str, text: str) -> dict[str, str]:
    """One formula of the schema."""
    return {"latex": latex, "text": text}


def _shown(obj: Any) -> dict[str, str]:
    return formula(to_latex(obj), to_text(obj))


def as_dict(claim: Claim) -> dict[str, Any]:
    """Return the evidence of a claim (schema ``kexue.evidence/2``)."""
    return {
        "schema": SCHEMA,
        "id": claim.id,
        "chapter": claim.chapter.slug,
        "number": claim.number,
        "title": claim.title,
        "kind": claim.kind,
        "source": {"type": claim.source, "detail": claim.at},
        "level": claim.level.value,
        "level_with_ancestors": claim.level_with_ancestors.value,
        "rank": claim.rank,
        "uses": list(claim.uses),
        "consumes": list(claim.consumes),
        "corrects": claim.corrects,
        "printed": claim.printed,
        "exercises": list(claim.exercises),
        "assumptions": _assumptions(claim),
        "definitions": _definitions(claim),
        "statement": [_conclusion(c, _common(claim)) for c in claim.shown],
        "chains": [_chain(c, _common(claim)) for c in claim.chains],
        "trust": _trust_count(claim),
    }


def _trust_count(claim: Claim) -> dict[str, int]:
    """How many of the steps of proofs trust the core alone."""
    found = [t for t in map(_trusts, claim.steps()) if t is not None]
    return {"proved": len(found), "core": sum(t["core"] for t in found)}


def _objects(claim: Claim) -> list[Any]:
    sides = []
    for chain in claim.chains:
        sides.append(chain.lhs)
        sides += [s.statement.rhs for s in chain.steps]
    return sides


def _assumptions(claim: Claim) -> list[dict[str, str]]:
    symbols: set[Any] = set()
    functions: set[Any] = set()
    for side in _objects(claim):
        open_side = unfold(side)
        symbols |= {
            s
            for s in symbols_in(side)
            if not isinstance(s, sp.Dummy | Sentence | Reading)
        }
        functions |= {f.func for f in open_side.atoms(AppliedUndef)}
    for relation in claim.domain.given:
        symbols |= symbols_of(relation)
        functions |= {f.func for f in unfold(relation).atoms(AppliedUndef)}
    found = _sorts(symbols, "")
    found += [_shown(g) for g in _common(claim)]
    plain = {f.__name__ for f in functions if not f._kwargs}
    if plain:
        known = sorted(plain)
        shown = r",\ ".join(map(tex_name, known))
        found.append(
            formula(rf"{shown}\ \text{{smooth}}", f"{', '.join(known)} smooth")
        )
    # A function with facts is printed with them, as a symbol is.
    values = {sp.Symbol(f.__name__, **f._kwargs) for f in functions}
    return found + _sorts({s for s in values if s.name not in plain}, "smooth")


def _sorts(symbols: set[Any], more: str) -> list[dict[str, str]]:
    """The sets to which symbols belong, those of one set together."""
    groups: dict[tuple[str, str], list[Any]] = {}
    for symbol in sorted(symbols, key=lambda s: (s.name.lower(), s.name)):
        groups.setdefault(kind_of(symbol), []).append(symbol)
    found = []
    for (latex, text), members in groups.items():
        names = r",\ ".join(to_latex(s) for s in members)
        sign = (
            " "
            if latex[0] in "><"
            or latex.startswith(r"\ge")
            or (latex.startswith(r"\le"))
            else r" \in "
        )
        words = (rf",\ \text{{{more}}}", f", {more}") if more else ("", "")
        found.append(
            formula(
                f"{names}{sign}{latex}{words[0]}",
                f"{', '.join(s.name for s in members)} {text}{words[1]}",
            )
        )
    return found


def _common(claim: Claim) -> list[Any]:
    """Hypotheses of every statement of the claim."""
    stated = [c.statement for c in claim.shown if c.steps]
    if not stated:
        return list(claim.domain.given)
    return [
        g
        for g in claim.domain.given
        if all(g in s.domain.given for s in stated)
    ]


def _where(chain: Chain, said: list[Any]) -> list[dict[str, str]]:
    """What a chain supposes besides what the whole claim supposes.

    Hypotheses, finite sets of values, and where a limit is taken.
    """
    if not chain.steps:
        return []
    statement = chain.statement
    domain = statement.domain
    found = [_shown(g) for g in domain.given if g not in said]
    found += [formula(*values) for values in ranges_of(domain)]
    if statement.limit is not None:
        found.append(formula(statement.limit.latex, statement.limit.text))
    return found


def _definitions(claim: Claim) -> list[dict[str, str]]:
    seen: dict[Any, None] = {}
    for side in _objects(claim):
        for name in names_in(side):
            seen[name] = None
    found = []
    for name in seen:
        call = name(*name._params)
        found.append(
            formula(
                f"{to_latex(call)} = {to_latex(name._body)}",
                f"{to_text(call)} = {to_text(name._body)}",
            )
        )
    return found


def _conclusion(chain: Chain, said: list[Any]) -> dict[str, Any]:
    level = {"label": chain.label, "level": chain.level.value}
    if not chain.steps:
        words = _shown(chain.lhs)
        return {**words, **level, "where": [], "formal": None}
    relation = chain.relation
    ends = formula(
        f"{to_latex(chain.lhs)} {relation.latex} {to_latex(chain.rhs)}",
        f"{to_text(chain.lhs)} {relation.text} {to_text(chain.rhs)}",
    )
    usable = written(chain.statement) if chain.role in CHECKED else None
    return {**ends, **level, "where": _where(chain, said), "formal": usable}


def _chain(chain: Chain, said: list[Any]) -> dict[str, Any]:
    return {
        "role": "measure" if chain.role == "miss" else chain.role,
        "label": chain.label,
        "level": chain.level.value,
        "where": _where(chain, said),
        "lhs": _shown(chain.lhs),
        "steps": [_step(step) for step in chain.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    relation = step.statement.relation
    facts = list(step.finding.facts)
    if step.sampled is not None:
        facts.append(step.sampled.fact)
    return {
        "number": step.number,
        "relation": formula(relation.latex, relation.text),
        "rhs": _shown(step.statement.rhs),
        "level": step.finding.level.value,
        "check": step.check.name,
        "how": step.finding.how,
        "reason": step.reason,
        "facts": [{"name": n, "value": v} for n, v in facts],
        "counterexample": _counterexample(step),
        "trusts": _trusts(step),
    }


def _trusts(step: Step) -> dict[str, Any] | None:
    finding = step.finding
    if finding.trusts:
        return {
            "core": False,
            "text": f"trusts {finding.trusts}",
            "conventions": [],
        }
    if finding.proof is None:
        return None
    kinds = dict.fromkeys(c.kind for c in finding.proof.conventions)
    said = [_CONVENTIONS[k] for k in kinds]
    text = ", ".join(["trusts the core alone", *said])
    return {"core": True, "text": text, "conventions": said}


_CONVENTIONS = {
    Kind.CONVENTION: "with 1/Γ = 0 at the poles of Γ",
    Kind.INVERTIBLE: "where the inverses exist",
}


def _counterexample(step: Step) -> dict[str, Any] | None:
    found = step.counterexample
    if found is None:
        return None
    return {
        "point": [
            {"symbol": _shown(s), "value": _shown(v)}
            for s, v in found.point.items()
        ],
        "lhs": _shown(_tidy(found.left)),
        "rhs": _shown(_tidy(found.right)),
    }


def _tidy(value: Any) -> Any:
    """A number a reader can compare: exact if short, else 8 digits."""
    if getattr(value, "is_Matrix", False) or value.is_Rational:
        return value
    return value if value.count_ops() < 8 else value.evalf(8, chop=True)


def as_markdown(data: dict[str, Any]) -> str:
    """Return Markdown with LaTeX, for Jupyter, Colab and GitHub."""
    lines = [
        f"**{data['number']} · {data['title']}** — *{data['level']}*",
        "",
    ]
    for chain in data["chains"]:
        lines += _markdown_chain(chain, data)
    notes = []
    if data["definitions"]:
        notes.append(
            "where "
            + ", ".join(f"${d['latex']}$" for d in data["definitions"])
        )
    if data["assumptions"]:
        notes.append(
            "for " + ", ".join(f"${a['latex']}$" for a in data["assumptions"])
        )
    if data["uses"]:
        notes.append("uses " + ", ".join(data["uses"]))
    if data["corrects"]:
        notes.append(f"corrects {data['corrects']}")
    if notes:
        lines += ["; ".join(notes) + ".", ""]
    return "\n".join(lines).rstrip() + "\n"


_ROLES = {
    "lemma": "Lemma",
    "refute": "Printed, and wrong",
    "quote": "Quoted",
    "argue": "Argument",
}


def _role(chain: dict[str, Any], data: dict[str, Any]) -> str:
    if chain["role"] == "refute" and data["source"]["type"] == "own":
        return "Expected, and wrong"  # nobody has printed it
    return _ROLES.get(chain["role"], "")


def _markdown_chain(chain: dict[str, Any], data: dict[str, Any]) -> list[str]:
    lines = []
    role = _role(chain, data)
    label = f" ({chain['label']})" if chain["label"] else ""
    if role or label:
        lines += [f"*{role}{label}*".replace("* (", "*("), ""]
    rows = [
        ("" if i else chain["lhs"]["latex"] + " ")
        + f"&{s['relation']['latex']} {s['rhs']['latex']}"
        + f" && \\small({s['number']})"
        for i, s in enumerate(chain["steps"])
    ]
    if not rows:
        return [*lines, f"${chain['lhs']['latex']}$", ""]
    body = " \\\\\n".join(rows)
    lines += [f"$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$", ""]
    for s in chain["steps"]:
        why = f"{s['reason']}: " if s["reason"] else ""
        lines.append(f"- ({s['number']}) {why}{s['how']}{_at(s)}{_quiet(s)}")
    if chain["where"]:
        held = ", ".join(f"${w['latex']}$" for w in chain["where"])
        lines.append(f"- for {held}")
    return [*lines, ""]


def _quiet(step: dict[str, Any]) -> str:
    """What the step trusts, in one phrase."""
    found = step["trusts"]
    return "" if found is None else f"; *{found['text']}*"


def _at(step: dict[str, Any]) -> str:
    found = step["counterexample"]
    if found is None:
        return ""
    where = ", ".join(
        f"${p['symbol']['latex']} = {p['value']['latex']}$"
        for p in found["point"]
    )
    return (
        f": at {where or 'its only point'} the left side is "
        f"${found['lhs']['latex']}$, the right side ${found['rhs']['latex']}$"
    )


def as_text(data: dict[str, Any]) -> str:
    """Return plain text for a terminal."""
    lines = [f"{data['id']} [{data['level']}] {data['title']}"]
    for chain in data["chains"]:
        tag = _role(chain, data)
        label = f" ({chain['label']})" if chain["label"] else ""
        head = f"{tag}{label}: " if tag or label else ""
        lines.append(f"  {head}{chain['lhs']['text']}")
        for s in chain["steps"]:
            why = f"{s['reason']}; " if s["reason"] else ""
            lines.append(f"    {s['relation']['text']} {s['rhs']['text']}")
            quiet = "" if s["trusts"] is None else f"; {s['trusts']['text']}"
            lines.append(f"        ({s['number']}) {why}{s['how']}{quiet}")
            found = s["counterexample"]
            if found is not None:
                where = ", ".join(
                    f"{p['symbol']['text']} = {p['value']['text']}"
                    for p in found["point"]
                )
                lines.append(
                    f"        at {where}: {found['lhs']['text']} is not "
                    f"{found['rhs']['text']}"
                )
        lines += [f"    for {w['text']}" for w in chain["where"]]
    for d in data["definitions"]:
        lines.append(f"  where {d['text']}")
    for a in data["assumptions"]:
        lines.append(f"  for {a['text']}")
    return "\n".join(lines)
