"""Compare this server with other ways to the same runs, on the same sandbox.

    python -m benchmarks.peers [--rounds 5] [--venvs DIR] [--write]

The peers: the API's JSON passed through by a server on the bare SDK with one tool for each route, a
server that FastMCP generates from an OpenAPI document of those routes, and the vendor's Python
client as a person would script it. Each takes the most direct way to the cause of failed runs, to
the reason that a called API gave, and to the origin of the value at fault (`peer_paths`). Counts
what comes back in o200k tokens, and the tokens of the list of tools. In each round every peer is
started anew, one after the other, and makes one call before it is measured; times are medians over
the rounds, memory is the peak of the process. The two other packages are installed into virtual
environments of their own, in DIR if given. `--write` puts the tables into docs/measurements.md
and a short one into README.md.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import anyio
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.types import CallToolResult

from benchmarks.peer_paths import CAUSE, ORIGIN, REASON, Trail, Way, over_api, over_ours
from benchmarks.peer_runs import (
    SIZES,
    SMALL,
    WARM_RUN,
    PeerRun,
    name_of,
    peer_runs,
    peer_samples,
)
from benchmarks.peer_servers.routes import ROUTES, openapi
from benchmarks.scale_runs import served_samples
from benchmarks.sections import README, replace_section
from retab_mcp.sandbox.app import SANDBOX_KEY
from retab_mcp.sandbox.records import Json
from tests.support.asking import text_of
from tests.support.tokens import count_tokens

FASTMCP, VENDOR = "fastmcp==4.2.3", "retab==0.0.160"
SERVERS = Path(__file__).parent / "peer_servers"
DEFAULT_ROUNDS = 5
# The encoder is not linear in the length of a text.
_PIECE = 20_000


@dataclass
class Session:
    """A started peer: its call, its process, and the tokens of its list of tools."""

    call: Callable[[str, dict[str, Json]], Awaitable[tuple[str, float]]]
    pid: int
    tools: str = ""


@dataclass
class Figures:
    """What was measured about one peer and one group of runs, over the rounds."""

    trails: list[Trail] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    ms_a_call: list[float] = field(default_factory=list)
    ms_to_origin: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Peer:
    """A peer: its name, its command line without the address and the key, and its way."""

    name: str
    command: tuple[str, ...]
    way: Way
    more: tuple[str, ...] = ()
    is_server: bool = True


def tokens_of(text: str) -> int:
    """Count o200k tokens, in pieces."""
    return sum(count_tokens(text[at : at + _PIECE]) for at in range(0, len(text), _PIECE))


def children() -> set[int]:
    """Return the ids of this process's child processes."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(pid) for task in tasks for pid in task.read_text().split()}


def peak_mb(pid: int) -> float:
    """Return the peak of a running process's memory in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(each for each in status.splitlines() if each.startswith("VmHWM:"))
    return int(line.split()[1]) / 1_000


@asynccontextmanager
async def started(peer: Peer, base_url: str) -> AsyncIterator[Session]:
    """Start a peer; end it with the context."""
    if not peer.is_server:
        with script(peer, base_url) as process:
            yield Session(lambda tool, given: _told(process, tool, given), process.pid)
        return
    before = children()
    environment = {**os.environ, "RETAB_API_KEY": SANDBOX_KEY, "RETAB_API_BASE_URL": base_url}
    arguments = [*peer.command[1:], *_address(peer, base_url)]
    parameters = StdioServerParameters(command=peer.command[0], args=arguments, env=environment)
    async with Client(parameters) as client:
        (pid,) = children() - before
        listed = (await client.list_tools()).tools
        tools = [each.model_dump(mode="json", by_alias=True, exclude_none=True) for each in listed]
        session = Session(lambda tool, given: _called(client, tool, given), pid)
        session.tools = json.dumps(tools, separators=(",", ":"), ensure_ascii=False)
        yield session


def _address(peer: Peer, base_url: str) -> list[str]:
    return [base_url, SANDBOX_KEY, *peer.more] if peer.way is over_api else []


def script(peer: Peer, base_url: str) -> subprocess.Popen[str]:
    """Start the script that uses the vendor's client."""
    return subprocess.Popen(
        [*peer.command, *_address(peer, base_url)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


async def _called(client: Client, tool: str, given: dict[str, Json]) -> tuple[str, float]:
    began = time.perf_counter()
    result = await client.call_tool(tool, given)
    taken = time.perf_counter() - began
    assert isinstance(result, CallToolResult)
    text = text_of(result)
    assert not result.is_error, text
    return text, taken


async def _told(
    process: subprocess.Popen[str], tool: str, given: dict[str, Json]
) -> tuple[str, float]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"tool": tool, "arguments": given}) + "\n")
    process.stdin.flush()
    told = json.loads(process.stdout.readline())
    return told["text"], told["seconds"]


async def follow(peer: Peer, run: PeerRun, session: Session) -> Trail:
    """Take a peer's way about one run."""
    trail = Trail()

    async def ask(tool: str, given: dict[str, Json]) -> Json:
        text, seconds = await session.call(tool, given)
        trail.tokens.append(tokens_of(text))
        trail.seconds.append(seconds)
        if peer.is_server:
            return json.loads(text)
        return [json.loads(line) for line in text.splitlines()]

    await peer.way(run, ask, trail)
    return trail


async def measure(peer: Peer, runs: list[PeerRun], base_url: str, figures: Figures) -> str:
    """Start a peer once and ask about runs; return its list of tools."""
    async with started(peer, base_url) as session:
        await session.call("get_run", {"run_id": WARM_RUN})
        trails = [await follow(peer, run, session) for run in runs]
        figures.memory_mb.append(peak_mb(session.pid))
        tools = session.tools
    seconds = [each for trail in trails for each in trail.seconds]
    figures.ms_a_call.append(statistics.median(seconds) * 1_000)
    to_origin = [sum(each.seconds[at] for at in each.found_by.get(ORIGIN, [])) for each in trails]
    figures.ms_to_origin.append(statistics.fmean(to_origin) * 1_000)
    figures.trails = trails
    return tools


def installed(package: str, folder: Path) -> str:
    """Return the Python of a virtual environment with a package, made if it is not there."""
    home = folder / package.partition("==")[0]
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", package], check=True)
    return str(python)


def all_peers(folder: Path) -> list[Peer]:
    """Return this server and its peers; install what they need into `folder`."""
    described = folder / "openapi.json"
    described.write_text(json.dumps(openapi("http://127.0.0.1")))
    generated = (installed(FASTMCP, folder), str(SERVERS / "generated.py"))
    vendor = (installed(VENDOR, folder), str(SERVERS / "vendor.py"))
    raw = (sys.executable, "-m", "benchmarks.peer_servers.raw")
    return [
        Peer("retab-mcp", (sys.executable, "-m", "retab_mcp"), over_ours),
        Peer("API passed through", raw, over_api),
        Peer("generated from OpenAPI", generated, over_api, more=(str(described),)),
        Peer("vendor's client", vendor, over_api, is_server=False),
    ]


def measure_all(peers: list[Peer], rounds: int) -> tuple[str, str, str]:
    """Measure every peer; return the table of runs, the lists of tools, and the README's table."""
    runs = peer_runs()
    groups = {f"{len(SMALL)} small runs": [each for each in runs if each.name in SMALL]}
    groups |= {each.name: [each] for each in runs if each.name not in SMALL}
    figures = {(name, peer.name): Figures() for name in groups for peer in peers}
    tools = {}
    with served_samples(peer_samples) as base_url:
        for _ in range(rounds):
            for name, group in groups.items():
                for peer in peers:
                    given = (peer, group, base_url, figures[name, peer.name])
                    tools[peer.name] = anyio.run(measure, *given)
    return table(figures), tools_table(tools), readme_table(figures)


def table(figures: dict[tuple[str, str], Figures]) -> str:
    """Format the figures; tokens and calls are means over the runs of a group."""
    lines = [
        "| | | cause: calls | tokens | reason: calls | tokens | origin: calls | tokens "
        "| ms a call | ms to the origin | peak MB |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for (group, peer), made in figures.items():
        cells = [
            *(cell for fact in (CAUSE, REASON, ORIGIN) for cell in _spent(made.trails, fact)),
            f"{statistics.median(made.ms_a_call):.0f}",
            f"{statistics.median(made.ms_to_origin):.0f}",
            f"{statistics.median(made.memory_mb):.0f}",
        ]
        lines.append(f"| {group} | {peer} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _spent(trails: list[Trail], fact: str) -> tuple[str, str]:
    """Return the mean calls and tokens until a fact was found, if it was found in every run."""
    if not all(fact in each.found_by for each in trails):
        return "not found", ""
    calls = statistics.fmean(len(each.found_by[fact]) for each in trails)
    tokens = statistics.fmean(sum(each.tokens[at] for at in each.found_by[fact]) for each in trails)
    return f"{calls:.1f}".removesuffix(".0"), f"{tokens:,.0f}"


def tools_table(tools: dict[str, str]) -> str:
    """Format the tokens of the lists of tools."""
    lines = ["| | tools | tokens of the list |", "|---|--:|--:|"]
    for name, text in tools.items():
        if text:
            lines.append(f"| {name} | {len(json.loads(text))} | {tokens_of(text):,} |")
    return "\n".join(lines)


def readme_table(figures: dict[tuple[str, str], Figures]) -> str:
    """Format calls and tokens until each fact about the smaller of the large runs is found."""
    lines = [
        "| | calls and tokens to the message | to what the called API answered "
        "| to where the wrong value comes from |",
        "|---|--:|--:|--:|",
    ]
    for (group, peer), made in figures.items():
        if group == name_of(SIZES[0]):
            spent = (_spent(made.trails, fact) for fact in (CAUSE, REASON, ORIGIN))
            lines.append(f"| {peer} | {' | '.join(', '.join(each) for each in spent)} |")
    return "\n".join(lines)


def versions() -> str:
    """Name what was compared."""
    python = ".".join(map(str, sys.version_info[:3]))
    return f"Python {python}, mcp {version('mcp')}, {FASTMCP}, {VENDOR}; {len(ROUTES)} routes."


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=DEFAULT_ROUNDS)
    parser.add_argument("--venvs", type=Path, help="directory to keep the virtual environments in")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder: Path = options.venvs or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        *parts, short = measure_all(all_peers(folder), options.rounds)
    text = "\n\n".join([versions(), *parts])
    print(text)
    if options.write:
        replace_section("peers", text)
        replace_section("peers", short, README)


if __name__ == "__main__":
    main()
