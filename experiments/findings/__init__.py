"""What the runs of a study say: tables of means, gaps, changes and prices, and what of them may be claimed."""
