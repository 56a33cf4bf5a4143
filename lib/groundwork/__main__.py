"""`python -m groundwork` is the command line."""

import sys

from groundwork.cli import main

sys.exit(main())
