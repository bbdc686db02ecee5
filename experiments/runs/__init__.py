"""Making many runs and keeping them: rows, work, workers, the ledger."""
