"""Which files of the repository a test, a chapter or a tool can read.

A file reaches what it imports, at any depth, and what it names in a string.
Where that cannot be told from the source, it reaches too much rather than
too little:

- a package's data files go with each of its modules;
- what imports a module by a computed name reaches its whole folder;
- a test that looks at the repository's folders (``ROOT``, ``__file__``)
  reaches every file, unless it says ``READS = ("folder/*", ...)``;
- the pins, the settings and the harness itself are reached by everything.

``tests/harness/test_reach.py`` compares this with the files that running
tests really open.

python tests/harness/reach.py FILE   # prints what the file reaches
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache, cached_property
from pathlib import Path

# What every result depends on, besides Python itself.
ALWAYS = (
    "pyproject.toml",
    "requirements.txt",
    "tests/conftest.py",
    "tests/seeds.py",
    "tests/harness/",
)
# Where a bare `import name` is looked for, besides the file's own folder.
PATHS = ("book/tools", "tests")
DOTTED = re.compile(r"\b(?:kexue_lib|tests|benchmarks|experiments)(?:\.\w+)+")
# How a test looks at folders of the repository: by these names, and by the
# tool that lists the book's pages.
LOOKING = {"ROOT", "__file__"}
LISTING = "chapters"
# These hold one file a chapter or an experiment, read by its name.
BY_NAME = ("kexue_lib/claims/", "kexue_lib/results/")
READS = ()  # a tool: those who use it say what they read
ANY = "*"
MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)


class Reach:
    """The import graph of a checkout, read from its sources."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def files(self) -> frozenset[str]:
        """Every file that git tracks or would track, if it is there."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "-co", "--exclude-standard"],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split("\0")
        return frozenset(
            name for name in listed if name and (self.root / name).is_file()
        )

    @cached_property
    def always(self) -> frozenset[str]:
        """What every result depends on."""
        return frozenset(f for f in self.files if f.startswith(ALWAYS))

    def of(self, *names: str) -> frozenset[str]:
        """Return every file that the named files can reach.

        Raises:
            FileNotFoundError: a name is not a file of the checkout.
        """
        if missing := set(names) - self.files:
            raise FileNotFoundError(f"not in the checkout: {sorted(missing)}")
        seen: set[str] = set()
        queue = [*names]
        while queue:
            name = queue.pop()
            if name not in seen:
                seen.add(name)
                queue += self.direct(name)
        return frozenset(seen) | self.always

    def digest(self, names: Iterable[str]) -> str:
        """Return one hash of the contents of files and of this Python."""
        total = hashlib.sha256(platform.python_version().encode())
        for name in sorted(names):
            total.update(f"{name}\0{self.content(name)}\0".encode())
        return total.hexdigest()[:32]

    def digest_with(self, names: Iterable[str], *texts: object) -> str:
        """Return one hash of files and of texts besides."""
        joined = "\0".join([self.digest(names), *map(str, texts)])
        return hashlib.sha256(joined.encode()).hexdigest()[:32]

    def code(self, name: str) -> str:
        """Return the Python source of a file or a notebook."""
        text = (self.root / name).read_text("utf-8")
        return code_of(json.loads(text)) if name.endswith(".ipynb") else text

    @cache  # noqa: B019 - one Reach lives as long as the program
    def content(self, name: str) -> str:
        """Return the hash of a file."""
        return hashlib.sha256((self.root / name).read_bytes()).hexdigest()

    @cache  # noqa: B019
    def direct(self, name: str) -> frozenset[str]:
        """Return what a file reaches in one step."""
        if not name.endswith((".py", ".ipynb")):
            return frozenset()
        source = self.code(name)
        facts = facts_of(source)
        found = set(self._imported(name, facts))
        found |= self._named(name, facts, source)
        found |= self._around(name, facts)
        return frozenset(found - {name})

    # -- imports ----------------------------------------------------------

    def _imported(self, name: str, facts: Facts) -> Iterator[str]:
        folder = Path(name).parent
        for module in facts.modules:
            yield from self._module(folder, module)
        for level, module, names in facts.froms:
            base = module
            if level:
                parts = folder.parts[: len(folder.parts) + 1 - level]
                base = ".".join([*parts, *filter(None, [module])])
            yield from self._module(folder, base)
            for each in names:
                yield from self._module(folder, f"{base}.{each}")
        # `import kexue_lib`: a sub-package loads when its name is read.
        for attribute in facts.lazily:
            if attribute == ANY:
                yield from self._below("kexue_lib/")
            yield from self._module(Path(), f"kexue_lib.{attribute}")

    def _module(self, folder: Path, dotted: str) -> Iterator[str]:
        """Yield the files that importing ``dotted`` runs, if it is ours."""
        parts = dotted.split(".")
        for place in ("", folder.as_posix(), *PATHS):
            prefix = f"{place}/" if place not in ("", ".") else ""
            found = [
                path
                for depth in range(1, len(parts) + 1)
                for stem in ("/".join(parts[:depth]),)
                for path in (
                    f"{prefix}{stem}.py",
                    f"{prefix}{stem}/__init__.py",
                )
                if path in self.files
            ]
            if found:
                yield from found
                return

    # -- names in strings, data, folders -----------------------------------

    def _named(self, name: str, facts: Facts, source: str) -> set[str]:
        folder = Path(name).parent.as_posix()
        found = {
            path
            for text in facts.strings
            for path in (text, f"{folder}/{text}")
            if path in self.files
        }
        for text in facts.strings:
            for dotted in DOTTED.findall(text):
                found |= set(self._module(Path(folder), dotted))
        if not name.startswith("kexue_lib/"):
            found |= {
                path
                for path in self._below(*BY_NAME)
                if Path(path).stem in source
            }
        return found

    def _around(self, name: str, facts: Facts) -> set[str]:
        """What lies in a file's folder and may be read by it."""
        folder = Path(name).parent.as_posix()
        found: set[str] = set()
        if name.startswith("kexue_lib/"):
            found |= {
                path
                for path in self._below(f"{folder}/")
                if not path.endswith(".py") and not path.startswith(BY_NAME)
            }
            if "import_module" in facts.names and folder != "kexue_lib":
                found |= set(self._below(f"{folder}/"))
        if name.startswith("tests/"):
            place = Path(name).parent
            for parent in (place, *place.parents):
                conftest = (parent / "conftest.py").as_posix()
                found |= {conftest} & self.files
            if facts.reads is not None:
                found |= {
                    path
                    for path in self.files
                    if any(fnmatch(path, each) for each in facts.reads)
                }
            elif facts.names & LOOKING or any(
                module == LISTING for _, module, _ in facts.froms
            ):
                found |= self.files
        return found

    def _below(self, *places: str) -> Iterator[str]:
        for path in self.files:
            if path.startswith(places):
                yield path


@dataclass(frozen=True)
class Facts:
    """What one source says about other files.

    Attributes:
        modules: imported by ``import a.b``.
        froms: (level, module, names) of ``from a import b``.
        lazily: attributes read of an imported ``kexue_lib``; :data:`ANY`
            where its use cannot be followed.
        strings: its strings, but not docstrings.
        names: every name that is imported or read, and `import_module`.
        reads: ``READS = (...)`` of a test module.
    """

    modules: frozenset[str]
    froms: frozenset[tuple[int, str, tuple[str, ...]]]
    lazily: frozenset[str]
    strings: frozenset[str]
    names: frozenset[str]
    reads: tuple[str, ...] | None


@cache
def facts_of(source: str) -> Facts:
    """Read a source once."""
    tree = ast.parse(source)
    nodes = list(running(tree))
    imports = [n for n in nodes if isinstance(n, ast.Import)]
    aliases = [a for n in imports for a in n.names]
    mute = {id(n.value) for n in nodes if isinstance(n, ast.Expr)}
    return Facts(
        modules=frozenset(a.name for a in aliases),
        froms=frozenset(
            (n.level, n.module or "", tuple(a.name for a in n.names))
            for n in nodes
            if isinstance(n, ast.ImportFrom)
        ),
        lazily=frozenset(
            attribute
            for a in aliases
            if a.name == "kexue_lib"
            for attribute in attributes(a.asname or a.name, nodes)
        ),
        strings=frozenset(
            n.value
            for n in nodes
            if isinstance(n, ast.Constant)
            and isinstance(n.value, str)
            and id(n) not in mute
        ),
        names=frozenset(
            n.id
            if isinstance(n, ast.Name)
            else n.attr
            if isinstance(n, ast.Attribute) and n.attr == "import_module"
            else n.name
            for n in nodes
            if isinstance(n, ast.Name | ast.alias)
            or (isinstance(n, ast.Attribute) and n.attr == "import_module")
        ),
        reads=declared(tree),
    )


def attributes(name: str, nodes: list[ast.AST]) -> Iterator[str]:
    """Yield the attributes that are read of a name."""
    read = {id(n.value): n.attr for n in nodes if isinstance(n, ast.Attribute)}
    for node in nodes:
        if isinstance(node, ast.Name) and node.id == name:
            yield read.get(id(node), ANY)


def running(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk a module without what stands there for type checkers only."""
    queue = [tree]
    while queue:
        node = queue.pop()
        yield node
        test = node.test if isinstance(node, ast.If) else None
        if isinstance(test, ast.Name) and test.id == "TYPE_CHECKING":
            queue += node.orelse
        else:
            queue += ast.iter_child_nodes(node)


def declared(tree: ast.Module) -> tuple[str, ...] | None:
    """Return what a test module says that it reads: ``READS = (...)``."""
    for node in tree.body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "READS"
        ):
            return tuple(ast.literal_eval(node.value))
    return None


def code_of(notebook: dict) -> str:
    """Return the code cells of a notebook as one Python source."""
    cells = [
        "".join(c["source"])
        for c in notebook["cells"]
        if c["cell_type"] == "code"
    ]
    kept = [MAGIC.sub(r"\1pass", c) for c in cells if not c.startswith("%%")]
    return "\n".join(kept)


if __name__ == "__main__":
    reach = Reach(Path(__file__).parents[2])
    for path in sorted(reach.of(*sys.argv[1:])):
        print(path)
