"""What a study asks, runs and finds, a file per kind."""
