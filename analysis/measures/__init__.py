"""What is measured of households without power, by group."""
