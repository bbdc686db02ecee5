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
import coproduce as cp

# %% [markdown]
# ## Say what is not known
#
# A study is a scenario, a method, outcomes, and for each parameter what it may be: a range, such as
# `{"from": 5.0, "to": 100.0}`, or a list of values. With lists some rows of the design are equal, and what is equal is
# run once. The same keys make a file for the command line.

# %%
hamlet = {
    "kind": "sensitivity",
    "name": "hamlet",
    "scenario": "classroom",
    "method": "sobol",
    "n": 32,
    "replicates": 2,
    "outcomes": ["mean", "gap"],
    "set": {
        "place.customers": 200,
        "place.neighbourhoods": 4,
        "grid.customers_per_substation": 200,
        "grid.customers_per_feeder": 100,
        "grid.customers_per_lateral": 20,
        "crews.line.mutual_aid": 0,
    },
    "vary": {
        "crews.travel_min": [5.0, 20.0, 40.0, 60.0, 80.0, 100.0],
        "reporting.b_need": [0.5, 1.2, 1.9, 2.6, 3.3, 4.0],
        "patrol.teams": [0, 1, 2, 3, 4, 6],
    },
}

# %% [markdown]
# Sobol' indices are shares of variance. **S1** is what a parameter does by itself; **ST** is what it does together with
# all others. They cost n (D + 2) rows for D parameters, and every row is run under the same seeds.

# %%


def run_and_judge(n, outcome):
    """Run what is missing of a study of this size, and look at one outcome."""
    found = cp.sensitivity(hamlet, n=n, out="hamlet")
    looked_at = next(each for each in found.summary["outcomes"] if each["outcome"] == outcome)
    judged = looked_at["convergence"]
    print(f"n = {n}: {len(found.runs):,} runs")
    if judged["half_width"] is None:
        print(f"  no indices: {looked_at['why_no_indices']}")
        return found, looked_at
    print(f"  widest interval +/- {judged['half_width']:.2f}, allowed {judged['allowed']:.2f}; {judged['ranking']}")
    more = "" if judged["converged"] else f"; n needed: about {judged['n_needed']:,}"
    print(f"  converged: {judged['converged']}{more}")
    return found, looked_at


MEAN = "all:all:mean_h"
found, mean = run_and_judge(32, MEAN)

# %% [markdown]
# ## What to do when it has not converged
#
# The verdict asks two things: are the intervals narrow, and has the order of the first three settled from half of the
# runs to all of them? If not, it says which n the intervals need. Raise n, a power of two, and give the same folder:
# the runs that are there are the first part of the larger design. (Once every combination of the listed values has been
# run, a larger design makes no new run at all. With ranges it does.)

# %%
while not mean["convergence"]["converged"] and mean["convergence"]["n"] < 2048:
    judged = mean["convergence"]
    found, mean = run_and_judge(min(judged["n_needed"], 8 * judged["n"]), MEAN)

# %%
assert mean["convergence"]["converged"], "still not converged: raise the limit"
indices = found.tables["indices"]
columns = ["index", "parameter", "value", "low", "high"]
print(indices.loc[indices.outcome == MEAN, columns].round(2).to_string(index=False))
print(found.page().answer[0].headline)

# %% [markdown]
# Some rules for reading it. S1 near ST: the parameter acts alone. ST well above S1: it acts together with others. An
# interval that reaches 0: nothing can be said of it, which is not the same as "no influence".
#
# ## Luck
#
# Each row is the mean over a few seeds; the luck that is left in it looks like interaction. It is printed apart: if it
# is a large share, take more seeds rather than a larger n.

# %%
luck = mean["noise"]
print(f"Share of the variance between rows that is luck left in {luck['seeds']} seeds: {luck['share']:.1%}")

# %%
figures = found.figures()
figures["indices-mean_h"].save("indices.png")
figures["indices-mean_h"]

# %%
figures["convergence-mean_h"].save("convergence.png")
figures["convergence-mean_h"]

# %% [markdown]
# ## The gap is harder
#
# A difference of two groups in a hamlet is mostly luck. The same runs, analysed for the gap, say so instead of naming a
# driver:

# %%
_, gap = run_and_judge(64, "minority:minority:gap_h")
print(f"  share of luck: {gap['noise']['share']:.1%}")

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
