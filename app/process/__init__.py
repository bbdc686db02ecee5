"""How a command lives and ends: signals, notices, progress, exit codes."""
