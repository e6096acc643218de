"""How readers leave out facts that were taken back."""

from __future__ import annotations


def live(table: str, alias: str) -> str:
    """Return the SQL condition that a fact of `table`, called `alias`, has not been taken back."""
    return f"NOT EXISTS (SELECT 1 FROM retraction r WHERE r.fact = '{table}' AND r.fact_id = {alias}.id)"
