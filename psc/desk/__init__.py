"""The desk: the one way to write, who may, and who they are."""
