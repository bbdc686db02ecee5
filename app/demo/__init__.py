"""The live city: a page in the browser where a class watches a city go dark and come back, and changes one thing."""
