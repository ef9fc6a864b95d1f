"""An erratum quotes what is printed."""

from __future__ import annotations

import pytest
from quotations import occurs

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


def test_an_empty_quotation_is_none():
    with pytest.raises(ValueError, match="empty"):
        occurs(r"\, ", POST)
