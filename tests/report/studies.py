"""A hostile town, and the four kinds of study made in it, small enough for tests."""

from typer.testing import CliRunner

from app.cli import app

SCRIPT = "<script>alert('run')</script>"
QUOTES = "\"'><img src=x onerror=alert('quotes')>"
ARM = "<script>alert(1)</script> javascript:alert(2) & arm"  # a label can hold no quotes
LINK = "javascript:alert('link')"
TOWN = f"""
name = '''{SCRIPT} & town'''
summary = '''{QUOTES} summary & more'''
description = '''{SCRIPT} [x]({LINK}) {{{{ 7 * 7 }}}} description'''
[place]
customers = 200
neighbourhoods = 4
[grid]
customers_per_substation = 200
customers_per_feeder = 100
customers_per_lateral = 20
[crews.line]
own = 2
[crews.trouble]
own = 1
[sources]
"crews.line.own" = '''{QUOTES} {LINK} source'''
[study]
question = '''{SCRIPT} question?'''
baseline = {{ "crews.line.own" = 1 }}
"""
SWEEP = f"""
kind = "sweep"
name = '''{SCRIPT} sweep'''
summary = '''{QUOTES} {LINK} summary'''
scenario = "town.toml"
replicates = 10
outcomes = ["gap", "mean"]
[vary]
"crews.line.own" = [1, 3]
"""
SENSITIVITY = f"""
kind = "sensitivity"
name = '''{SCRIPT} sensitivity'''
summary = '''{QUOTES} {LINK} summary'''
scenario = "town.toml"
method = "sobol"
n = 16
replicates = 2
outcomes = ["mean", "gap"]
[vary]
"reporting.b_need" = {{ from = 0.5, to = 4.0 }}
"crews.travel_min" = {{ from = 5.0, to = 50.0 }}
"""
KINDS = ("run", "compare", "own", "sweep", "sensitivity")


def cli(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def write_town(folder):
    (folder / "town.toml").write_text(TOWN)
    (folder / "sweep.toml").write_text(SWEEP)
    (folder / "sensitivity.toml").write_text(SENSITIVITY)
    return folder / "town.toml"


def make(kind, folder):
    """Carry out a small study with a report; returns its folder."""
    return made(kind, folder)[0]


def made(kind, folder):
    """The same; returns its folder, and what it printed."""
    town = write_town(folder)
    arm = f"{ARM}: crews.line.own=4"
    words = {
        "run": ("run", town, "--replicates", 10, "--by", "minority", "--by", "neighbourhood", "--workers", 1),
        "compare": ("compare", town, arm, "same: crews.line.own=2", "--replicates", 10, "--workers", 1),
        "own": ("compare", town, "--replicates", 10, "--workers", 1),
        "sweep": ("sweep", folder / "sweep.toml", "--workers", 1),
        "sensitivity": ("sensitivity", folder / "sensitivity.toml", "--workers", 1),
    }[kind]
    out = folder / kind
    answer = cli(*words, "--out", out, "--report", "--quiet")
    assert answer.exit_code == 0, answer.output
    assert f"Report: {out}" in answer.stdout
    return out, answer.stdout
