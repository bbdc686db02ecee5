"""The figures of `benchmarks.studies` as tables in plain words."""

from typing import Any

STAGES = {
    "but": "the scenario with its patch",
    "world": "finding city and storm",
    "measures": "measures of the run",
    "prepare": "keys and order of the rows",
    "ledger": "ledger",
    "rest": "batches and the rest",
}
COLUMNS = {"change": 7, "change_low": 8, "change_high": 8, "ratio": 8, "ratio_low": 7, "ratio_high": 8}
OUTCOMES = {"gap": "gap, minority (h)", "mean": "mean hours out (h)"}


def print_studies(studies: dict[str, Any]) -> None:
    """All parts, one under the other."""
    print("Studies of many runs; seconds below are those of the clock on the wall")
    if studies["load_before"] is not None:
        print(f"work of others on this machine before: load average {studies['load_before']:.1f}")
    print_speed(studies["speed"])
    print_overhead(studies["overhead"])
    print_memory(studies["memory"])
    print_pairing(studies["pairing"])


def print_speed(speed: dict[str, Any]) -> None:
    """Rates and efficiencies."""
    workers, one = speed["workers"], speed["one"]
    print(f"\nA sweep over residents' behaviour, {speed['households']:,} households; "
          f"{speed['rounds']} turns of {speed['runs']} runs each")  # fmt: skip
    print(f"{'':<26}{'start s':>9}{'runs/s':>9}{'efficiency':>12}{'from':>8}{'to':>8}")
    print(f"{'one worker':<26}{one['start_s']:>9.1f}{one['rate']:>9.1f}")
    for name, label in {"processes": f"{workers} processes", "dask": f"Dask, {workers} workers, TCP"}.items():
        found = speed[name]
        if "skipped" in found:
            print(f"{label:<26}skipped: {found['skipped']}")
            continue
        span = found["efficiency"]
        print(f"{label:<26}{found['start_s']:>9.1f}{found['rate']:>9.1f}"
              f"{span['median']:>12.2f}{span['low']:>8.2f}{span['high']:>8.2f}")  # fmt: skip
    span = speed["engines_at_once"]
    print(f"{f'{workers} engines, no study':<26}{'':>18}{span['median']:>12.2f}{span['low']:>8.2f}{span['high']:>8.2f}")
    print("start: until every worker has loaded rules and city; left out of rates")
    beside = "not told without psutil" if one["beside"] is None else f"{one['beside']:.1%} of a core"
    print(f"what all else here took beside the one worker: {beside}; workers live only in their own turns")
    print(f"projected, not measured: a Sobol' study of {speed['sobol_runs']:,} such runs on {workers} processes "
          f"takes {duration(speed['projected_h'])}")  # fmt: skip


def print_overhead(overhead: dict[str, Any]) -> None:
    """What a run costs outside the engine."""
    ms = {name: 1e3 * value for name, value in overhead["overhead_s"].items()}
    share = overhead["share"]
    print(f"\nOne run of {overhead['households']:,} households in a study on one worker; "
          f"{overhead['rounds']} turns of {overhead['runs']} runs")  # fmt: skip
    print(f"{'in a study':<30}{1e3 * overhead['wall_s']:>9.2f} ms")
    print(f"{'the engine alone':<30}{1e3 * overhead['engine_s']:>9.2f} ms")
    print(f"{'outside the engine':<30}{ms['median']:>9.2f} ms, from {ms['low']:.2f} to {ms['high']:.2f}")
    print(f"{'  as a share of the engine':<30}{share['median']:>9.1%}, from {share['low']:.1%} to {share['high']:.1%}")
    for stage, words in STAGES.items():
        print(f"{'  ' + words:<30}{overhead['where_ms'][stage]:>9.2f} ms")


def print_memory(memory: dict[str, Any]) -> None:
    """Memory early and late."""
    print(f"\nResident memory after so many runs of a study on {memory['workers']} processes")
    print(f"{'households':>12}{'runs':>10}{'leading process MB':>20}{'largest worker MB':>20}")
    for row in memory["rows"]:
        print(f"{row['households']:>12,}{row['runs']:>10,}{row['parent_mb']:>20.0f}{row['worker_mb']:>20.0f}")


def print_pairing(pairing: dict[str, Any]) -> None:
    """Variance ratios."""
    print(f"\nPairs of equal seeds, {pairing['households']:,} households, {pairing['pairs']} pairs: how many times")
    print("more runs independent seeds would need for as narrow an interval of the change (95 % intervals)")
    print(f"{'':<34}{'':<20}{'change':>7}{'from':>8}{'to':>8}{'ratio':>8}{'from':>7}{'to':>8}")
    for row in pairing["rows"]:
        numbers = "".join(number(row[name], width) for name, width in COLUMNS.items())
        print(f"{row['arm']:<34}{OUTCOMES[row['outcome']]:<20}{numbers}")
        if row["note"]:
            print(f"{'':<34}{row['note']}")
    print(verdict(pairing["rows"]))


def verdict(rows: list[dict[str, Any]]) -> str:
    """In how many cases pairing is seen to help or to harm."""
    helps = sum(row["ratio_low"] is not None and row["ratio_low"] > 1.0 for row in rows)
    harms = sum(row["ratio_high"] is not None and row["ratio_high"] < 1.0 for row in rows)
    return f"pairing helps in {helps} of {len(rows)} and harms in {harms}; of the others nothing can be told"


def number(value: float | None, width: int) -> str:
    """A number of two decimals, of none when large, of its size alone when huge; "-" for one that there is not."""
    if value is None:
        return f"{'-':>{width}}"
    text = f"{value:.2f}" if abs(value) < 100.0 else f"{value:,.0f}" if abs(value) < 1e5 else f"{value:.0e}"
    return f"{text:>{width}}"


def duration(hours: float) -> str:
    """Hours in words."""
    if hours >= 2.0:
        return f"{hours:.1f} h"
    return f"{60.0 * hours:.0f} min" if hours >= 0.05 else f"{3600.0 * hours:.0f} s"
