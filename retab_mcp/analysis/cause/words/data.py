"""Words by which validators and parsers reject a block's own data.

In an API call the same words are about the request, so they do not count there.
"""

_NAME = (
    r"(?:number|string|integer|boolean|array|object|list|null|float|decimal|date(?:-?time)?"
    r"|uuid|uri|e-?mail)"
)
REJECTED = (
    rf"(?:must|should|has to|expected to) (?:not )?be (?:an? )?(?:valid )?(?:{_NAME}|blank|empty"
    rf"|none)\b",
    r"(?:must|should) (?:not )?(?:have|contain|match)\b",
    rf"(?:is )?not (?:an? )?(?:valid )?{_NAME}\b",
    r"unrecogni[sz]ed (?:key|field|propert)|(?:unknown|unexpected|extra) (?:field|property|key)",
    r"invalid (?:enum|literal|discriminator) value|invalid content was found",
    r"(?:element|attribute)\b.{0,60}?\b(?:not expected|not allowed|is missing|required)",
    r"cvc-[\w.-]+",
    r"(?:string|array|value|list) (?:must|should)",
    r"(?:is|are) too (?:short|long|small|big)\b(?! to)",
    r"does not match|not valid under|is not an? …",
    r"constraint\W?violation",
    r"multiple of|(?:longer|shorter|greater|less|more|fewer) than (?:or equal to )?(?:the )?"
    r"(?:allowed |required )?(?:…|minimum|maximum|\d)",
    r"(?:minimum|maximum) allowed|exceeds the (?:allowed )?(?:maximum|length)",
    r"(?:additional|missing|required|extra) (?:\w+ ){0,3}?(?:field|item|key|member|propert)\w*",
    r"is required\b(?! by)|not a valid (?:\w+ ){0,2}?value",
    r"in json at|(?:invalid|malformed|not valid) json|json\W?(?:decode|parse|parsing)",
    r"expecting (?:value|property name|delimiter)|unterminated string|unexpected token",
)
