"""A small town, and runs of it from the command line."""

from typer.testing import CliRunner

from app.cli import app

TOWN = """
name = "town"
summary = "three hundred households"
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
[sources]
"crews.line.own" = "invented"
[observed]
time_h = [2, 30, 60]
customers_out = [260, 120, 20]
source = "made up for this test"
quantiles_h = { 50 = 25.0, 90 = 60.0 }
customer_hours = 8000
"""


def cli(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def plain(answer):
    """What a command printed, as one line."""
    assert answer.exit_code == 0, answer.output
    return " ".join(answer.stdout.split())
