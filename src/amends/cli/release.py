"""Which release of Amends is running."""

from importlib import metadata


def version() -> str:
    """The release, or `unreleased` where Amends is used without having been installed."""
    try:
        return metadata.version("amends")
    except metadata.PackageNotFoundError:
        return "unreleased"
