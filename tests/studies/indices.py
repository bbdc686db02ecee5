"""A study of sensitivity as it is read back from its folder, with indices as a test needs them."""

from experiments.found import Found


def study_with(method, *rows, **more):
    """A study of one outcome with these indices: (index, parameter, value, low, high)."""
    names = ("index", "parameter", "value", "low", "high")
    indices = [{**dict(zip(names, row, strict=True)), "second_parameter": "b", "looked_at": 2} for row in rows]
    indices = [{**row, "low_together": row["low"], "high_together": row["high"]} for row in indices]
    judged = {"converged": True, "half_width": 0.04, "allowed": 0.05, "ranking": "", "n": 64, "n_needed": 64}
    outcome = {"outcome": "all:all:mean_h", "unit": "h", "indices": indices, "why_no_indices": "", "left_out": 0,
               "n": 64, "noise": {"share": 0.02, "seeds": 10}, "convergence": judged, "notes": [], **more}  # fmt: skip
    summary = {"method": method, "n_counts": "base samples", "n": 64, "rows": 256, "replicates": 10,
               "outcomes": [outcome], "made": {"assumptions": []}}  # fmt: skip
    return Found("sensitivity", summary, {}), outcome
