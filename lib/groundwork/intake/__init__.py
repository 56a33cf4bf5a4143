"""The user's own numbers, turned into beliefs."""
