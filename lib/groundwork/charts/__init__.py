"""Pictures: tables in, Vega-Lite specifications with named data out."""
