"""The picture of a part: lanes, ports, and what is drawn."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from kexue_lib.sphinxext.arcs import LANE, WIDE, Arc, Box, draw, lanes, ports

quick = settings(max_examples=100)
SVG = "{http://www.w3.org/2000/svg}"


@st.composite
def graphs(draw):
    count = draw(st.integers(2, 9))
    pairs = list(itertools.permutations(range(count), 2))
    return count, draw(st.lists(st.sampled_from(pairs), unique=True))


def picture(count, edges):
    boxes = [
        Box(f"Chapter {i}", f"{i} claims", f"{i}.html") for i in range(count)
    ]
    arcs = {
        e: Arc(str(i + 1), f"{e[0]} uses {e[1]}") for i, e in enumerate(edges)
    }
    text = draw(boxes, arcs, "what uses what")
    return ET.fromstring(text.replace("<svg", f'<svg xmlns="{SVG[1:-1]}"', 1))


def ends(svg):
    """Height of both ends, and place, of every arc's upright part."""
    found = []
    for path in svg.iter(f"{SVG}path"):
        if path.get("class") == "kx-edge":
            numbers = [
                float(x) for x in re.findall(r"-?[\d.]+", path.get("d"))
            ]
            found.append((numbers[1], numbers[-2], numbers[5]))
    return found


@quick
@given(graphs())
def test_arcs_never_run_over_each_other(graph):
    count, edges = graph
    for (a, b, x), (c, d, z) in itertools.combinations(
        ends(picture(count, edges)), 2
    ):
        apart = max(a, b) < min(c, d) or max(c, d) < min(a, b)
        assert x != z or apart


@quick
@given(graphs())
def test_no_two_arcs_share_a_port(graph):
    count, edges = graph
    heights = [y for a, b, _ in ends(picture(count, edges)) for y in (a, b)]
    assert len(set(heights)) == 2 * len(edges)


@quick
@given(graphs())
def test_every_port_is_at_its_box(graph):
    count, edges = graph
    svg = picture(count, edges)
    boxes = [
        (float(r.get("y")), float(r.get("y")) + float(r.get("height")))
        for a in svg.iter(f"{SVG}a")
        for r in a.iter(f"{SVG}rect")
    ]
    assert boxes == sorted(boxes)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(boxes))
    for edge, tips in zip(edges, ends(svg), strict=True):
        for box, y in zip(edge, tips[:2], strict=True):
            assert boxes[box][0] < y < boxes[box][1]


def test_short_arcs_lie_inside():
    found = lanes([(3, 0), (1, 0), (2, 1), (3, 1)])
    assert found == {(1, 0): 0, (2, 1): 0, (3, 1): 1, (3, 0): 2}
    # From the top: those that go up, the inner first; then those from below.
    assert ports(1, found) == [(1, 0), (3, 1), (2, 1)]


def test_four_chapters_fit_a_phone():
    every = [(b, a) for a, b in itertools.combinations(range(4), 2)]
    width = float(picture(4, every).get("width"))
    assert width == 4 + WIDE + 4 * LANE + 20
    assert width <= 343


def test_labels_titles_and_links():
    svg = picture(3, [(2, 0)])
    assert svg.get("role") == "group"
    assert svg.get("aria-label") == "what uses what"
    links = svg.findall(f"{SVG}a")
    assert [a.get("href") for a in links] == ["0.html", "1.html", "2.html"]
    assert links[0].find(f"{SVG}title").text == "Chapter 0"
    (group,) = svg.findall(f"{SVG}g")
    assert group.find(f"{SVG}title").text == "2 uses 0"
    assert group.find(f"{SVG}text").text == "1"


def test_long_titles_wrap_and_strings_are_escaped():
    bad = '<b>"&' + " a very long title indeed" * 5
    text = draw([Box(bad, bad, '"><x>'), Box("b", "", "")], {}, bad)
    svg = ET.fromstring(text)
    lines = [t.text for t in svg.find("a").iter("text")][:-1]
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert svg.get("aria-label") == bad
    assert svg.find("a").get("href") == '"><x>'
