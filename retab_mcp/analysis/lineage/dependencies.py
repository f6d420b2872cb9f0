"""Dependencies between steps: by the executed graph, else by the files passed on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from retab_mcp.analysis.loops.loop_containers import in_other_iteration
from retab_mcp.analysis.values.json_types import as_dict
from retab_mcp.models import Graph, Json, StepPayload, StepSummary

# A container is two nodes: the start and the end of its loop. With one, a block inside the loop
# would depend on all its siblings through the container.
_BEGIN, _END = "begin", "end"
_Node = tuple[str, str]


class GraphDependencies:
    """Dependencies by the graph of blocks that the run executed."""

    def __init__(self, graph: Graph) -> None:
        self.blocks = frozenset(block.id for block in graph.blocks)
        parents = {block.id: block.parent_id for block in graph.blocks}
        self._while_loops = {block.id for block in graph.blocks if block.type == "while_loop"}
        self._containers = {parent for parent in parents.values() if parent is not None}
        self._after: dict[_Node, set[_Node]] = defaultdict(set)
        self._reached: dict[str, frozenset[_Node]] = {}
        for container in self._containers:
            self._after[container, _BEGIN].add((container, _END))
        for child, parent in parents.items():
            if parent is not None:
                self._after[parent, _BEGIN].add(self._begin(child))
                self._after[self._end(child)].add((parent, _END))
        for edge in graph.edges:
            enters = parents.get(edge.source) == edge.target and edge.target in self._containers
            leaves = parents.get(edge.target) == edge.source and edge.source in self._containers
            source = (edge.source, _BEGIN) if leaves else self._end(edge.source)
            target = (edge.target, _END) if enters else self._begin(edge.target)
            self._after[source].add(target)

    def _begin(self, block: str) -> _Node:
        return block, _BEGIN

    def _end(self, block: str) -> _Node:
        return block, _END if block in self._containers else _BEGIN

    def knows(self, step: StepSummary) -> bool:
        """Return whether the graph has the block of `step`."""
        return step.block_id in self.blocks

    def depends(self, step: StepSummary, earlier: StepSummary) -> bool:
        """Return whether `step` depends on the output of `earlier`, whether it ran or not.

        In a loop, both must be in the same iteration; in a while loop `step` can be in a later one.
        """
        if step.step_id == earlier.step_id and step.block_id == earlier.block_id:
            return False
        apart = in_other_iteration(step, earlier, self._while_loops)
        if apart is not None:
            return not apart
        if not self._leads(earlier.block_id, step.block_id):
            return False
        # In a cycle, each block leads to the other, so time decides.
        return not (self._leads(step.block_id, earlier.block_id) and starts_before(step, earlier))

    def _leads(self, source: str, target: str) -> bool:
        return self._begin(target) in self._reachable(source)

    def _reachable(self, block: str) -> frozenset[_Node]:
        if block not in self._reached:
            found: set[_Node] = set()
            open_nodes = list(self._after.get(self._end(block), ()))
            while open_nodes:
                node = open_nodes.pop()
                if node not in found:
                    found.add(node)
                    open_nodes.extend(self._after.get(node, ()))
            self._reached[block] = frozenset(found)
        return self._reached[block]


class PassedOn:
    """Dependencies by the files that steps passed on, for runs whose graph is unknown."""

    def __init__(self, steps: Iterable[tuple[StepSummary, StepPayload]]) -> None:
        makers: dict[str, list[str]] = defaultdict(list)
        consumed: dict[str, set[str]] = {}
        for step, payload in steps:
            for file_id in _files(payload.handle_outputs):
                makers[file_id].append(step.step_id)
            consumed[step.step_id] = _files(payload.handle_inputs)
        self._before = {
            step_id: {maker for file_id in files for maker in makers[file_id]} - {step_id}
            for step_id, files in consumed.items()
        }

    @property
    def any_known(self) -> bool:
        """True if any step received a file that another one produced."""
        return any(self._before.values())

    def depends(self, step: StepSummary, earlier: StepSummary) -> bool:
        """Return whether `step` received a file that `earlier` produced, directly or not."""
        seen = {step.step_id}
        open_ids = [step.step_id]
        while open_ids:
            for before in self._before.get(open_ids.pop(), ()):
                if before == earlier.step_id:
                    return True
                if before not in seen:
                    seen.add(before)
                    open_ids.append(before)
        return False


def starts_before(step: StepSummary, other: StepSummary) -> bool:
    """Return whether `step` is known to have started before `other`."""
    if step.started_at is None or other.started_at is None:
        return False
    return step.started_at < other.started_at


def _files(handles: Mapping[str, Json]) -> set[str]:
    found = (as_dict(as_dict(handle).get("document")).get("id") for handle in handles.values())
    return {file_id for file_id in found if isinstance(file_id, str)}
