# The service over HTTP, or one client over stdio: docs/deployment.md. The base needs glibc, since
# google-re2 has no wheel for musl (Alpine).
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY prompts prompts
COPY retab_mcp retab_mcp
RUN python3 -m venv /app && /app/bin/pip install --no-cache-dir --only-binary :all: '.[http]'

FROM ${BASE}
LABEL io.modelcontextprotocol.server.name="io.github.OWNER/retab-mcp" \
      org.opencontainers.image.source="https://github.com/OWNER/retab-mcp" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
EXPOSE 8000
# Only the service over HTTP answers; a client over stdio ends its container itself.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python3", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
ENTRYPOINT ["retab-mcp"]
