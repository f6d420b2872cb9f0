"""Words that are about the document in a block that reads one, and show nothing elsewhere."""

DOCUMENT_BLOCKS = frozenset({"classifier", "edit", "extract", "parse", "partition", "split"})

_WRONG = r"(?:incorrect|invalid|wrong|bad|no|missing)"
UNREADABLE = (
    rf"{_WRONG} (?:\w+ )?password|password\W+(?:\w+\W+){{0,2}}?(?:{_WRONG}|required|mismatch)",
    r"(?:verify|check|supply|provide|need\w*|requires?) (?:a |the )?(?:\w+ )?password",
    r"(?:extraction|copying|printing) (?:is |was )?not (?:allowed|permitted)",
    r"page count|data stream|(?:pdf|file|image|png|jpe?g) (?:header|signature)\b",
    r"stream (?:has )?(?:ended|error)|(?:open|read|reading|decode) (?:\w+ )?stream",
    r"end[- ]of[- ](?:file|stream)|premature end|unexpected eof",
    r"(?:not|n't|never|really) (?:a |an )?(?:\w+ )?(?:pdf|docx|xlsx|zip|tiff?|jpe?g|png)\b",
    r"(?:pdf|file|image|document)\W+(?:\w+\W+){0,3}?(?:not valid|invalid)\b"
    r"|not be a (?:\w+ )?(?:pdf|file)",
    r"(?:error|fail\w*|problem|unable to|cannot|could not|can't) (?:while |when |in )?"
    r"(?:convert|decod|open|pars|process|read|render|rasteri[sz])\w* (?:\w+ ){0,3}?"
    r"(?:pages?|jpe?g|png|tiff?|pdf|scan)\b",
    r"too many (?:\w+ )?(?:characters|pages|words)|(?:resolution|size"
    r"|page count)\W+(?:\w+\W+)?too\b",
    r"(?:file |image |document )?(?:format|type) (?:is |was )?(?:not|un)[ ]?(?:known|supported"
    r"|recogni[sz]ed|accepted)",
    r"(?:max\w*|largest) (?:\w+ )?(?:page|file|image|document) size",
    r"decrypt\w*|(?:width|height|dimensions?|dpi)\b.{0,40}?\btoo\b",
    r"not found in (?:the )?(?:pdf|file|document|image)",
    r"(?:document|file|image|page|scan|text)\W+(?:\w+\W+){0,3}?(?:unreadable|illegible"
    r"|not readable)",
    r"no /root|bof record|(?:header|signature) not found|package not found",
    r"(?:not|n't) start with",
    r"(?:unknown|unsupported|unrecogni[sz]ed) (?:\w+[ -])?(?:codec|compression|encoding|format)",
    r"(?:unsupported|unrecogni[sz]ed) (?:file|image|media)-?type",
    r"too (?:small|large) to (?:scale|process|read|rasteri[sz]e)|pixels?\W+exceed\w*",
    r"decompression bomb",
    r"(?:page|document|image|pages)\b.{0,30}?\b(?:no|without) (?:readable |extractable )?text",
)
