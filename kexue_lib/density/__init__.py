"""Densities, codes and data.

- :mod:`kexue_lib.density.fourier`: densities from non-negative Fourier series.
"""

from kexue_lib.density import fourier

__all__ = ["fourier"]
