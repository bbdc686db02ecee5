"""What the file of a study of sensitivity says: runs, groups and defaults; and what is refused in one line."""

import pytest

from experiments.designs.sensitivity import sensitivity_of
from experiments.designs.study_files import read_study
from experiments.studies.sensitivity import ask
from sim.inputs.parameters.declare import catalogue
from tests.studies.small_sensitivity import HEAD, SMALL, SOBOL, VARY, command


def ending(*words):
    """The one line on stderr of a command that ends badly."""
    found = command(*words)
    assert found.exit_code == 2, found.output
    assert found.stdout == ""
    lines = found.stderr.strip().splitlines()
    assert len(lines) == 1, found.stderr
    return lines[0]


def test_positions_become_typed_values_by_the_mapping_of_factors(file):
    asked = ask(file(HEAD + SOBOL + SMALL + VARY))
    assert len(asked.plan.rows) == 8 * 5 * 2
    for index in (0, 17, -1):
        row, u = asked.plan.rows[index], asked.sample.u[index % 80 // 2]
        patch = dict(row.patch)
        assert patch["reporting.attention_per_h"] == pytest.approx(0.05 * 20 ** u[0])
        assert patch["crews.line.own"] == 1 + min(int(4 * u[1]), 3)
        assert patch["channels.hotline.two_way"] is bool(u[2] < 0.5)
    assert [row.seeds.behaviour for row in asked.plan.rows[:4]] == [1, 2, 1, 2]


def test_rows_are_made_when_asked_for(file):
    many = SOBOL.replace("n = 8", "n = 65536")
    asked = ask(file(HEAD + many + VARY))
    assert len(asked.plan.rows) == 65536 * 5 * 2
    assert asked.plan.rows[-1] == asked.plan.rows[len(asked.plan.rows) - 1]
    assert not isinstance(asked.plan.rows, list)
    with pytest.raises(IndexError):
        asked.plan.rows[len(asked.plan.rows)]


def test_a_larger_n_begins_with_the_runs_of_the_smaller_and_is_the_same_study(file):
    for method, few, many in (("sobol", 8, 32), ("morris", 5, 20)):
        plans = []
        for n in (few, many):
            text = f'{HEAD}method = "{method}"\nn = {n}\nreplicates = 2\n{VARY}'
            plans.append(ask(file(text)).plan)
        smaller, larger = plans
        assert list(larger.rows[: len(smaller.rows)]) == list(smaller.rows), method
        assert smaller.identity == larger.identity


def test_groups_move_together_and_cost_as_much_as_one_parameter(file):
    groups = '[groups]\nreporting = ["reporting.attention_per_h", "channels.hotline.two_way"]\n'
    asked = ask(file(HEAD + SOBOL + VARY + groups))
    assert asked.sample.labels == ("reporting", "crews.line.own")
    assert len(asked.sample.u) == 8 * (2 + 2)
    a, with_group = asked.sample.u[0], asked.sample.u[1]
    assert list(a != with_group) == [True, False, True]


def test_what_a_file_leaves_open_gets_the_defaults_of_the_command(file):
    study = ask(file(HEAD + 'method = "sobol"\nn = 8\n' + VARY)).study
    assert study.replicates == 4
    assert study.outcomes == ("minority:minority:gap_h", "all:all:mean_h", "all:all:beyond_72", "cost:total:usd")
    study = ask(file(HEAD + SOBOL + VARY), replicates=7, seed=3).study
    assert (study.seed, study.replicates) == (3, 7)


def test_shipped_studies_vary_nothing_that_builds_the_world_or_the_storm():
    for name, runs in (("sensitivity-classroom", 640), ("sensitivity-tallahassee", 26_624)):
        asked = sensitivity_of(read_study(name, "sensitivity"))
        assert len(asked.sample.u) == runs
        sections = {path.split(".")[0] for factor in asked.study.factors for path in factor.paths}
        assert not sections & {"place", "people", "knowledge", "need", "social", "grid", "storm"}
        ranges = {p.path: p for p in catalogue(asked.study.scenario.parameters)}
        for factor in asked.study.factors:
            known = ranges[factor.name]
            assert known.low is None or factor.low is None or known.low <= factor.low < factor.high <= known.high


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SOBOL.replace("n = 8", "n = 100") + VARY, "a power of two for method sobol, not 100"),
        (SOBOL.replace("n = 8", "n = 100") + VARY, "the nearest are 64 and 128"),
        ('method = "sobl"\nn = 8\n' + VARY, "unknown method 'sobl'; did you mean 'sobol'?"),
        ("n = 8\n" + VARY, "method is missing (one of sobol, morris, pawn, rbd-fast, delta, hdmr)"),
        ('method = "sobol"\n' + VARY, "method sobol needs n, the number of base samples"),
        ('method = "hdmr"\nn = 299\n' + VARY, "from 300 on for 3 parameters or groups and method hdmr, not 299"),
        (
            SOBOL + "second_order = true\n" + VARY + '[groups]\na = ["crews.line.own", "channels.hotline.two_way"]\n',
            "second_order and [groups] do not go together",
        ),
        ('method = "pawn"\nn = 200\n' + VARY + '[groups]\na = ["crews.line.own"]\n', "groups go with sobol and morris"),
        (SOBOL + VARY + '[groups]\na = ["crews.line.owns"]\n', "did you mean 'crews.line.own'?"),
        ('method = "morris"\nn = 8\nsecond_order = true\n' + VARY, "second_order goes with method sobol, not morris"),
        (SOBOL + '[vary]\n"crews.line.own" = [1, 2]\n', "at least two parameters, not 1"),
        (SOBOL.replace('"gap"', '"gapp"') + VARY, "unknown outcome 'gapp'; did you mean 'gap'?"),
        ('method = "morris"\nn = 8\n' + VARY + '"crews.trouble.own" = [1, 2, 3, 4, 5]\n', "list at most 4"),
        (SOBOL + VARY.replace("to = 1.0", "to = 9.0"), "from 0.01 to 4"),
    ],
)  # fmt: skip
def test_bad_studies_end_in_one_line_that_says_what_is_allowed(file, text, told):
    assert told in ending(file(HEAD + text))


def test_a_file_of_another_kind_is_sent_to_its_command(file):
    line = ending(file('kind = "sweep"\nscenario = "classroom"\n' + VARY))
    assert "of kind 'sweep', not 'sensitivity'" in line
    assert "coproduce sweep" in line


def test_help_teaches_methods_and_their_cost():
    text = command("--help").stdout
    for method in ("morris", "sobol", "pawn", "delta", "rbd-fast", "hdmr"):
        assert method in text
    assert "n (D+2) R" in text
    assert "power of two" in text
