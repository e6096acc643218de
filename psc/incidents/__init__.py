"""Incidents and what hangs on them: restrictive records, statements, investigations, notes, agreed actions."""
