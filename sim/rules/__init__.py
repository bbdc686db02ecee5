"""Behaviour of households, utility and crews: short compiled functions, one idea a file."""
