"""MiniStack 1.5.33 with its gaps mended: one module per defect, each guarded by a test in tests/e2e/emulator.

Runs in MiniStack's own environment (requirements/ministack.txt) and imports nothing of Troupe. Every module
names the defect, reaches into private functions of exactly that version, and goes as soon as its guard says
that upstream mended it.
"""
