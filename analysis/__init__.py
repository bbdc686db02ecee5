"""What a run means: pure functions of tables. Imports neither the simulator nor the experiments."""
