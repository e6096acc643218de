"""Sheets for the wall, the door and the assembly point: A4 pages, made here and kept in a private folder."""
