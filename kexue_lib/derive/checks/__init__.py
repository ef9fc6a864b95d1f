"""The checkers; authors reach them through :mod:`kexue_lib.derive.by`."""
