"""Acts that touch several nouns, each in one transaction."""
