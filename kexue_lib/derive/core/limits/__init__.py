"""Limits, computed by series: what a term does as a symbol goes somewhere.

A limit is computed for each value of the parameters that the hypotheses
admit; where it is not seen to exist there is no answer.

=============  ============================================================
`asking`       what is asked about terms as z -> oo
`tails`        expansions in powers of 1/u
`series`       truncated series in one small scale, with a remainder
`rewriting`    what a term is near the point, in exponentials and logarithms
`laws`         limits of sums, products, powers
`germs`        the limit, the sign, the leading coefficient (Gruntz's method)
`towards`      a point and a side
`relations`    limits put in; ``f = g + O(h)``; ``f ~ g``
=============  ============================================================
"""
