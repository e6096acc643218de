"""The file: one driver, one way to open it, its schema, its ledger, its backups and its health."""
