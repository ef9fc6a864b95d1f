"""nbval, and after a chapter's last cell the controls of its claims.

Loaded with ``-p tests.harness.plugin --plan plan.json``. The plan says for
each notebook whether its controls are to be tried and how many; they run in
the kernel that has just run the chapter, on the claims in its memory. What
came out is written to ``--found``. A kernel that dies is named at once.
"""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from queue import Empty
from typing import Any

import nbval.plugin
import pytest
from nbval.kernel import RunningKernel

from tests.harness import drawings

# Asked again and again so that a dead kernel is noticed.
LOOK = 2.0
# Wrong versions of each claim. What a page says of them is counted by a
# longer run, `python -m kexue_lib.derive controls --write`; weekly, by all.
DAILY = 2
CONTROLS = """\
import dataclasses as _d, json as _j, kexue_lib as _k, time as _t
from kexue_lib.derive.cells import claims_in as _claims
from kexue_lib.derive.mutation import tallies as _tallies
_cells = _t.process_time()
_found = [_d.asdict(x) for x in _tallies(_claims(globals()){limit})]
print("\\n" + _j.dumps({{"library": _k.__file__, "tallies": _found, "cells":
    _cells, "controls": _t.process_time() - _cells}}))
"""


class KernelDied(Exception):
    """The kernel of a chapter is gone."""


class Watched(RunningKernel):
    """A kernel of nbval that does not wait for an answer of the dead."""

    def get_message(self, stream: str, timeout: float | None = None) -> Any:
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            left = LOOK if end is None else min(LOOK, end - time.monotonic())
            try:
                return super().get_message(stream, timeout=max(left, 0))
            except Empty:
                if not self.is_alive():
                    raise KernelDied(self.obituary()) from None
                if end is not None and time.monotonic() >= end:
                    raise

    def obituary(self) -> str:
        code = self.km.provisioner.process.returncode
        if code is not None and code < 0:
            return f"the kernel died of {signal.Signals(-code).name}"
        return f"the kernel ended by itself with code {code}"


class Controls(pytest.Item):
    """The controls of all claims of a chapter."""

    def runtest(self) -> None:
        if getattr(self.parent, "broken", False):
            pytest.fail("not tried: a cell of the chapter failed")
        every = self.config.plan[self.parent.path.stem]["all"]
        limit = ", None" if every else f", {DAILY}"
        kernel = self.parent.kernel
        message = kernel.execute_cell_input(CONTROLS.format(limit=limit))
        kernel.await_reply(message, timeout=3600)
        found = json.loads(self.printed(message).splitlines()[-1])
        expected = self.config.getoption("library")
        if expected and not found["library"].startswith(expected):
            pytest.fail(f"the chapter ran with {found['library']}")
        self.user_properties.append(("found", found))
        if not found["tallies"]:
            pytest.fail("the chapter has no claim")
        failures = [f for t in found["tallies"] for f in t["failures"]]
        if failures:
            pytest.fail("\n".join(failures), pytrace=False)

    def printed(self, message: str) -> str:
        """Return what the kernel printed, or fail with its error."""
        text = ""
        while True:
            got = self.parent.kernel.get_message("iopub", timeout=60)
            if got["parent_header"].get("msg_id") != message:
                continue
            kind, content = got["msg_type"], got["content"]
            if kind == "stream" and content["name"] == "stdout":
                text += content["text"]
            if kind == "error":
                pytest.fail("\n".join(content["traceback"]), pytrace=False)
            if kind == "status" and content["execution_state"] == "idle":
                return text

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        return f"{self.parent.path.stem}: {excinfo.value}"

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"controls of {self.parent.path.stem}"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("chapters")
    group.addoption("--plan", type=Path, help="JSON: slug -> all, skip")
    group.addoption("--found", type=Path, help="JSON to write")
    group.addoption("--library", default="", help="where kexue_lib must be")


def pytest_configure(config: pytest.Config) -> None:
    nbval.plugin.RunningKernel = Watched
    config.plan = json.loads(config.getoption("plan").read_text())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Put the controls of a chapter after its last cell."""
    drawings.pytest_collection_modifyitems(items)
    last = {item.parent: index for index, item in enumerate(items)}
    for notebook, index in sorted(last.items(), key=lambda x: -x[1]):
        item = Controls.from_parent(notebook, name="controls")
        if reason := config.plan[notebook.path.stem]["skip"]:
            item.add_marker(pytest.mark.skip(reason=reason))
        items.insert(index + 1, item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Any:
    report = yield
    if report.failed:
        item.parent.broken = True
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    if getattr(item.parent, "dead", False):
        pytest.skip("not run: the chapter's kernel is gone")
    try:
        return (yield)
    except KernelDied as death:
        item.parent.dead = True
        cell = getattr(item, "cell", None)
        if cell is None:
            raise
        raise nbval.plugin.NbCellError(
            item.cell_num, str(death), cell.source
        ) from None


GATHERED: dict[str, Any] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Gather what the workers found; only the controller writes it."""
    found = dict(report.user_properties).get("found")
    if found and report.when == "call":
        slug = Path(report.nodeid.split("::")[0]).stem
        GATHERED[slug] = {**found, "passed": report.passed}


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        return
    path = session.config.getoption("found")
    if path:
        path.write_text(json.dumps(GATHERED))
