"""Homes in which the one rule has been compiled, or not yet."""

import shutil

import pytest

from tests.compiled.homes import new_home


@pytest.fixture
def home():
    with new_home() as home:
        yield home


@pytest.fixture(scope="module")
def compiled():
    """A home in which the rule has been compiled, to be copied."""
    with new_home() as home:
        home.start()
        yield home


@pytest.fixture
def used(home, compiled):
    """A home in which the rule has been compiled."""
    shutil.copytree(compiled.caches, home.caches, dirs_exist_ok=True)
    return home
