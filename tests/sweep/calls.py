"""Everything public in kexue_lib.sweep; see registration.py."""

from __future__ import annotations

from registration import Call

from kexue_lib import sweep

# No tensors; its own tests try every wrong argument.
CALL = Call({}, cannot=("call",))
REGISTERED = {
    sweep: {
        "Result": CALL,
        "SweepError": CALL,
        "grid": CALL,
        "load": CALL,
        "read": CALL,
        "sweep": CALL,
    }
}
