"""The model for Mesa users; the only files that import Mesa."""
