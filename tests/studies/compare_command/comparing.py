"""Comparisons from the command line."""

from typer.testing import CliRunner

from app.cli import app


def cli(*texts):
    return CliRunner().invoke(app, ["compare", *(str(text) for text in texts), "--workers", "1"])
