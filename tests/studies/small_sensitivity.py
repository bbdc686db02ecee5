"""Small studies of sensitivity, and the command that carries them out."""

from typer.testing import CliRunner

from app.cli import app

HEAD = 'kind = "sensitivity"\nscenario = "classroom"\n'
SMALL = '[set]\n"place.customers" = 300\n'
VARY = """[vary]
"reporting.attention_per_h" = { from = 0.05, to = 1.0, log = true }
"crews.line.own" = { from = 1, to = 4 }
"channels.hotline.two_way" = [true, false]
"""
SOBOL = 'method = "sobol"\nn = 8\nreplicates = 2\noutcomes = ["gap", "mean"]\n'


def command(*words):
    return CliRunner().invoke(app, ["sensitivity", *map(str, words)])
