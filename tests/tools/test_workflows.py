"""The workflows are YAML, end in time, and shard by the parts there are."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
import yaml
from chapters import ROOT, chapters

WORKFLOWS = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_jobs_end_and_use_what_is_there(name):
    for title, job in WORKFLOWS[name]["jobs"].items():
        if title != "deploy":
            assert job["timeout-minutes"] <= 120, title
        for step in job["steps"]:
            uses = step.get("uses", "")
            if uses.startswith("./"):
                assert (ROOT / uses / "action.yml").is_file()
            else:
                assert "@v" in uses or "run" in step


def test_the_parts_of_the_matrix(tmp_path):
    steps = WORKFLOWS["weekly"]["jobs"]["parts"]["steps"]
    step = next(step for step in steps if step.get("id") == "list")
    output = tmp_path / "output"
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", step["run"]],
        cwd=ROOT,
        env=os.environ | step["env"] | {"GITHUB_OUTPUT": str(output)},
        check=True,
    )
    name, _, value = output.read_text().strip().partition("=")
    assert name == "parts"
    assert sorted(json.loads(value)) == sorted({c.part for c in chapters()})
