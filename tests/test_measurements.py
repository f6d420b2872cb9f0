"""docs/measurements.md names every benchmark, and each command in it exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "measurements.md").read_text(encoding="utf-8")


def test_every_benchmark_has_its_command_on_the_page() -> None:
    folder = ROOT / "benchmarks"
    benchmarks = {path.parent.name for path in folder.glob("*/__main__.py")} | {
        path.stem for path in folder.glob("*.py") if "__main__" in path.read_text(encoding="utf-8")
    }
    assert set(re.findall(r"python -m benchmarks\.(\w+)", PAGE)) == benchmarks


def test_every_script_on_the_page_exists() -> None:
    scripts = re.findall(r"`(\.ci/[\w.-]+)", PAGE)
    assert scripts
    assert all((ROOT / script).is_file() for script in scripts)
