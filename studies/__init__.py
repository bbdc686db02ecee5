"""Studies that come with the program; TOML files, read by ``experiments.study_files``."""
