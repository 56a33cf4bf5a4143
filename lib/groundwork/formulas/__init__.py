"""Formulas: arrays in, arrays out. They know no scenario, no file and no pandas."""
