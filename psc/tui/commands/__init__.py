"""One class a command; keys, footer, help and palette all come from it."""
