"""Named places and storms, arms as patches, and towns worked by hand; TOML files, read by ``sim.inputs.scenario``."""
