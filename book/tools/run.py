"""Execute notebooks and store their outputs in one canonical form.

    python book/tools/run.py [notebook ...]     # all without arguments
    python book/tools/run.py --normalise [...]  # store, do not execute

Executing twice changes no byte. A notebook whose cell fails is reported with
the cell and the error, and its stored file stays as it was.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
from chapters import BookError, notebooks, serialise
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4.rwbase import split_lines

CELL_TIMEOUT = 120
# Differ from run to run, and the static page has no use for them.
VOLATILE_MIMES = ("application/vnd.jupyter.widget-view+json",)
# What lists of chapters say of this one.
KEPT_METADATA = ("summary",)
KEPT_CELL_METADATA = ("tags", "mystnb")


def cell_id(cell: dict[str, Any], taken: set[str]) -> str:
    """Keep a cell's id; one that has none gets a name from its source."""
    wanted = cell.get("id") or ""
    if wanted and wanted not in taken:
        return wanted
    source = f"{cell['cell_type']}\n{cell['source']}"
    digest = hashlib.sha256(source.encode()).hexdigest()
    return next(
        name
        for start in range(0, 57)
        if (name := digest[start : start + 8]) not in taken
    )


def joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join what was printed: a busy kernel sends it in several pieces."""
    found: list[dict[str, Any]] = []
    for output in outputs:
        last = found[-1] if found else {}
        if output["output_type"] == "stream" and (
            last.get("name") == output["name"]
        ):
            last["text"] += output["text"]
        else:
            found.append(output)
    return found


def normalise(notebook: Any) -> Any:
    """Drop what varies between runs or machines; change nothing else."""
    notebook = json.loads(json.dumps(notebook))
    ours = notebook["metadata"].get("kexue", {})
    kept = {key: ours[key] for key in KEPT_METADATA if ours.get(key)}
    notebook["metadata"] = ({"kexue": kept} if kept else {}) | {
        "kernelspec": {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    notebook["nbformat"], notebook["nbformat_minor"] = 4, 5
    taken: set[str] = set()
    for cell in notebook["cells"]:
        cell["id"] = cell_id(cell, taken)
        taken.add(cell["id"])
        cell["metadata"] = {
            key: cell["metadata"][key]
            for key in KEPT_CELL_METADATA
            if cell["metadata"].get(key)
        }
        if "outputs" in cell:
            cell["outputs"] = joined(cell["outputs"])
        for output in cell.get("outputs", []):
            output.pop("transient", None)
            for mime in VOLATILE_MIMES:
                output.get("data", {}).pop(mime, None)
    return nbformat.from_dict(notebook)


def store(path: Path, notebook: Any) -> bool:
    """Write atomically; say whether anything changed."""
    text = serialise(split_lines(normalise(notebook)))
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    scratch = path.with_suffix(".ipynb.new")
    scratch.write_text(text, encoding="utf-8")
    os.replace(scratch, path)
    return True


def failure(path: Path, notebook: Any, error: Exception) -> str:
    """Name chapter, cell and error, as an author needs them."""
    code = [c for c in notebook.cells if c.cell_type == "code" and c.source]
    failed = next(
        (
            (number, cell)
            for number, cell in enumerate(code, 1)
            if any(o.output_type == "error" for o in cell.outputs)
        ),
        None,
    )
    lines = [f"{path.stem}: not stored"]
    if failed:
        number, cell = failed
        lines[0] = f"{path.stem}, code cell {number}: not stored"
        lines += [f"    | {line}" for line in cell.source.splitlines()]
    if isinstance(error, CellExecutionError):
        lines.append(f"    {error.ename}: {error.evalue}")
    else:
        lines.append(f"    {type(error).__name__}: {error}")
    return "\n".join(lines)


def execute(path: Path) -> tuple[bool, str]:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False,
        # The kernel's remark that local ports are not encrypted is no news.
        extra_arguments=["--log-level=ERROR"],
    )
    start = time.perf_counter()
    try:
        client.execute()
    except Exception as error:  # reported, and the run exits with 1
        return False, failure(path, notebook, error)
    changed = "stored" if store(path, notebook) else "unchanged"
    seconds = time.perf_counter() - start
    return True, f"{path.stem}: {changed} ({seconds:.1f} s)"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--normalise", action="store_true")
    arguments = parser.parse_args()
    try:
        paths = arguments.notebooks or notebooks()
    except BookError as error:
        parser.error(str(error))
    if missing := [str(p) for p in paths if not p.is_file()]:
        parser.error(f"no such notebook: {', '.join(missing)}")
    if arguments.normalise:
        for path in paths:
            store(path, nbformat.read(path, as_version=4))
        return 0
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = list(pool.map(execute, paths))
    for good, text in results:
        print(text, file=sys.stdout if good else sys.stderr)
    return 0 if all(good for good, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
