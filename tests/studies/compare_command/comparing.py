"""A small town, and comparisons of it from the command line."""

from typer.testing import CliRunner

from app.cli import app

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


def cli(*texts):
    return CliRunner().invoke(app, ["compare", *(str(text) for text in texts), "--workers", "1"])
