"""`import kexue_lib` is cheap; device() obeys its environment variable."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

import kexue_lib


def modules_after(statement: str) -> set[str]:
    code = f"{statement}; import sys; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


def test_import_loads_neither_torch_nor_sympy():
    loaded = modules_after("import kexue_lib")
    assert not loaded & {"torch", "sympy", "numpy", "matplotlib", "flint"}


def test_derive_does_not_load_torch():
    assert "torch" not in modules_after("import kexue_lib.derive")


def test_sphinx_extension_loads_neither_torch_nor_sympy():
    loaded = modules_after("import kexue_lib.sphinxext")
    assert not loaded & {"torch", "sympy"}


SUBPACKAGES = [name for name in kexue_lib.__all__ if name != "device"]


def test_every_part_has_its_package():
    from chapters import chapters

    parts = {chapter.part for chapter in chapters()}
    assert parts | {"derive", "explore", "sweep"} <= set(SUBPACKAGES)
    assert "sphinxext" not in SUBPACKAGES
    assert not [name for name in SUBPACKAGES if name.startswith("_")]


@pytest.mark.parametrize("name", SUBPACKAGES)
def test_subpackages_load_on_use(name):
    loaded = modules_after(f"import kexue_lib; kexue_lib.{name}")
    assert f"kexue_lib.{name}" in loaded
    assert name in dir(kexue_lib)


def test_unknown_attribute():
    with pytest.raises(AttributeError, match="'nonsense'"):
        _ = kexue_lib.nonsense


def test_device_default(monkeypatch):
    monkeypatch.delenv("KEXUE_DEVICE", raising=False)
    assert kexue_lib.device().type in ("cpu", "cuda", "mps")


def test_device_from_environment(monkeypatch):
    monkeypatch.setenv("KEXUE_DEVICE", "cuda:1")
    assert kexue_lib.device() == torch.device("cuda:1")


def test_device_nonsense(monkeypatch):
    monkeypatch.setenv("KEXUE_DEVICE", "toaster")
    with pytest.raises(ValueError, match="KEXUE_DEVICE='toaster'"):
        kexue_lib.device()


def test_version_is_the_one_cited():
    from chapters import ROOT

    cited = (ROOT / "CITATION.cff").read_text()
    assert f"\nversion: {kexue_lib.__version__}\n" in cited
