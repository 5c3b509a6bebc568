"""Tables as if they had been proved safe, for tests of what is worked out from told figures."""

from amends.disclosure import tables


def safe(rows, title="Invented", columns=("row", "count")):
    """A `Safe` of *rows* that were written by a test; the token is that of the package that issues."""
    return tables.Safe(
        title=title,
        unit="cases",
        columns=columns,
        rows=tuple(tuple(one) for one in rows),
        release="test",
        token=tables._ISSUED,
    )
