"""The wheel, installed without the repository, runs every chapter."""

from __future__ import annotations

import sys
import zipfile

import pytest
from chapters import ROOT

from .conftest import CHAPTERS, call

TORCH = next(
    line
    for line in (ROOT / "requirements.txt").read_text().splitlines()
    if line.startswith("torch==")
)


@pytest.fixture(scope="session")
def wheel(snapshot, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = ("-m", "build", "--wheel", "--no-isolation", "--outdir", folder)
    call(sys.executable, *build, cwd=snapshot)
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_is_complete_and_small(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        size = sum(info.file_size for info in archive.infolist())
    assert "kexue_lib/py.typed" in names
    assert {f"kexue_lib/claims/{p.stem}.json" for p in CHAPTERS} <= names
    stored = (ROOT / "kexue_lib" / "results").glob("*.json")
    assert {f"kexue_lib/results/{p.name}" for p in stored} <= names
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    top = {name.split("/")[0] for name in names}
    assert {name for name in top if "dist-info" not in name} == {"kexue_lib"}
    assert size < 3_000_000


def test_wheel_runs_every_chapter_and_gives_its_outputs(
    wheel, fresh_python, alone
):
    python = fresh_python(TORCH, wheel, "nbval", "ipykernel", "pytest-xdist")
    call(
        python,
        "-m",
        "pytest",
        *("-q", "-p", "no:cacheprovider", "-W", "ignore"),
        *("--nbval", "--nbval-kernel-name=python3"),
        *("-n", "2", "--dist", "loadscope"),
        *(chapter.name for chapter in CHAPTERS),
        cwd=alone,
    )
    home = call(
        python, "-c", "import kexue_lib as k; print(k.__file__)", cwd=alone
    )
    assert "site-packages" in home
