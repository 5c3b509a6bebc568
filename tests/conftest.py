"""Lets every test import what tests share: `from support.generating import Generator`."""

import sys
from pathlib import Path

from hypothesis import Phase, settings

sys.path.insert(0, str(Path(__file__).parent))

# For a mutation run, which asks only whether a test fails: --hypothesis-profile=mutants
settings.register_profile(
    "mutants", phases=[Phase.explicit, Phase.generate], derandomize=True, database=None
)
