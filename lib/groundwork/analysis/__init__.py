"""Verdicts: from the stored draws, or by calling the `simulate` they are given."""
