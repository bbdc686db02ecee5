"""How fast the engine is, beside two plain Mesa models of the same storm; ``python -m benchmarks``."""
