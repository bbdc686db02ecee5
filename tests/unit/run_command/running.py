"""A small town with what was seen of it, and runs of it from the command line."""

from typer.testing import CliRunner

from app.cli import app
from tests import small_town

TOWN = f"""
summary = "three hundred households"
{small_town.TOWN}
[sources]
"crews.line.own" = "invented"
[observed]
time_h = [2, 30, 60]
customers_out = [260, 120, 20]
source = "made up for this test"
quantiles_h = {{ 50 = 25.0, 90 = 60.0 }}
customer_hours = 8000
"""


def cli(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def plain(answer):
    """What a command printed, as one line."""
    assert answer.exit_code == 0, answer.output
    return " ".join(answer.stdout.split())
