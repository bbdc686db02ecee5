"""Results on disk, and read back: schema, tables, folders."""
