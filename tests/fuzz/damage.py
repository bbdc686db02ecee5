"""Ways to damage good input: bytes changed at random, and cells and values replaced by what nobody expects."""

from copy import deepcopy
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pyarrow as pa
from hypothesis import strategies as st

ODD_BYTES = (
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n", b"\n", b",", b",,", b'"', b"'", b"=", b".", b"-", b"[", b"]",
    b"{", b"}", b"#", b"nan", b"inf", b"-inf", b"1e308", b"1e999", b"-1", b"0", b"9223372036854775808", b"9" * 400,
    b"true", b"[[1]]", b"{ a = 1 }", b"1979-05-27T07:32:00Z", b"0x7fffffffffffffffff", b'"""', b"\\u0000", b"\xc3",
    b"  ", b"a.a.a.a.", b"<", b">", b"&", b"]]>", b"<!ENTITY x 'y'>",
)  # fmt: skip
ODD_VALUES = (
    None, "", " ", "\0", "x" * 1_000, "nan", "1e999", "1.20730e+10", "é\u202e\U0001f9ff", "-1", True, False, 0, -1, 2,
    0.5, -0.0, 1e-320, 1e23, 1e300, -1e300, float("nan"), float("inf"), 2**31, 2**63, -(2**63), 2**64, 10**400,
    [], [1], [[1]], {}, {"a": 1}, (1, 2), b"bytes",
)  # fmt: skip

ODD_KINDS = (
    (pa.timestamp("ns", "UTC"), datetime(2018, 10, 10)), (pa.timestamp("s"), datetime(1, 1, 1)),
    (pa.date32(), date(9999, 12, 31)), (pa.time64("us"), time(1, 2, 3)), (pa.duration("ms"), timedelta(days=1)),
    (pa.decimal128(38, 2), Decimal("1.25")), (pa.null(), None), (pa.binary(), b"\xff\x00"), (pa.float16(), 0.5),
    (pa.uint64(), 2**64 - 1), (pa.int8(), -1), (pa.bool_(), True), (pa.large_string(), "1"), (pa.string(), ""),
    (pa.dictionary(pa.int8(), pa.string()), "0.5"), (pa.list_(pa.int8()), [1]), (pa.struct({"a": pa.int8()}), {"a": 1}),
    (pa.float64(), float("nan")), (pa.float64(), float("inf")), (pa.float32(), 1e30),
)  # fmt: skip
ODD = st.sampled_from(ODD_VALUES).map(deepcopy)  # for what is drawn may be changed further


@st.composite
def damaged(draw, data, most=6):
    """These bytes with a few pieces cut out, put in, doubled, moved or changed; or bytes of no meaning."""
    if draw(st.integers(0, 30)) == 0:
        return draw(st.binary(max_size=200))
    for _ in range(draw(st.integers(1, most))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 12)))
        how = draw(st.integers(0, 4))
        if how == 0:
            piece = b""
        elif how == 1:
            piece = draw(st.sampled_from(ODD_BYTES))
        elif how == 2:
            piece = data[start:end] * 2
        elif how == 3:
            piece = (
                bytes((byte + draw(st.integers(1, 255))) % 256 for byte in data[start:end][:2]) + data[start:end][2:]
            )
        else:
            other = draw(st.integers(0, len(data)))
            piece = data[other : other + 12]
        data = data[:start] + piece + data[end:]
    return data


@st.composite
def damaged_table(draw, table):
    """A table with a few cells, columns or lengths that are wrong."""
    table = {name: list(values) for name, values in table.items()}
    for _ in range(draw(st.integers(1, 4))):
        name = draw(st.sampled_from(sorted(table)))
        how = draw(st.integers(0, 7))
        if how <= 3 and isinstance(table[name], list) and table[name]:
            table[name][draw(st.integers(0, len(table[name]) - 1))] = draw(ODD)
        elif how == 4:
            table[name] = draw(ODD)
        elif how == 5:
            del table[name]
        elif how == 6:
            table[draw(st.sampled_from(("extra", "", "x_km", "geoid", "\0")))] = table.pop(name)
        elif isinstance(table[name], list):
            table[name] = [draw(ODD)] * len(table[name])
        if not table:
            break
    return table


@st.composite
def odd_columns(draw, table):
    """A table of Arrow in which a few columns are of a kind that nobody expects, or lack values."""
    arrays = {name: pa.array(values) for name, values in table.items()}
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from([*arrays, "extra", "__index_level_0__"]))
        kind, value = draw(st.sampled_from(ODD_KINDS))
        n = len(next(iter(arrays.values())))
        values = [value] * n
        if draw(st.booleans()):
            values[draw(st.integers(0, n - 1))] = None
        arrays[name] = pa.array(values, kind)
    pairs = list(arrays.items())
    if draw(st.integers(0, 9)) == 0:
        pairs.append(pairs[0])
    return pa.Table.from_arrays([array for _, array in pairs], names=[name for name, _ in pairs])


odd_in_json = ODD.filter(lambda value: not isinstance(value, bytes | tuple))
odd_in_toml = odd_in_json.filter(lambda value: value is not None)


@st.composite
def damaged_tree(draw, tree, odd):
    """Nested data with a value or two replaced by odd ones and keys renamed, added or gone."""
    for _ in range(draw(st.integers(1, 2))):
        tree = draw(_damaged_once(tree, odd))
    return tree


@st.composite
def _damaged_once(draw, tree, odd):
    if isinstance(tree, list) and tree and draw(st.booleans()):
        place = draw(st.integers(0, len(tree) - 1))
        return [*tree[:place], draw(_damaged_once(tree[place], odd)), *tree[place + 1 :]]
    if not isinstance(tree, dict) or not tree or draw(st.integers(0, 15)) == 0:
        return draw(odd)
    found = dict(tree)
    name = draw(st.sampled_from(sorted(found)))
    found[name] = draw(_damaged_once(found[name], odd))
    how = draw(st.integers(0, 11))
    if how == 0:
        found[draw(st.sampled_from(("", "a.b", "seed", "set", "place")))] = found.pop(name)
    elif how == 1:
        del found[name]
    return found
