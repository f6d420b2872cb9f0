"""Which steps depend on which, by the executed graph and by files."""

from collections.abc import Callable

import pytest

from retab_mcp.analysis.lineage.dependencies import GraphDependencies, PassedOn, starts_before
from retab_mcp.models import Block, Edge, Graph, StepPayload, StepSummary

Make = Callable[..., StepSummary]


def graph_of(*edges: str, **parents: str) -> GraphDependencies:
    """Return the dependencies of "a > b" edges; `parents` are the containers of blocks."""
    pairs = [edge.split(" > ") for edge in edges]
    names = dict.fromkeys([*(name for pair in pairs for name in pair), *parents, *parents.values()])
    blocks = tuple(
        Block(
            id=name,
            parent_id=parents.get(name),
            type="while_loop" if name.startswith("until") else None,
        )
        for name in names
    )
    return GraphDependencies(
        Graph(blocks=blocks, edges=tuple(Edge(source=a, target=b) for a, b in pairs))
    )


def test_a_step_depends_on_what_leads_to_it(make_step: Make) -> None:
    graph = graph_of("a > b", "b > c", "a > d")
    a, b, c, d = (make_step(name) for name in "abcd")
    assert graph.depends(c, a)
    assert graph.depends(b, a)
    assert not graph.depends(a, c)
    assert not graph.depends(d, b)
    assert not graph.depends(a, a)
    assert graph.knows(a)
    assert not graph.knows(make_step("other"))


def test_a_loop_and_what_is_in_it(make_step: Make) -> None:
    graph = graph_of("a > each", "each > z", "w > x", w="each", x="each", y="each")
    a, z, each = make_step("a"), make_step("z"), make_step("each", type="for_each")
    w, x, y = (make_step(name, loops=(("each", 0),)) for name in "wxy")
    assert graph.depends(w, a)
    assert graph.depends(each, a)
    assert graph.depends(z, x)
    assert graph.depends(z, a)
    assert graph.depends(x, w)
    assert not graph.depends(y, x)
    assert not graph.depends(x, z)


def test_an_empty_loop_passes_on(make_step: Make) -> None:
    graph = graph_of("a > each", "each > z", w="each")
    assert graph.depends(make_step("z"), make_step("a"))


def test_iterations_do_not_depend_on_each_other_but_rounds_do(make_step: Make) -> None:
    def turn(name: str, loop: str, number: int) -> StepSummary:
        return make_step(name, number, loops=((loop, number),))

    each = graph_of("w > x", w="each", x="each")
    assert each.depends(turn("x", "each", 1), turn("w", "each", 1))
    assert not each.depends(turn("x", "each", 1), turn("w", "each", 0))
    until = graph_of("w > x", w="until", x="until")
    assert until.depends(turn("x", "until", 1), turn("w", "until", 0))
    assert not until.depends(turn("x", "until", 0), turn("w", "until", 1))


def test_in_a_cycle_time_decides(make_step: Make) -> None:
    graph = graph_of("a > b", "b > a")
    early, late = make_step("a", 0), make_step("b", 1)
    assert graph.depends(late, early)
    assert not graph.depends(early, late)


def test_edges_of_a_container_to_its_own_blocks(make_step: Make) -> None:
    graph = graph_of("each > w", "w > each", "each > z", w="each")
    w, z = make_step("w", loops=(("each", 0),)), make_step("z")
    assert graph.depends(z, w)
    assert not graph.depends(w, z)


def test_files_that_were_passed_on(make_step: Make) -> None:
    def files(*names: str) -> dict[str, object]:
        return {name: {"type": "file", "document": {"id": name}} for name in names}

    a, b, c = (make_step(name) for name in "abc")
    odd = {"x": None, "y": {"document": {"id": 7}}, "z": {"document": "f1"}}
    known = PassedOn(
        [
            (a, StepPayload(odd, files("f1"))),
            (b, StepPayload(files("f1"), files("f2"))),
            (c, StepPayload(files("f2", "f9"), files("f2"))),
        ]
    )
    assert known.any_known
    assert known.depends(c, a)
    assert known.depends(b, a)
    assert not known.depends(a, b)
    assert not known.depends(b, c)
    assert not PassedOn([(a, StepPayload(files("f1"), files("f1")))]).any_known


@pytest.mark.parametrize(
    ("one", "other", "before"), [(0, 1, True), (1, 1, False), (1, 0, False), (None, 1, False)]
)
def test_starting_before_must_be_known(
    make_step: Make, one: float | None, other: float, before: bool
) -> None:
    assert starts_before(make_step("a", one), make_step("b", other)) is before
    assert not starts_before(make_step("a", 0), make_step("b", None))
