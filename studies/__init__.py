"""Studies that come with the program; TOML files, read by ``experiments.designs.study_files``."""
