"""Lets every test import what tests share: `from support.generating import Generator`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
