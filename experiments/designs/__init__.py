"""What is compared or varied: arms, factors, points, study files."""
