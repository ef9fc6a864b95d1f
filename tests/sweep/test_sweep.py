"""Sweeps: any executor, resumable, a result file whole or absent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from kexue_lib.sweep import SweepError, grid, load, read, sweep

READS = ("tests/sweep/*",)
HERE = Path(__file__).parent


@pytest.fixture
def work(monkeypatch):
    """Functions in a module that worker processes can import too."""
    monkeypatch.syspath_prepend(str(HERE))
    import work

    return work


POINTS = grid(base=[2, 3], exponent=range(4))
VALUES = [1, 2, 4, 8, 1, 3, 9, 27]


def processes():
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


def test_grid_runs_its_last_axis_fastest():
    assert grid(a=[1, 2], b="xy") == [
        {"a": 1, "b": "x"},
        {"a": 1, "b": "y"},
        {"a": 2, "b": "x"},
        {"a": 2, "b": "y"},
    ]
    with pytest.raises(ValueError, match="seed: got no value"):
        grid(seed=[])


@pytest.mark.parametrize("make", [None, ThreadPoolExecutor, processes])
def test_every_executor_gives_the_same(make, work, tmp_path):
    path = tmp_path / "powers.json"
    if make is None:
        result = sweep(work.power, POINTS, path)
    else:
        with make() as pool:
            result = sweep(work.power, POINTS, path, executor=pool)
    assert result.points == POINTS
    assert result.values == VALUES
    assert result.select(base=3, exponent=2) == [9]
    assert result.select(exponent=3) == [8, 27]
    assert read(path) == result
    assert list(tmp_path.iterdir()) == [path]


def test_dask(work, tmp_path):
    """A real local cluster with two worker processes."""
    code = f"""
import sys
sys.path.insert(0, {str(HERE)!r})
from dask.distributed import Client, LocalCluster
from kexue_lib.sweep import sweep
import work

if __name__ == "__main__":
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None,
            host="127.0.0.1", local_directory={str(tmp_path)!r},
        ) as cluster,
        Client(cluster) as client,
    ):
        client.run(sys.path.insert, 0, {str(HERE)!r})
        result = sweep(
            work.power, {POINTS!r}, {str(tmp_path / "dask.json")!r},
            executor=client.get_executor(),
        )
"""
    script = tmp_path / "cluster.py"
    script.write_text(code)
    run = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    result = read(tmp_path / "dask.json")
    assert result.values == VALUES
    assert result.provenance["executor"].startswith("distributed.")


def test_provenance(work, tmp_path):
    result = sweep(work.power, POINTS, tmp_path / "x.json")
    found = result.provenance
    assert found["function"] == "work.power"
    assert len(found["source"]) == 16
    assert found["versions"].keys() >= {"kexue_lib", "torch", "python"}
    assert found["executor"] == "none"
    assert found["date"]
    assert found["seconds"] >= 0


def test_a_finished_sweep_is_not_run_again(work, tmp_path):
    log, path = str(tmp_path / "log"), tmp_path / "x.json"
    points = grid(n=[1, 2], log=[log])
    first = sweep(work.logged, points, path)
    assert sweep(work.logged, points, path) == first
    assert Path(log).read_text() == "1\n2\n"


def test_failures_keep_what_finished(work, tmp_path):
    path = tmp_path / "x.json"
    with pytest.raises(SweepError, match=r"1 of 4 .*'n': 2.*Arithmetic"):
        sweep(work.fragile, grid(n=range(4)), path)
    assert not path.exists()
    lines = (tmp_path / "x.json.part").read_text().splitlines()
    assert [json.loads(x)["value"] for x in lines[1:]] == [0, 1, 3]


def test_a_broken_pool_loses_only_what_was_in_flight(work, tmp_path):
    path, points = tmp_path / "x.json", grid(n=range(4), flag=[tmp_path / "f"])
    points = [p | {"flag": str(p["flag"])} for p in points]
    with processes() as pool, pytest.raises(SweepError, match="Broken"):
        sweep(work.suicide, points, path, executor=pool)
    with processes() as pool:
        assert sweep(work.suicide, points, path, executor=pool).values == [
            0,
            1,
            2,
            3,
        ]


def test_a_killed_run_resumes(work, tmp_path):
    """SIGKILL in the middle: finished points are never computed twice."""
    log, path = tmp_path / "log", tmp_path / "x.json"
    code = (
        f"import sys; sys.path.insert(0, {str(HERE)!r}); import work\n"
        "from kexue_lib.sweep import grid, sweep\n"
        f"sweep(work.logged, grid(n=range(30), log=[{str(log)!r}]), "
        f"{str(path)!r})"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    journal = tmp_path / "x.json.part"
    while not journal.exists() or journal.read_bytes().count(b"\n") < 4:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not path.exists()
    kept = journal.read_bytes().count(b"\n") - 1
    begun = len(log.read_text().splitlines())
    result = sweep(work.logged, grid(n=range(30), log=[str(log)]), path)
    assert result.values == [n * n for n in range(30)]
    assert result.provenance["resumed"] == kept
    assert len(log.read_text().splitlines()) == begun + 30 - kept
    assert begun - kept <= 1


def test_a_torn_line_is_dropped(work, tmp_path):
    path, journal = tmp_path / "x.json", tmp_path / "x.json.part"
    with pytest.raises(SweepError):
        sweep(work.fragile, grid(n=range(4)), path)
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"point": {"n": 2}, "val')
    with pytest.raises(SweepError, match="1 of 4"):
        sweep(work.fragile, grid(n=range(4)), path)
    assert journal.read_bytes() == whole


def test_other_code_or_points_are_refused(work, tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    sweep(work.power, POINTS, path)
    with pytest.raises(ValueError, match="other points"):
        sweep(work.power, POINTS[:3], path)
    with pytest.raises(ValueError, match="another function"):
        sweep(work.fragile, POINTS, path)
    monkeypatch.setattr("kexue_lib.sweep._source", lambda function: "else")
    with pytest.raises(ValueError, match="another source"):
        sweep(work.power, POINTS, path)


def test_bad_arguments(work, tmp_path):
    path = tmp_path / "x.json"
    with pytest.raises(ValueError, match="points: got none"):
        sweep(work.power, [], path)
    with pytest.raises(ValueError, match="occurs twice"):
        sweep(work.power, [{"n": 1}, {"n": 1}], path)
    with pytest.raises(ValueError, match=r"points: .* JSON"):
        sweep(work.power, [{"n": {1}}], path)
    with pytest.raises(ValueError, match=r"value at .*'n': 1.* JSON"):
        sweep(work.endless, [{"n": 1}], path)
    assert not path.exists()
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(ValueError, match="not a result"):
        read(tmp_path / "other.json")
    result = sweep(work.power, POINTS, tmp_path / "good.json")
    with pytest.raises(KeyError, match="no point"):
        result.select(base=7)


def test_numpy_numbers_are_numbers(work, tmp_path):
    points = [{"base": np.int64(2), "exponent": np.int32(3)}]
    result = sweep(work.power, points, tmp_path / "x.json")
    assert result.points == [{"base": 2, "exponent": 3}]
    assert result.select(base=np.int64(2)) == [8]
    assert sweep(work.power, result.points, tmp_path / "x.json") == result
    with pytest.raises(ValueError, match=r"points: .* JSON"):
        sweep(work.power, [{"n": np.arange(2)}], tmp_path / "y.json")


def test_a_second_writer_is_told_and_destroys_nothing(work, tmp_path):
    """A sweep of the same result while the first one is in the middle."""
    path, log = tmp_path / "x.json", str(tmp_path / "log")
    points = grid(n=range(3), log=[log])
    refused = []

    def report(line):
        with pytest.raises(SweepError, match="by another sweep"):
            sweep(work.logged, points, path)
        refused.append(line)

    result = sweep(work.logged, points, path, report=report)
    assert len(refused) == 3
    assert result.values == [0, 1, 4]
    assert read(path) == result
    assert Path(log).read_text() == "0\n1\n2\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["log", "x.json"]


def test_an_unknown_experiment_names_the_known():
    with pytest.raises(ValueError, match=r"name='nonsense'.*\["):
        load("nonsense")


def test_the_file_appears_whole(work, tmp_path, monkeypatch):
    """Where the last step fails there is no file, and nothing is lost."""
    path = tmp_path / "x.json"

    def full(descriptor):
        if os.readlink(f"/proc/self/fd/{descriptor}").endswith(".new"):
            raise OSError("no space left")
        return real(descriptor)

    real = os.fsync
    if not Path("/proc/self/fd").exists():
        pytest.skip("needs /proc")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        sweep(work.power, POINTS, path)
    monkeypatch.undo()
    assert not path.exists()
    assert len((tmp_path / "x.json.part").read_text().splitlines()) == 9
