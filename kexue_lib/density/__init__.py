"""Densities, codes and data: what is written down with few numbers."""

from kexue_lib.density import fourier

__all__ = ["fourier"]
