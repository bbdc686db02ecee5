"""What a user writes, checked: parameters, scenarios, changes, tables."""
