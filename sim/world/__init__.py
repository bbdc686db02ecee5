"""The city and its storm as columns: neighbourhoods, households, the grid, what breaks."""
