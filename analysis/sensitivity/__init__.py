"""Which unknowns drive an outcome: designs, indices, convergence, chance."""
