"""One function over many settings and seeds, on any executor.

``sweep`` gives every point to ``executor.submit`` and writes down what comes
back. Nothing here distributes work: processes on this machine, Dask, MPI or
anything else that speaks :class:`concurrent.futures.Executor` does::

    from concurrent.futures import ProcessPoolExecutor
    from kexue_lib.sweep import grid, sweep

    def accuracy(width, seed): ...

    with ProcessPoolExecutor() as pool:
        result = sweep(
            accuracy, grid(width=[64, 128], seed=range(5)), "accuracy.json",
            executor=pool,
        )

    dask.distributed: executor=Client(...).get_executor()
    MPI:              executor=mpi4py.futures.MPIPoolExecutor()

A sweep that was killed goes on where it stopped: each finished point has
been flushed to ``accuracy.json.part``, one line each. ``accuracy.json``
itself appears whole, by one rename, when the last point is done.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import datetime
import hashlib
import importlib.metadata
import importlib.resources
import inspect
import itertools
import json
import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import kexue_lib

try:
    import fcntl
except ImportError:  # Windows: nothing tells two writers of each other
    fcntl = None  # type: ignore[assignment]

__all__ = ["Result", "SweepError", "grid", "load", "read", "sweep"]

FORMAT = "kexue.sweep/1"
Point = dict[str, Any]


class SweepError(RuntimeError):
    """Some points failed; those that did not are kept for the next run."""


@dataclasses.dataclass(frozen=True)
class Result:
    """What a sweep found.

    Attributes:
        points: the settings, in the order in which they were asked for.
        values: what the function returned for each of them.
        provenance: function, hash of its source, versions, machine, date,
            executor, seconds.
    """

    points: list[Point]
    values: list[Any]
    provenance: dict[str, Any]

    def select(self, **settings: Any) -> list[Any]:
        """Return the values of all points with these settings, in order.

        Raises:
            KeyError: no point has them.
        """
        found = [
            value
            for point, value in zip(self.points, self.values, strict=True)
            if settings.items() <= point.items()
        ]
        if not found:
            raise KeyError(f"no point of the sweep has {settings}")
        return found


def grid(**axes: Iterable[Any]) -> list[Point]:
    """Return all combinations, the last axis running fastest.

    Args:
        axes: the values of each setting, such as ``seed=range(5)``.

    Raises:
        ValueError: an axis has no value.
    """
    columns = {name: list(values) for name, values in axes.items()}
    for name, values in columns.items():
        if not values:
            raise ValueError(f"{name}: got no value, needs at least one")
    return [
        dict(zip(columns, row, strict=True))
        for row in itertools.product(*columns.values())
    ]


def sweep(
    function: Callable[..., Any],
    points: Sequence[Mapping[str, Any]],
    path: str | os.PathLike[str],
    *,
    executor: concurrent.futures.Executor | None = None,
    report: Callable[[str], None] | None = None,
) -> Result:
    """Call ``function(**point)`` at every point; resume what was begun.

    Args:
        function: returns something that JSON can hold. For processes it has
            to be importable. Its randomness must come from the point.
        points: settings; each a mapping from argument name to a number, a
            string or a list of them. NumPy's numbers become Python's.
        path: the JSON file to write. If it exists and belongs to the same
            function and points, it is returned and nothing is computed.
        executor: where the calls run; in this thread if None.
        report: called with one line for each finished point.

    Returns:
        Points and values in the order of ``points``.

    Raises:
        ValueError: no point, a repeated point, something that JSON cannot
            hold, or a file of another function, source or set of points.
        SweepError: calls raised; the finished points are kept. Or another
            process is writing the same result (told by a lock on the
            journal, where the system has ``flock``).

    Source: design of this book, *Experiments beyond one machine*.
    """
    path = Path(path)
    asked = _checked(points)
    identity = {
        "format": FORMAT,
        "function": f"{function.__module__}.{function.__qualname__}",
        "source": _digest(_source(function)),
    }
    journal = path.with_name(path.name + ".part")
    if path.exists():
        result = _finished(path, identity, asked)
        journal.unlink(missing_ok=True)
        return result
    start = time.perf_counter()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _only_writer(journal) as file:
        if path.exists():  # another one has just finished it
            file.close()
            journal.unlink(missing_ok=True)
            return _finished(path, identity, asked)
        done = _resumed(journal, identity, asked)
        missing = {key: asked[key] for key in asked if key not in done}
        if file.seek(0, os.SEEK_END) == 0:
            _append(file, identity)

        def finished(key: str, value: Any, seconds: float) -> None:
            text = _dumps(value, f"the value at {missing[key]}")
            done[key] = json.loads(text)
            entry = {"point": missing[key], "value": done[key]}
            _append(file, entry | {"seconds": round(seconds, 3)})
            if report:
                report(f"{len(done)}/{len(asked)} {missing[key]}")

        failed = _run(function, missing, executor, finished)
        if failed:
            key, error = failed[0]
            raise SweepError(
                f"{len(failed)} of {len(asked)} points failed, the first at "
                f"{missing[key]}: {type(error).__name__}: {error}"
            ) from error
        provenance = identity | _circumstances(executor)
        provenance["seconds"] = round(time.perf_counter() - start, 1)
        provenance["resumed"] = len(asked) - len(missing)
        result = Result(
            list(asked.values()), [done[key] for key in asked], provenance
        )
        _replace(path, dataclasses.asdict(result))
        file.close()
        journal.unlink(missing_ok=True)
        return result


def read(path: str | os.PathLike[str]) -> Result:
    """Return a finished sweep from its file.

    Raises:
        ValueError: the file is not the result of a sweep.
    """
    data = json.loads(Path(path).read_text())
    if data.get("provenance", {}).get("format") != FORMAT:
        raise ValueError(f"{path}: not a result of kexue_lib.sweep")
    return Result(data["points"], data["values"], data["provenance"])


def load(name: str) -> Result:
    """Return a committed experiment of the book, such as ``"lru_ring"``.

    Raises:
        ValueError: there is no experiment of that name; lists those that are.
    """
    folder = importlib.resources.files("kexue_lib") / "results"
    file = folder / f"{name}.json"
    if not file.is_file():
        known = sorted(
            entry.name.removesuffix(".json")
            for entry in folder.iterdir()
            if entry.name.endswith(".json")
        )
        raise ValueError(f"name={name!r}: the book's experiments are {known}")
    with importlib.resources.as_file(file) as path:
        return read(path)


def _run(
    function: Callable[..., Any],
    missing: Mapping[str, Point],
    executor: concurrent.futures.Executor | None,
    finished: Callable[[str, Any, float], None],
) -> list[tuple[str, Exception]]:
    """Compute what is missing; return what raised."""
    failed: list[tuple[str, Exception]] = []
    if executor is None:
        for key, point in missing.items():
            try:
                value, seconds = _timed(function, point)
            except Exception as error:
                failed.append((key, error))
            else:
                finished(key, value, seconds)
        return failed
    futures = {
        executor.submit(_timed, function, point): key
        for key, point in missing.items()
    }
    try:
        for future in concurrent.futures.as_completed(futures):
            raised = future.exception()
            if raised is None:
                finished(futures[future], *future.result())
            elif isinstance(raised, Exception):
                failed.append((futures[future], raised))
            else:
                raise raised
    finally:
        # Ctrl-C, or a value that cannot be stored: what has not begun must
        # not keep the executor busy.
        for future in futures:
            future.cancel()
    return failed


def _timed(function: Callable[..., Any], point: Point) -> tuple[Any, float]:
    start = time.perf_counter()
    return function(**point), time.perf_counter() - start


def _checked(points: Sequence[Mapping[str, Any]]) -> dict[str, Point]:
    """Return the points by their canonical text."""
    asked: dict[str, Point] = {}
    for point in points:
        key = _dumps(dict(point), "points")
        if key in asked:
            raise ValueError(f"points: {dict(point)} occurs twice")
        asked[key] = json.loads(key)
    if not asked:
        raise ValueError("points: got none, needs at least one")
    return asked


def _dumps(value: Any, where: str) -> str:
    try:
        return json.dumps(
            value, sort_keys=True, allow_nan=False, default=_plain
        )
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{where}: {value!r} cannot be written as JSON ({error}); use "
            "finite numbers, strings, lists and dictionaries of them"
        ) from error


def _plain(value: Any) -> Any:
    """Return a NumPy number as Python's."""
    if type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0:
        return value.item()
    raise TypeError(f"{type(value).__name__} is not for JSON")


def _source(function: Callable[..., Any]) -> str:
    """Return the text of the function's module: its helpers count too."""
    module = inspect.getmodule(function)
    try:
        if module is not None and module.__name__ != "__main__":
            return inspect.getsource(module)
        return inspect.getsource(function)
    except (OSError, TypeError) as error:
        raise ValueError(
            f"function: the source of {function!r} cannot be read; define it "
            "in a file, so that a result says what computed it"
        ) from error


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@contextlib.contextmanager
def _only_writer(journal: Path) -> Iterator[IO[str]]:
    """Open the journal to append to it, if no other process does."""
    with journal.open("a") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise SweepError(
                    f"{journal} is being written by another sweep; wait for "
                    "it, or give this one another path"
                ) from error
        yield file


def _append(file: Any, entry: Any) -> None:
    file.write(_dumps(entry, "value") + "\n")
    file.flush()
    os.fsync(file.fileno())


def _resumed(
    journal: Path, identity: dict[str, str], asked: Mapping[str, Point]
) -> dict[str, Any]:
    """Return the finished points; cut off a line that a kill left torn."""
    if not journal.exists():
        return {}
    text = journal.read_bytes()
    whole = text[: text.rfind(b"\n") + 1]
    if len(whole) < len(text):
        with journal.open("r+b") as file:
            file.truncate(len(whole))
    lines = [json.loads(line) for line in whole.splitlines()]
    if not lines:
        return {}
    _same(journal, lines[0], identity)
    known = {_dumps(x["point"], "point"): x["value"] for x in lines[1:]}
    return {key: value for key, value in known.items() if key in asked}


def _finished(
    path: Path, identity: dict[str, str], asked: Mapping[str, Point]
) -> Result:
    stored = read(path)
    _same(path, stored.provenance, identity)
    if stored.points != list(asked.values()):
        raise ValueError(
            f"{path} holds {len(stored.points)} other points than the "
            f"{len(asked)} asked for; move it away to run the sweep"
        )
    return stored


def _same(path: Path, found: Mapping[str, Any], wanted: Any) -> None:
    for key, value in wanted.items():
        if found.get(key) != value:
            raise ValueError(
                f"{path} was made by another {key} ({found.get(key)} instead "
                f"of {value}); move it away to run the sweep anew"
            )


def _replace(path: Path, data: Any) -> None:
    """Write the file beside its place, then put it there in one step."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with fresh.open("w") as file:
        json.dump(data, file, indent=1, sort_keys=True, allow_nan=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _circumstances(executor: Any) -> dict[str, Any]:
    kind = type(executor)
    versions = {
        "python": platform.python_version(),
        "kexue_lib": kexue_lib.__version__,
    }
    for package in ("torch", "numpy", "sympy"):
        versions[package] = importlib.metadata.version(package)
    return {
        "commit": _commit(),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "executor": (
            f"{kind.__module__}.{kind.__qualname__}" if executor else "none"
        ),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, "
        f"{platform.system()}",
        "versions": versions,
    }


def _commit() -> str:
    """Return the commit of the working folder, marked if it has changes."""
    try:
        return subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
