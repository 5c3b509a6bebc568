"""Lets the tests of redaction import what they share: the case, the sentences, and the marks in them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
