"""nginx as docs/deployment.md configures it, on loopback."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.http.processes import free_port, wait_until_up

NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
DOCUMENT = Path(__file__).parents[2] / "docs" / "deployment.md"


def documented_configuration(folder: Path, port: int, replicas: list[str]) -> str:
    """Return the `http` block of docs/deployment.md with local ports and folder, without TLS."""
    block = DOCUMENT.read_text().split("```nginx\n")[1].split("```")[0]
    servers = "\n".join(f"        server {replica};" for replica in replicas)
    for documented, here in (
        ("        server retab-mcp-1:8000;\n        server retab-mcp-2:8000;", servers),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        ("        ssl_certificate     /etc/nginx/tls/mcp.crt;\n", ""),
        ("        ssl_certificate_key /etc/nginx/tls/mcp.key;\n", ""),
    ):
        assert documented in block, documented
        block = block.replace(documented, here)
    paths = "".join(
        f"    {name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"pid {folder}/pid;\nerror_log {folder}/error.log;\ndaemon off;\nevents {{}}\n"
        + block.replace("http {\n", "http {\n    access_log off;\n" + paths, 1)
    )


@contextmanager
def running_nginx(folder: Path, replicas: list[str]) -> Iterator[int]:
    """Run nginx before `replicas` (host:port) until the context ends; yield its port."""
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(documented_configuration(folder, port, replicas))
    assert NGINX is not None
    process = subprocess.Popen([NGINX, "-c", str(configuration)], stderr=subprocess.PIPE)
    try:
        wait_until_up(process, f"http://127.0.0.1:{port}", path="/mcp")
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=10)
