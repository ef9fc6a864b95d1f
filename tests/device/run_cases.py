"""Run one module of cases on the fake accelerator; print JSON.

python tests/device/run_cases.py ssm
"""

import importlib.util
import json
import sys
from pathlib import Path

from fakegpu import first_problem

sys.path.insert(0, str(Path(__file__).parents[1]))  # the cases import seeds
READS = ("tests/*/device.py", "tests/*/calls.py")
PATH = Path(__file__).parents[1] / sys.argv[1] / "device.py"
spec = importlib.util.spec_from_file_location("cases", PATH)
cases = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cases)

from registration import cases as registered  # noqa: E402
from registration import listed, on_device  # noqa: E402

calls = PATH.with_name("calls.py")
known = {sys.argv[1]: listed(calls)} if calls.exists() else {}
every = {
    case.id: on_device(case)
    for case in registered(known)
    if not {"device", "tensor"} & set(case.call.cannot)
} | cases.CASES
print(
    json.dumps(
        {
            "cases": {
                name: first_problem(case) for name, case in every.items()
            },
            "planted": {
                name: (pattern, first_problem(case))
                for name, (case, pattern) in cases.PLANTED.items()
            },
        }
    )
)
