"""The ground: errors and limits, compiled rules, chance, and the columns and rows that all else is made of."""
