"""The chain, month by month; one strategy is one record of levers."""
