"""What is said of a study, a file per kind: from what was found to a page."""
