"""Pictures, a file per kind; each carries its alternative text."""
