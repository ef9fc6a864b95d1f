"""Experiments that take longer than a notebook may.

Each module has a function ``run``, its ``POINTS`` and a docstring that says
what is asked. ``make experiments`` writes ``kexue_lib/results/<name>.json``,
which travels with the library, so that a chapter can show it anywhere.
"""
