// Put the parts of the page together.

const page = document.getElementById("page");
const setTheme = (theme) => { document.documentElement.dataset.theme = theme === "dark" ? "dark" : "light"; };

const titleOf = (run) => `Retab run ${statusOf(run.status).word}${run.cause ? `: ${stepTitle(run.cause) ?? ""}` : ""}`;
