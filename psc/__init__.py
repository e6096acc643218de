"""psc: the room board of a school's Pastoral Support Centre and Internal Exclusion Room."""

__version__ = "0.1.0"
