"""Every study in one call from Python: the same plan, runs and findings as the command of its name.

::

    import coproduce as cp

    if __name__ == "__main__":   # which other processes need, with more than one worker
        found = cp.compare("classroom", ["outreach/app-launch"], pairs=20, workers=2)
        found.table              # a data frame
        found.page().answer      # what can be said
        found.figures()          # by name; notebooks show them
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.carrying import study
from app.faces import terminal
from app.process.progress import Progressing
from app.result import Found
from experiments.runs.carry_out import RunOptions
from experiments.runs.watch import Watch
from experiments.study import kinds
from sim import Scenario

Where = str | Path
Changes = Mapping[str, Any] | Sequence[str]  # dotted path to value, or "path=value" as on the command line


def call(kind: str, asked: Mapping[str, Any], out: Where | None, workers: int, progress: bool, repair: bool) -> Found:
    """Carry out a study of any kind.

    Parameters
    ----------
    asked : what its command takes, by the names of its options; None is left to the default
    out : folder that keeps runs, tables, figures and summary; the same call goes on where it stopped. None: nothing is
        kept beyond the object that is returned
    workers : processes; 0: one per core. With more than one, rules of one's own must stand at the top of modules
    progress : whether to say on stderr how far it is
    repair : mend a damaged ``runs.sqlite``, rather than refuse it

    Raises
    ------
    ScenarioError    input that cannot be used, or a folder that holds another study
    """
    watch = Progressing(terminal.console(to_stderr=True)) if progress else Watch()
    options = RunOptions(Path(out) if out else None, workers, repair=repair, watch=watch, tables=True)
    given = {name: value for name, value in asked.items() if value is not None}
    found = study(kinds()[kind], given, options, told(kind, {**given, "out": options.out and str(options.out)}))
    assert found is not None  # only a shard has nothing to say
    return found


def told(kind: str, given: Mapping[str, Any]) -> str:
    """A call as somebody would type it to make the study again; objects by what they print."""
    empty: tuple[Any, ...] = (None, (), [], {})
    return f"coproduce.{kind}({', '.join(f'{name}={value!r}' for name, value in given.items() if value not in empty)})"


def of_any(
    kind: str, study: Where | Mapping[str, Any], *, out: Where | None = None, workers: int = 1, progress: bool = False,
    repair: bool = False, **keys: Any,
) -> Found:  # fmt: skip
    """Carry out a study that has a file, of whatever kind; ``keys`` stand in place of the file's own."""
    return call(kind, {"study": _plain(study), **keys}, out, workers, progress, repair)


def run(
    scenario: Scenario | Where, replicates: int = 1, *, by: Sequence[str] = ("minority",), seed: int = 1,
    changes: Changes = (), with_changes: Sequence[str] = (), world_seed: int | None = None,
    storm_seed: int | None = None, doubt: Where | None = None, choose: Any = None, score: Any = None,
    out: Where | None = None, workers: int = 1, progress: bool = False, repair: bool = False,
) -> Found:  # fmt: skip
    """Simulate a storm under consecutive seeds: who waited longer, by how much, and why.

    Parameters
    ----------
    scenario : a scenario, its name or its file
    replicates : how many seeds to run, counting up from ``seed``
    by : whom to compare: attributes, or several crossed by commas
    changes : of parameters; ``with_changes``: names of changes that fit any city
    world_seed, storm_seed : the same city, the same damage in all replicates
    doubt : draws of the parameters, by name or as a file: seed i takes draw i
    choose, score : rules of one's own as of `sim.run`
    out, workers, progress, repair : see `call`

    Returns
    -------
    Found; ``.outcomes(seed)`` gives the tables of one replicate
    """
    asked = {"scenario": _plain(scenario), "replicates": replicates, "by": by, "seed": seed, "set": changes,
             "with_changes": with_changes, "world_seed": world_seed, "storm_seed": storm_seed, "doubt": _plain(doubt),
             "choose": choose, "score": score}  # fmt: skip
    return call("run", asked, out, workers, progress, repair)


def compare(
    baseline: Scenario | Where, arms: Sequence[str] | Mapping[str, str | Mapping[str, Any]] = (),
    pairs: int | None = None, *, by: Sequence[str] = (), seed: int = 1, changes: Changes = (),
    until_halfwidth_h: float | None = None, most_pairs: int = 400, doubt: Where | None = None, choose: Any = None,
    score: Any = None, out: Where | None = None, workers: int = 1, progress: bool = False, repair: bool = False,
) -> Found:  # fmt: skip
    """Compare arms with a baseline, pair by pair: what a change does to the gap, to everybody, and to the bill.

    Parameters
    ----------
    baseline : a scenario, its name or its file
    arms : as on the command line (``"outreach/app-launch"``); or by label, either so or as a mapping of dotted paths
        to values that may also hold ``choose`` and ``score``: rules of one's own. None: the baseline that the
        scenario's own file gives
    pairs : runs of the baseline and of each arm, one per seed: 20, or the first batch with ``until_halfwidth_h``
    by : groupings; by default minority, income and medical_device
    changes : of parameters, in the baseline and in every arm
    until_halfwidth_h : add pairs until the interval of the change of the gap is this narrow, ``most_pairs`` at most
    doubt : draws of the parameters, by name or as a file: seed i takes draw i
    choose, score : rules of one's own in the baseline, and in every arm that names no other
    out, workers, progress, repair : see `call`
    """
    asked = {"baseline": _plain(baseline), "arms": arms, "replicates": pairs, "by": by, "seed": seed, "set": changes,
             "until_halfwidth": until_halfwidth_h, "max_replicates": most_pairs, "doubt": _plain(doubt),
             "choose": choose, "score": score}  # fmt: skip
    return call("compare", asked, out, workers, progress, repair)


def sweep(
    study: Where | Mapping[str, Any], *, scenario: str | None = None, replicates: int | None = None,
    seed: int | None = None, outcomes: Sequence[str] | None = None, out: Where | None = None, workers: int = 1,
    progress: bool = False, repair: bool = False, **keys: Any,
) -> Found:  # fmt: skip
    """Vary channels or any parameters, and see how outcomes answer.

    Parameters
    ----------
    study : name of a shipped study, a TOML file, or the content of one as a mapping
    scenario, replicates, seed, outcomes : in place of the study's own; so are further ``keys`` of its file
    out, workers, progress, repair : see `call`
    """
    over = {"scenario": scenario, "replicates": replicates, "seed": seed, "outcomes": outcomes and list(outcomes)}
    return of_any("sweep", study, out=out, workers=workers, progress=progress, repair=repair, **over, **keys)


def sensitivity(
    study: Where | Mapping[str, Any], *, scenario: str | None = None, replicates: int | None = None,
    seed: int | None = None, outcomes: Sequence[str] | None = None, out: Where | None = None, workers: int = 1,
    progress: bool = False, repair: bool = False, **keys: Any,
) -> Found:  # fmt: skip
    """Find what drives outcomes: indices of sensitivity with intervals; the parameters are those of `sweep`."""
    over = {"scenario": scenario, "replicates": replicates, "seed": seed, "outcomes": outcomes and list(outcomes)}
    return of_any("sensitivity", study, out=out, workers=workers, progress=progress, repair=repair, **over, **keys)


def _plain(given: Any) -> Any:
    return str(given) if isinstance(given, Path) else given
