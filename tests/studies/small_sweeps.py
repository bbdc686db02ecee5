"""Small sweeps of the classroom, and the command that carries them out."""

from typer.testing import CliRunner

from app.cli import app

SMALL = """
kind = "sweep"
name = "small"
scenario = "classroom"
replicates = 10
by = "minority"
outcomes = ["gap", "mean", "report_rate"]

[set]
place.customers = 150
place.neighbourhoods = 3
liaison.liaisons = 1
"""
GRID = SMALL + '[vary]\n"crews.line.own" = [1, 4]\n"channels.app.availability" = { from = 0.0, to = 1.0, steps = 3 }\n'
POLICIES = '[across]\n"dispatch.policy" = ["standard", "pressure"]\n'
ALONE = (
    SMALL.replace("[set]", 'design = "one-at-a-time"\n[set]')
    + '[vary]\n"channels.app.availability" = [0.0, 1.0]\n"channels.liaison.availability" = [0.0, 1.0]\n'
    + POLICIES
)


def cli(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def items_of(page):
    """By heading of a section, the sentences in its list."""
    return {
        section["heading"]: [line for block in section["blocks"] if block["kind"] == "items" for line in block["items"]]
        for section in page["sections"]
    }
