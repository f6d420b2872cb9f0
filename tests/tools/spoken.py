"""What a support person, an accountant, a developer and an engineer on call ask, in their words.

None names the server. They were written before the descriptions were read.
"""

# Used to choose words of the descriptions.
SPOKEN = {
    "The customer says their invoice got stuck somewhere, here is the run link, what happened to it?": "get_run",
    "this run has been spinning for half an hour, is it hung or just waiting for somebody?": "get_run",
    "My workflow finished green but the output is garbage, what's wrong with this run?": "get_run",
    "Show me every step of run_4c in order with its status and how long it took": "list_steps",
    "What did the classify block receive as input in that run?": "get_step",
    "What did the extraction step output for this invoice?": "get_step",
    "How did the three votes of the consensus split on the total?": "get_artifact",
    "Who approved this review and what did they change?": "get_artifact",
    "Where did the amount 1,240.50 in the booking come from?": "trace_value",
    "At which point did the due date turn from 2024 into 2042?": "trace_value",
    "Does the word Rechnung show up anywhere in run_33?": "search_run",
    "It worked yesterday and today it doesn't, what is different between the two runs?": "compare_runs",
    "Did someone edit the workflow between this run and the last good one?": "compare_runs",
    "Which invoices were processed on Monday?": "list_runs",
    "what is still running right now?": "list_runs",
    "How many runs went down last night and for which reasons?": "find_failures",
    "What are our most common errors this week?": "find_failures",
    "How accurate was the new prompt on our test documents compared to the old one?": "get_experiment_run",
    "Why did document 12 of the experiment score so low?": "get_experiment_job",
    "Which regression checks does the workflow fail?": "get_eval_run",
}
# Never used to choose words.
SPOKEN_HELD_OUT = {
    "Can you tell me why run_8Kq2 came back with an error?": "get_run",
    "Got paged for run_77ab, what broke and will a rerun help?": "get_run",
    "The import of last night's statement did not go through, why not? run_5Tz": "get_run",
    "Which step of this run ate up all the time?": "list_steps",
    "Show me the exact request body and response of the step send-to-erp": "get_step",
    "let me see the stack trace of the python function step": "get_step",
    "Open ext_91ab and show me what was extracted field by field": "get_artifact",
    "How sure was the model about the category, show the classification record": "get_artifact",
    "Which page of the PDF was this VAT number read from?": "trace_value",
    "The IBAN on the payment is not the one on the invoice, who put it there?": "trace_value",
    "find every place in this run where order number PO-4471 appears": "search_run",
    "Same document, two different totals, put run_a and run_b side by side": "compare_runs",
    "what changed since the last time this went through fine?": "compare_runs",
    "Find the run for the file contract_meyer.pdf": "list_runs",
    "Show me everything waiting for a human to look at": "list_runs",
    "Since when does this error keep coming, and how often?": "find_failures",
    "Give me an overview of everything that broke in the last 24 hours, grouped by cause": "find_failures",
    "How did the model do on the benchmark set, which fields are worst?": "get_experiment_run",
    "What went wrong with this single test document in the experiment?": "get_experiment_job",
    "Which of the evals went red after I changed the schema?": "get_eval_run",
}
