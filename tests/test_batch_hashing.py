from hypothesis import given
from hypothesis import strategies as st

from extractor.batch.hashing import Rows, key_of

KEYS = st.integers(0, 2**64 - 1) | st.integers(0, 5) | st.sampled_from([n << 40 for n in range(50)])


@given(st.lists(KEYS))
def test_rows_are_those_of_a_dict(keys: list[int]) -> None:
    rows, known = Rows(), dict[int, int]()
    for key in keys:
        assert rows.find(key) == known.get(key)
        assert rows.add(key) == known.setdefault(key, len(known))
    assert list(rows.keys) == list(known)
    again = Rows(known)
    assert all(again.find(key) == row for key, row in known.items())


def test_many_rows_are_found_after_the_table_has_grown() -> None:
    keys = [key_of(str(n).encode()) for n in range(20_000)]
    rows = Rows()
    assert [rows.add(key) for key in keys] == list(range(20_000))
    assert [rows.find(key) for key in keys] == list(range(20_000))
    assert rows.find(key_of(b"another")) is None
    assert len(rows) == 20_000


def test_parts_of_a_key_do_not_run_into_each_other() -> None:
    assert key_of(b"ab", b"c") != key_of(b"a", b"bc")
