"""A scenario file of one's own."""

import pytest


@pytest.fixture
def written(tmp_path):
    """Write a scenario file, return its path."""

    def write(text, name="town.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
