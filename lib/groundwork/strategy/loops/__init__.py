"""The stages of the month as loops over strategies and samples, compiled; one room for each stage.

A month is some hundred formulas on small arrays; numpy takes longer to call them than to work them out. Here a stage's formulas
are written for one cell, with the loops around them. Indices are `s` strategy, `w` workload, `n` sample; arguments bear the names
of the stage's fields, whose docstring gives their shapes. Sums run in the order of the loops.
"""
