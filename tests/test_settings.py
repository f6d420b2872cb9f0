"""Settings are read from the environment and do not show keys."""

from retab_mcp.settings import DEFAULT_BASE_URL, Settings


def test_defaults() -> None:
    settings = Settings.from_environment({})
    assert settings == Settings(api_key="", base_url=DEFAULT_BASE_URL, structured_output=False)


def test_every_variable_is_read() -> None:
    settings = Settings.from_environment(
        {
            "RETAB_API_KEY": " key \n",
            "RETAB_API_BASE_URL": "http://127.0.0.1:8765/v1",
            "RETAB_MCP_STRUCTURED_OUTPUT": "1",
            "RETAB_MCP_CURSOR_KEY": "shared",
        }
    )
    assert settings.api_key == "key"
    assert settings.base_url == "http://127.0.0.1:8765/v1"
    assert settings.structured_output
    assert settings.cursor_key == "shared"


def test_repr_hides_keys() -> None:
    shown = repr(Settings(api_key="the api key", cursor_key="the cursor key"))
    assert "the api key" not in shown
    assert "the cursor key" not in shown
