"""Statements, true and false, by kind: one module a kind.

A row says what is put to the engine, by which check, and what must come out:
for a true statement the level, for a false one the kind of refusal. Where
the engine falls short of it today the row says so (``today``); it may then
do either, so that a better engine needs no other table, and
``python -m tests.derive.statements`` lists the rows to be updated.
"""
