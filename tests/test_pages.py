import base64
import hashlib
import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from extractor.grounding import Span
from extractor.pages import Mark, content_security_policy, segments
from extractor.pages.rendering import as_json

texts = st.text(max_size=40)
spans = st.builds(Span, st.integers(-3, 45), st.integers(-3, 45))
marks = st.lists(st.builds(Mark, spans, st.sampled_from("abc")), max_size=6)


@given(texts, marks)
def test_segments_join_to_the_text_and_none_is_empty(text: str, found: list[Mark]) -> None:
    cut = segments(text, found)
    assert "".join(segment.text for segment in cut) == text
    assert all(segment.text for segment in cut)


@given(texts, marks)
def test_every_character_has_the_keys_of_the_marks_over_it(text: str, found: list[Mark]) -> None:
    place = 0
    for segment in segments(text, found):
        for offset in range(place, place + len(segment.text)):
            over = [m.key for m in found if m.span.start <= offset < m.span.end]
            assert list(segment.keys) == over
        place += len(segment.text)


def test_overlapping_spans_share_the_segment_between_them() -> None:
    cut = segments("abcdef", [Mark(Span(0, 4), "x"), Mark(Span(2, 6), "y")])
    assert [tuple(s) for s in cut] == [("ab", ("x",)), ("cd", ("x", "y")), ("ef", ("y",))]


def test_the_policy_allows_exactly_this_style_and_this_script() -> None:
    policy = content_security_policy("p { }", "run()")
    digest = base64.b64encode(hashlib.sha256(b"run()").digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def policy_of(page: str) -> dict[str, Any]:
    """What a page's policy says, and the digests of what it holds."""
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert found is not None
    digests = {}
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        digests[tag] = f"{tag}-src &#39;sha256-{digest}&#39;"
    return {"policy": found.group(1), **digests}


@given(st.recursive(st.text(st.characters()), st.lists))
def test_data_in_a_page_ends_no_element_and_reads_back_the_same(value: Any) -> None:
    text = as_json(value)
    assert not set(text) & set("<>&\u2028\u2029")
    text.encode()
    assert json.loads(text) == value
