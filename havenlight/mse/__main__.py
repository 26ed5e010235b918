"""Lets `python -m havenlight.mse lists.csv --json` run without the rest of Havenlight."""

import sys

from havenlight.mse.cli import main

if __name__ == "__main__":
    sys.exit(main())
