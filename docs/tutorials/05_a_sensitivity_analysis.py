# %% [markdown]
# # A sensitivity analysis that converges
#
# **Afterwards you can** find out which of the things that nobody knows well drive an outcome, tell whether your study
# was large enough to say so, and make it larger without repeating a run.
#
# Three parameters with a few values each, and a hamlet of 200 households, so that it takes seconds. For real work: your
# own city, all parameters that you doubt (`coproduce show CITY` marks assumptions), ranges in place of lists, and four
# seeds or more.

# %%
# %matplotlib inline
from pathlib import Path

from analysis.figures.drawing import save
from analysis.figures.sensitivity import convergence, index_bars
from analysis.sensitivity.convergence import over_n, verdict
from analysis.sensitivity.indices import analyse, ranking
from analysis.sensitivity.noise import noise
from experiments.designs.study_files import read_study
from experiments.runs.ledger import Ledger
from experiments.runs.runner import execute
from experiments.runs.workers import Here
from experiments.studies.sensitivity import outcomes_of, sensitivity_of

# %% [markdown]
# ## Say what is not known
#
# A study is a small file: a scenario, a method, an outcome, and for each parameter what it may be: a range, such as
# `{ from = 5.0, to = 100.0 }`, or a list of values. With lists some rows of the design are equal, and what is equal is
# run once.

# %%
Path("hamlet.toml").write_text(
    """
kind = "sensitivity"
scenario = "classroom"
method = "sobol"
n = 32
replicates = 2
outcomes = ["mean", "gap"]

[set]
"place.customers" = 200
"place.neighbourhoods" = 4
"grid.customers_per_substation" = 200
"grid.customers_per_feeder" = 100
"grid.customers_per_lateral" = 20
"crews.line.mutual_aid" = 0

[vary]
"crews.travel_min" = [5.0, 20.0, 40.0, 60.0, 80.0, 100.0]
"reporting.b_need" = [0.5, 1.2, 1.9, 2.6, 3.3, 4.0]
"patrol.teams" = [0, 1, 2, 3, 4, 6]
""",
    encoding="utf-8",
)

# %% [markdown]
# Sobol' indices are shares of variance. **S1** is what a parameter does by itself; **ST** is what it does together with
# all others. They cost n (D + 2) rows for D parameters, and every row is run under the same seeds.

# %%


def run_and_judge(n, outcome):
    """Run what is missing of a study of this size, and analyse one outcome."""
    study = read_study("hamlet.toml", "sensitivity", n=n)
    asked = sensitivity_of(study)
    with Ledger.open("hamlet.sqlite", asked.plan.identity) as ledger:
        tally = execute(asked.plan, ledger, Here())
        values = outcomes_of(asked, ledger, study.outcomes)[study.outcomes.index(outcome)]
    found = analyse(asked.sample, values.mean(axis=1))
    growing = over_n(asked.sample, values.mean(axis=1), found)
    judged = verdict(growing, study.method["method"])
    print(f"n = {n}: {tally.done:,} runs made, {tally.recalled:,} known before")
    print(f"  widest interval +/- {judged.half_width:.2f}, allowed {judged.allowed:.2f}; {judged.ranking}")
    print(f"  converged: {judged.converged}" + ("" if judged.converged else f"; n needed: about {judged.n_needed:,}"))
    return found, growing, judged, noise(values)


MEAN = "all:all:mean_h"
found, growing, judged, luck = run_and_judge(32, MEAN)

# %% [markdown]
# ## What to do when it has not converged
#
# The verdict asks two things: are the intervals narrow, and has the order of the first three settled from half of the
# runs to all of them? If not, it says which n the intervals need. Raise n, a power of two, and give the same ledger:
# the runs that are there are the first part of the larger design. (Once every combination of the listed values has been
# run, a larger design makes no new run at all. With ranges it does.)

# %%
while not judged.converged and judged.n < 2048:
    found, growing, judged, luck = run_and_judge(min(judged.n_needed, 8 * judged.n), MEAN)

# %%
assert judged.converged, "still not converged: raise the limit"
print(found.table[["index", "parameter", "value", "low", "high"]].round(2).to_string(index=False))
print("From what matters most to what matters least:", ", ".join(ranking(found, "sobol")))

# %% [markdown]
# Some rules for reading it. S1 near ST: the parameter acts alone. ST well above S1: it acts together with others. An
# interval that reaches 0: nothing can be said of it, which is not the same as "no influence".
#
# ## Luck
#
# Each row is the mean over a few seeds; the luck that is left in it looks like interaction. It is printed apart: if it
# is a large share, take more seeds rather than a larger n.

# %%
print(f"Share of the variance between rows that is luck left in {luck.seeds} seeds: {luck.share:.1%}")

# %%
below = f"hamlet of 200 households, n = {judged.n}, {luck.seeds} seeds; bars: 95 % intervals"
figure = index_bars(found.table, [("S1", "alone (S1)"), ("ST", "with others (ST)")], "share of variance (1 = all)",
                    "What drives mean hours out", below)  # fmt: skip
save(figure, "indices.png", "First-order and total Sobol indices of three parameters with intervals")
figure

# %%
figure = convergence(growing, "base samples n", "total index ST", "Do the indices settle?", below)
save(figure, "convergence.png", "Total indices against the size of the study, with intervals")
figure

# %% [markdown]
# ## The gap is harder
#
# A difference of two groups in a hamlet is mostly luck. The same runs, analysed for the gap, say so instead of naming a
# driver:

# %%
_, _, gap_judged, gap_luck = run_and_judge(64, "minority:minority:gap_h")
print(f"  share of luck: {gap_luck.share:.1%}")

# %% [markdown]
# ## By the command line
#
# ```sh
# coproduce sensitivity hamlet.toml --out results/hamlet            # tables, figures, the verdict in words
# coproduce sensitivity hamlet.toml --out results/hamlet --workers 8
# coproduce sensitivity sensitivity-classroom --replicates 8 --out results/drivers
# ```
#
# On many machines: [cluster](../cluster.md).
#
# ## Three questions to try
#
# 1. Method `morris` with `n = 20`: does it find the same order for fewer runs?
# 2. Add `"crews.line.own" = [1, 2, 4]` to `[vary]`. What happens to the other indices, and why?
# 3. Raise `replicates` for the gap. How many seeds until luck is less than a tenth?
