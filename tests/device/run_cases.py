"""Run one module of cases on the fake accelerator; print JSON.

python tests/device/run_cases.py cases_ssm
"""

import importlib
import json
import sys

from fakegpu import first_problem

cases = importlib.import_module(sys.argv[1])
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
