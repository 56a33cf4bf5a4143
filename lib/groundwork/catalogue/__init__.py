"""Facts about the world: one record is a value with its unit, source, date and grade."""
