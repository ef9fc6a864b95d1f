"""Run one module of cases on the fake accelerator; print JSON.

python tests/device/run_cases.py ssm
"""

import importlib.util
import json
import sys
from pathlib import Path

from fakegpu import first_problem

sys.path.insert(0, str(Path(__file__).parents[1]))  # the cases import seeds
READS = ("tests/*/device.py",)
PATH = Path(__file__).parents[1] / sys.argv[1] / "device.py"
spec = importlib.util.spec_from_file_location("cases", PATH)
cases = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cases)
print(
    json.dumps(
        {
            "cases": {
                name: first_problem(case) for name, case in cases.CASES.items()
            },
            "planted": {
                name: (pattern, first_problem(case))
                for name, (case, pattern) in cases.PLANTED.items()
            },
        }
    )
)
