"""The pages of the API, written from the library's own text.

A package says what is public by ``__all__``, a topic module what it is about
by the first line of its docstring; the imports of the package join the two.
So a module that is added appears without anybody editing a page. The files
``book/api/<package>.rst`` are made before Sphinx looks for pages (git ignores
them), and the table of contents takes them by a glob.

The library is read, not imported.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "kexue_lib"
INTERNAL = ("sphinxext",)
"""Sub-packages that are tools of the book, not for its readers."""
CHECKS = "kexue_lib.derive.by"
"""Its names are classes under other names: documented as checks."""
LEVELS = '=-~"'


@dataclass(frozen=True)
class Module:
    """A module or package as its text has it."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def summary(self) -> str:
        """The first sentence of the docstring, without the full stop."""
        first = (ast.get_docstring(self.tree) or "").split("\n\n")[0]
        return " ".join(first.split()).removesuffix(".").split(". ")[0]

    @property
    def has_more(self) -> bool:
        """Whether the docstring says more than one paragraph."""
        return "\n\n" in (ast.get_docstring(self.tree) or "")

    def public(self) -> list[str]:
        """Names in ``__all__``; without a list, the public definitions."""
        for node in self.tree.body:
            match node:
                case ast.Assign(
                    targets=[ast.Name(id="__all__")],
                    value=ast.List(elts=names),
                ):
                    # The library's own list is made of its sub-packages.
                    if not any(isinstance(n, ast.Starred) for n in names):
                        return [ast.literal_eval(n) for n in names]
        return [n for n in self.places() if not n.startswith("_")]

    def places(self) -> dict[str, int]:
        """Where the module defines its functions, classes and constants."""
        found: dict[str, int] = {}
        for node in self.tree.body:
            match node:
                case ast.FunctionDef() | ast.ClassDef():
                    found[node.name] = node.lineno
                case ast.Assign(targets=[ast.Name(id=name)]):
                    found[name] = node.lineno
                case ast.AnnAssign(target=ast.Name(id=name)):
                    found[name] = node.lineno
        return found

    def node(self, name: str) -> ast.stmt | None:
        """Return the definition of a name."""
        line = self.places().get(name)
        return next((n for n in self.tree.body if n.lineno == line), None)

    def imports(self) -> dict[str, str]:
        """Return name -> module it is imported from, lazy ones included."""
        return {
            alias.asname or alias.name: node.module
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }


def read(library: Path, name: str) -> Module | None:
    """Read a module of the library, None where there is none.

    Args:
        library: the folder that holds ``kexue_lib``.
        name: dotted.
    """
    path = library.joinpath(*name.split("."))
    for file in (path / "__init__.py", path.with_suffix(".py")):
        if file.is_file():
            return Module(name, file, ast.parse(file.read_text("utf-8")))
    return None


def packages(library: Path) -> list[Module]:
    """Return the library and its public sub-packages, by name."""
    names = {
        path.stem
        for path in (library / PACKAGE).iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
        if not path.stem.startswith("_") and path.stem not in INTERNAL
    }
    dotted = [PACKAGE, *(f"{PACKAGE}.{name}" for name in sorted(names))]
    return [module for n in dotted if (module := read(library, n))]


def page(library: Path, package: Module) -> str:
    """Return the page of a package as reStructuredText."""
    lines = [
        ".. Made by kexue_lib.sphinxext.api_pages: edit the docstrings.",
        heading(package.name, 0),
        f".. automodule:: {package.name}\n   :no-members:",
        *body(library, package, 1),
    ]
    return "\n\n".join(lines) + "\n"


def body(library: Path, module: Module, level: int) -> list[str]:
    """Return the sections of a module's names, by where they come from."""
    origin = module.imports()
    topics: dict[str, list[str]] = {}
    inner: list[Module] = []
    for name in module.public():
        below = read(library, f"{module.name}.{name}")
        if below and origin.get(name, module.name) == module.name:
            inner.append(below)
        else:
            topics.setdefault(origin.get(name, module.name), []).append(name)
    lines: list[str] = []
    if module.name == CHECKS:
        return checks(module, level)
    for topic in sorted(topics, key=lambda t: (t != module.name, t)):
        home = read(library, topic)
        if home is None:
            raise ValueError(f"{module.name}: {topic} has no file")
        if topic != module.name:
            lines += section(home, level)
        places = home.places()
        found = [
            entry(module.name, home.node(n), n)
            for n in sorted(topics[topic], key=lambda n: places.get(n, 0))
        ]
        # Constants last: who looks for what a function does comes first.
        lines += sorted(found, key=lambda text: "autodata" in text)
    # The library's own page does not repeat those of its packages.
    for below in inner if module.name != PACKAGE else []:
        lines += section(below, level, named=True)
        lines += body(library, below, level + 1)
    return lines


def section(module: Module, level: int, *, named: bool = False) -> list[str]:
    """Return the heading of a topic, and what its docstring says.

    Args:
        module: the topic.
        level: of the heading.
        named: readers import the topic by name, so that it can be linked;
            another topic may share its name with a function.
    """
    lines = [heading(module.summary, level)]
    if named or module.has_more:
        options = "   :no-members:" + ("" if named else "\n   :no-index:")
        lines.append(f".. automodule:: {module.name}\n{options}")
    return lines


def heading(text: str, level: int) -> str:
    """Return a title of a level, 0 for the page's."""
    return f"{text}\n{LEVELS[level] * max(4, len(text))}"


def entry(module: str, node: ast.stmt | None, name: str) -> str:
    """Return autodoc's directive for a name."""
    full = f"{module}.{name}"
    match node:
        case ast.FunctionDef():
            return f".. autofunction:: {full}"
        case ast.ClassDef(bases=bases):
            kinds = {ast.unparse(base) for base in bases}
            # The fields of a tuple are in its docstring.
            members = "" if "NamedTuple" in kinds else "\n   :members:"
            if "Enum" in kinds:
                members += "\n   :undoc-members:"
            return f".. autoclass:: {full}{members}"
        case _:
            return f".. autodata:: {full}"


def checks(module: Module, level: int) -> list[str]:
    """Return the checks under the comments that group them."""
    comments = {
        number: match[1]
        for number, line in enumerate(
            module.path.read_text("utf-8").splitlines(), 1
        )
        if (match := re.match(r"# (.+)", line))
    }
    public = set(module.public())
    lines: list[str] = []
    shown = 0
    for name, place in module.places().items():
        if name not in public:
            continue
        above = max((n for n in comments if n < place), default=0)
        if above > shown:
            shown = above
            title = comments[above]
            lines.append(heading(title[0].upper() + title[1:], level))
        lines.append(f".. check:: {module.name}.{name}")
    return lines


def write(library: Path, folder: Path) -> list[str]:
    """Write the pages that changed, delete those of packages gone.

    Returns:
        The names of all packages.
    """
    wanted = {
        folder / f"{p.name.removeprefix(f'{PACKAGE}.')}.rst": page(library, p)
        for p in packages(library)
    }
    folder.mkdir(parents=True, exist_ok=True)
    for path in set(folder.glob("*.rst")) - wanted.keys():
        path.unlink()
    for path, text in wanted.items():
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8")
    return [path.stem for path in wanted]
