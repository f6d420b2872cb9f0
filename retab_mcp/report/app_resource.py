"""The MCP App: the page as a resource of the server, bound to get_run."""

from mcp.server.apps import APP_MIME_TYPE, Apps
from mcp.server.mcpserver.resources import Resource

from retab_mcp.tools.get_run import RUN_PAGE


class _RunPage(Resource):
    """A page that is assembled when a host asks for it, since a start does not need it."""

    async def read(self) -> str:
        from retab_mcp.report.html_page import app_page

        return app_page()


def run_app() -> Apps:
    """Return the SDK's extension with the page of a run.

    It asks for no permission and no domain: the page needs none, and a host that refuses one may
    not draw it at all.
    """
    apps = Apps()
    apps.add_resource(
        _RunPage(
            uri=RUN_PAGE,
            name="run",
            title="Retab run",
            description="Draws a Retab run from the answer of get_run.",
            mime_type=APP_MIME_TYPE,
            meta={"ui": {"prefersBorder": True}},
        )
    )
    return apps
