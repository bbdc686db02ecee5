"""A town of three hundred households that many tests of commands run, and where it is written."""

TOWN = """
name = "town"
[place]
customers = 300
neighbourhoods = 6
[grid]
customers_per_substation = 300
customers_per_feeder = 100
customers_per_lateral = 20
[crews.line]
own = 3
[crews.trouble]
own = 1
"""


def written(folder, text=TOWN):
    """The path of a town's file in a folder, as text."""
    path = folder / "town.toml"
    path.write_text(text)
    return str(path)
