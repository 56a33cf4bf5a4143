"""Groundwork: should an AI strategy start with models or with the infrastructure under them?"""

__version__ = "0.1.0"
