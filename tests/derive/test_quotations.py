"""An erratum quotes what is printed."""

from __future__ import annotations

import pytest

from kexue_lib.derive.quotations import LONGEST, in_file, occurs

POST = r"""
\begin{equation}A = \left(\frac{\lambda}{2}\right) \log n + 0.24 d
\tag{12}\end{equation}
so that $x_{k+1}\,\geq\, x_k$, roughly.
"""


@pytest.mark.parametrize(
    "quoted",
    [
        r"A = (\frac{\lambda}{2}) \log n",
        r"A=\left(\frac{\lambda}{2}\right)\log n+0.24d",
        r"x_{k+1} \geq x_k",
    ],
)
def test_spacing_does_not_count(quoted):
    assert occurs(quoted, POST)


@pytest.mark.parametrize(
    "quoted",
    [
        r"A = \frac{\lambda}{2} \log n",
        r"A = (\frac{\lambda}{2}) \log n + 0.25 d",
        r"x_{k+1} > x_k",
        r"x_{k} \geq x_{k+1}",
    ],
)
def test_everything_else_does(quoted):
    assert not occurs(quoted, POST)


def test_bad_quotations_and_missing_copies(tmp_path):
    with pytest.raises(ValueError, match="empty"):
        occurs(r"\, ", POST)
    with pytest.raises(ValueError, match="more than"):
        occurs("x" * (LONGEST + 1), POST)
    assert in_file("x", tmp_path / "none.txt") is None
    (tmp_path / "a.txt").write_text(POST)
    assert in_file(r"x_k", tmp_path / "a.txt") is True
