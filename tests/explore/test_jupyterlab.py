"""Live mode in a real JupyterLab: ipywidgets move, the drawing follows.

JupyterLab is no dependency of the book. Where it is not installed beside
Python the test says so; `pip install jupyterlab` in an environment of its
own and `KEXUE_JUPYTER=/path/to/bin/jupyter` run it.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

CELL = """
import sympy as sp
from kexue_lib.explore import checkbox, choice, explore, slider
x, a, c, s = sp.symbols("x a c s", real=True)
N = sp.Symbol("N", integer=True)
explore(
    "Live",
    sliders=[
        slider(a, 0.1, 4, 1, label=r"$\\alpha$"),
        slider(N, 1, 1000, 10, log=True),
        choice(s, {"plus": 1, "minus": -1}),
        checkbox(c),
    ],
    x=(x, 0, 1),
    curves={"f": s * a * x ** (1 / N) + c},
    readouts={"a": a, "N": N},
    presets={"wild": {a: 4, s: -1, c: 1}},
)
"""


def jupyter() -> str:
    beside = Path(sys.executable).parent / "jupyter"
    found = os.environ.get("KEXUE_JUPYTER") or str(beside)
    if not shutil.which(found) or not shutil.which(
        str(Path(found).parent / "jupyter-lab")
    ):
        pytest.skip("NO JUPYTERLAB HERE: live mode was not tried in one")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def lab(tmp_path):
    """Start a JupyterLab with one notebook; its address."""
    command = jupyter()
    notebook = {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": None,
                "id": "live",
                "metadata": {},
                "outputs": [],
                "source": CELL.strip(),
            }
        ],
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            }
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (tmp_path / "live.ipynb").write_text(json.dumps(notebook), "utf-8")
    port = free_port()
    state = tmp_path / "state"
    labextensions = Path(sys.prefix) / "share" / "jupyter"
    environment = os.environ | {
        "HOME": str(state),
        "JUPYTER_CONFIG_DIR": str(state / "config"),
        "JUPYTER_DATA_DIR": str(state / "data"),
        "JUPYTER_PATH": str(labextensions),
        "JUPYTER_RUNTIME_DIR": str(state / "runtime"),
        "JUPYTERLAB_WORKSPACES_DIR": str(state / "workspaces"),
    }
    process = subprocess.Popen(
        [
            str(Path(command).parent / "jupyter-lab"),
            "--no-browser",
            "--allow-root",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={port}",
            "--IdentityProvider.token=",
            "--ServerApp.password=",
            f"--ServerApp.root_dir={tmp_path}",
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{address}/api/status", timeout=2).close()
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    else:
        process.terminate()
        pytest.fail("JupyterLab did not start within 60 s")
    yield f"{address}/lab/tree/live.ipynb"
    process.terminate()
    process.wait(timeout=20)


def run_first_cell(page) -> None:
    """Run it; JupyterLab forgets a run asked for before its kernel listens."""
    prompt = page.locator(".jp-InputArea-prompt").first
    for _ in range(30):
        page.locator(".jp-Cell .cm-content").first.click()
        page.keyboard.press("Shift+Enter")
        page.wait_for_timeout(2000)
        if prompt.inner_text().strip() != "[ ]:":
            return
    pytest.fail("JupyterLab's kernel did not start within a minute")


def test_ipywidgets_move_the_drawing(lab, browser):
    page = browser.new_context(
        viewport={"width": 1300, "height": 1200}
    ).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on(
        "console",
        lambda m: errors.append(m.text) if m.type == "error" else None,
    )
    page.goto(lab, timeout=60_000)
    page.wait_for_selector(".jp-Cell .cm-content", timeout=60_000)
    run_first_cell(page)
    page.wait_for_selector(".kx-svg[width]", timeout=60_000)
    explorer = "document.querySelector('.kexue-explorer').explorer"

    def values() -> dict[str, float]:
        page.wait_for_timeout(300)
        return page.evaluate(f"({explorer}).values")

    def path() -> str:
        return page.locator(".kx-curve path").first.get_attribute("d")

    assert values() == {"a": 1, "N": 10, "s": 1, "c": 0}
    # Real ipywidgets, and no sliders of our own.
    assert page.locator(".jupyter-widgets.widget-slider").count() == 2
    assert page.locator(".kx-range").count() == 0
    assert page.locator("mjx-container").count() >= 1  # the label's formula
    before = path()
    handle = page.locator(".noUi-handle").first
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert values()["a"] == pytest.approx(1.02)
    assert path() != before
    page.locator(".noUi-handle").nth(1).focus()
    page.keyboard.press("End")
    assert values()["N"] == 1000
    page.select_option(".widget-dropdown select", label="minus")
    assert values()["s"] == -1
    page.locator(".widget-checkbox input").check()
    assert values()["c"] == 1
    # The other way round: a preset moves the ipywidgets.
    page.get_by_role("button", name="Reset").click()
    assert values() == {"a": 1, "N": 10, "s": 1, "c": 0}
    assert not page.locator(".widget-checkbox input").is_checked()
    page.get_by_role("button", name="wild").click()
    assert values() == {"a": 4, "N": 10, "s": -1, "c": 1}
    # The style came along.
    display = "getComputedStyle(document.querySelector('.kx-presets')).display"
    assert page.evaluate(display) == "flex"
    readouts = page.locator(".widget-readout").all_inner_texts()
    assert readouts[0] == "4.00"
    assert page.locator(".kx-number").all_inner_texts() == ["4", "10"]
    assert errors == []
    picture = os.environ.get("KEXUE_SCREENSHOT")
    if picture:
        page.screenshot(path=picture)
