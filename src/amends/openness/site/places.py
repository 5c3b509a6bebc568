"""Where a demo keeps the site that it makes, within its own folder."""

from typing import Final

FOLDER: Final = "published"
"""The site: whole, or not there."""
LOG: Final = "published.txt"
"""What making it said."""
