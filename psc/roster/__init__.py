"""The roster: who is placed in which room, and what happened at its door."""
