"""What several sections share: seeds; a Chromium without any network."""

from __future__ import annotations

import os
import random
import shutil
import sys

import pytest
import seeds
from hypothesis import settings

CHROMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# Chromium's own services would otherwise try to phone home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.hookimpl(tryfirst=True)  # before Hypothesis reads its seed
def pytest_configure(config):
    """Seed 0 tries Hypothesis's fixed examples, another seed others."""
    try:
        seed = seeds.chosen()
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None
    settings.register_profile(
        "kexue", derandomize=seed == 0, database=None, deadline=None
    )
    settings.load_profile("kexue")
    if seed and config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = seed
    seeds.seed_everything("collection")


@pytest.fixture(autouse=True)
def seeded(request):
    """Every test starts from numbers that KEXUE_SEED and its name decide."""
    seeds.seed_everything(request.node.nodeid)


SMALLEST = sys.float_info.min * sys.float_info.epsilon


@pytest.fixture(autouse=True)
def honest_floats():
    """No test leaves a processor that takes subnormal numbers for zero."""
    yield
    flushed = SMALLEST * random.choice([1.0]) == 0.0
    if flushed:
        import torch

        torch.set_flush_denormal(False)
    assert not flushed, "subnormal numbers are flushed to zero now"


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium; missing, it is an error in CI, else a notice."""
    found = next(filter(None, map(shutil.which, CHROMES)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have a Chromium: no page was looked at")
        pytest.skip("NO CHROMIUM HERE: nothing was tried in a browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=found, args=FLAGS
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def calculator(browser):
    """Evaluate a printed function at many points: `calculator(code, args)`."""
    from kexue_lib.explore._bundle import static

    page = browser.new_context(offline=True).new_page()
    page.add_script_tag(content=static("explorer.js"))

    def calculate(code: str, points: list[tuple[float, ...]]) -> list[float]:
        return page.evaluate(
            f"""points => {{
              const K = kexueExplorer.K;
              const f = {code};
              return points.map(point => f(...point));
            }}""",
            points,
        )

    return calculate
