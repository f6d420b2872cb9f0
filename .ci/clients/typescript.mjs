// Drive the server with the TypeScript SDK. RETAB_API_BASE_URL and RETAB_API_KEY name the sandbox.
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const { PATH, RETAB_API_BASE_URL, RETAB_API_KEY } = process.env;
const client = new Client({ name: "check", version: "1" });
await client.connect(
  new StdioClientTransport({
    command: "uvx",
    args: ["retab-mcp"],
    env: { PATH, RETAB_API_BASE_URL, RETAB_API_KEY },
  }),
);
const call = async (name, args) => client.callTool({ name, arguments: args });
const { tools } = await client.listTools();
assert(tools.length >= 12);
const listed = await call("list_runs", { status: "error", limit: 1 });
const runId = JSON.parse(listed.content[0].text).rows[0].run_id;
const answer = await call("get_run", { run_id: runId });
assert(JSON.parse(answer.content[0].text).cause.step_id);
assert.equal((await call("get_run", { run_id: "run_none" })).isError, true);
const { messages } = await client.getPrompt({ name: "debug_run", arguments: { run_id: runId } });
assert(messages[0].content.text.includes(runId));
const { completion } = await client.complete({
  ref: { type: "ref/resource", uri: "retab://runs/{run_id}" },
  argument: { name: "run_id", value: runId.slice(0, 9) },
});
assert(completion.values.includes(runId));
await client.close();
console.log(`TypeScript SDK: ${tools.length} tools, three calls, a prompt and a completion`);
