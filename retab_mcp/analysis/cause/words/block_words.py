"""Words that are about what a type of block does, and show nothing in other blocks."""

from retab_mcp.analysis.code_steps import FUNCTION_TYPES
from retab_mcp.models import FailureKind

DOCUMENT_BLOCKS = frozenset({"classifier", "edit", "extract", "parse", "partition", "split"})
# Blocks whose own data a validator or a parser can reject. In an API call the same words are about
# the request.
DATA_BLOCKS = DOCUMENT_BLOCKS | {"merge_dicts"}

_UNREADABLE = (
    r"\w*passwor[dt]\w*|pass ?phrase|mot de passe|contrase\wa|kennwort|senha\b|wachtwoord|has\wo\b",
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
    r"(?:document|file|pdf) (?:\w+ )?(?:permissions|protection|restrictions|security)"
    r"|(?:file|document|image|pdf)\b.{0,20}?\b(?:is|has) (?:zero|empty|0 )",
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
    r"(?:bad|invalid|unexpected|wrong) (?:file )?signature\b|(?:not|n't) start with|(?:not"
    r"|n't) (?:a |an )?(?:valid )?\w+ file\b",
    r"(?:unknown|unsupported|unrecogni[sz]ed) (?:\w+[ -])?(?:codec|compression|encoding|format)",
    r"(?:unsupported|unrecogni[sz]ed) (?:file|image|media)-?type",
    r"too (?:small|large) to (?:scale|process|read|rasteri[sz]e)|pixels?\W+exceed\w*",
    r"decompression bomb",
    r"(?:page|document|image|pages)\b.{0,30}?\b(?:no|without) (?:readable |extractable )?text",
)
_SCHEMA = (
    r"(?:additional|forbidden|missing|required|unevaluated)[ _-](?:\w+[ _-])?(?:items?"
    r"|propert(?:y|ies))\b",
    r"(?:min|max)(?:imum)?[ _-](?:items|length|properties)|(?:const|enum|format|pattern|type)[ _-]"
    r"(?:\w+[ _-])?error|(?:not enough|too few|too many) (?:items|properties)",
)
_LOOP_LIMIT = (
    r"max(?:imum)?[ _](?:number of |count of )?(?:\w+ )?(?:attempts|iterations|messages|passes"
    r"|rounds"
    r"|runs?|run count|steps|tries|turns|loops|cycles|recursion)\b",
    r"(?:attempts|iterations|messages|passes|rounds|runs|steps|turns|loops|cycles|recursion)"
    r"\b.{0,40}?\b(?:exceed\w*|reached|exhausted|limit)",
    r"(?:limit|cap|maximum)\b.{0,40}?\b(?:exceeded|hit|reached)|never (?:converged|terminat\w+)",
)
_ROUTING = (
    r"(?:no|not|none|without|unable|could ?n[o'](?:t)?|cannot|fail\w*)\b.{0,60}?\b(?:rout(?:e|es"
    r"|ed|ing)"
    r"|branch\w*|outgoing|gateway|sequence flow|output channel|subscribers?|receivers?|destination"
    r"|transitions?|path|case)\b",
    r"(?:route|branch|gateway|transition|channel|router|switch|condition)\b.{0,60}?\b(?:no|not|none"
    r"|unknown|invalid|undefined|missing|fail\w*)\b",
)
_STORAGE = (
    r"no such file\b|no file (?:in|at|with)\b|file ?not ?found|(?:file|path|object|directory)\W+"
    r"(?:\w+\W+){0,3}?(?:does not|doesn't|not) exist",
)
_MISSING_INPUT = (
    r"missing (?:the )?(?:\w+ )?(?:argument|parameter|option|environment variable)",
    r"(?:argument|parameter|option|environment variable)s?\W+(?:\S+ )?(?:is |are |was |were )?"
    r"(?:missing|not (?:set|given|passed|provided|supplied))",
)
_CATEGORIES = (r"(?:none|not one|neither) of\b",)
# Types of blocks, and the words of a kind that count only there.
WORDS: tuple[tuple[frozenset[str], FailureKind, tuple[str, ...]], ...] = (
    (DOCUMENT_BLOCKS, FailureKind.DOCUMENT_UNREADABLE, _UNREADABLE),
    (DOCUMENT_BLOCKS, FailureKind.STORAGE, _STORAGE),
    (DATA_BLOCKS, FailureKind.SCHEMA_VIOLATION, _SCHEMA),
    (FUNCTION_TYPES, FailureKind.MISSING_INPUT, _MISSING_INPUT),
    (frozenset({"while_loop"}), FailureKind.LOOP_LIMIT, _LOOP_LIMIT),
    (frozenset({"classifier"}), FailureKind.ROUTING, _CATEGORIES),
    (frozenset({"conditional"}), FailureKind.ROUTING, _ROUTING),
)

# What a file is made of, and what can be wrong with it: in a block that reads a document, both
# together show that it could not read it where no other words show a kind.
FORMAT = (
    r"(?:ar(?:ch|qu)ivo|bestand|datei|dosya|fichier|plik|soubor)\w*",
    r"\w*pdf\w*|docx?\b|xlsx?\b|pptx?\b|od[tsp]\b|rtf\b|zip\w*|\w*zip\b|rar\b|tar\b|tiff?\b"
    r"|jpe?g\b|jp2\b"
    r"|camelot|cv2|docling|fitz|ghostscript|imagemagick|itext\w*|libreoffice|lzma|magick|mupdf"
    r"|opencv"
    r"|openpyxl|pandoc|pil\b|pillow|poi\b|poppler|soffice|tabula|tesseract\w*|textract|tika|xlrd"
    r"|bz2|gzip"
    r"|msoffcrypto|py7zr|leptonica|aspose"
    r"|png\b|gif\b|hei[cf]\b|webp\b|bmp\b|svg\b|dicom\b",
    r"cross[- ]reference|(?:start)?xref|trailer|page (?:tree|object|dictionary)|catalog\b"
    r"|glyph\w*|cmap"
    r"|codec|bitmap|raster\w*|pixel\w*|scan ?line\w*|huffman|jbig2|flate\w*|zlib|inflate|deflate\w*"
    r"|crc\w*|central directory|archive|workbook\w*|worksheet|spreadsheet|ole2?\b"
    r"|compound (?:file|document)"
    r"|magic (?:number|bytes?)|(?:file|image|document) (?:signature|header|format|type|extension"
    r"|size|stream)|image\b|image[- ]based|ocr\b|decompress\w*|byte[- ]?order|(?:content|data"
    r"|file|image|object|pdf|zip) ?streams?\b",
)
FORMAT_WRONG = (
    r"(?:no|not|n't|cannot|can't|invalid|illegal|error|fail\w*|bad|unexpected|missing|corrupt\w*"
    r"|damaged|broken|unable|wrong|unsupported|unknown|too|only|without|expected|exceed\w*"
    r"|premature\w*"
    r"|truncated|lost|malformed|overflow|underflow|mismatch|empty)\b",
    r"non\b|n\wo\b|niet\b|geen\b|nie\b|nelze\b|inte\b|ikke\b|fehler\w*|erreur|errore\b|erro\b"
    r"|fout\b",
    r"\w+n't\b|incorrect\w*|inval[ií]d\w*|nicht|kein\w*|impossible|pas\b|no se\b",
)

# In a block that only reads, what could not be read is the document.
NOT_READ = (
    r"(?:can ?not|can't|could ?n[o']t|error|fail\w*|unable to"
    r"|while)\W+(?:to )?(?:be )?(?:\w+ )?(?:convert"
    r"|decod|extract|identif|open|pars|rasteri|read|render)\w*",
)
# A converter that was ended shows nothing about the document.
ENDED = (
    r"(?:exit(?:ed)?|return(?:ed)?|terminated)\b.{0,30}?\b(?:code|status|signal)|sig(?:kill|segv"
    r"|abrt|term)"
    r"|killed|crash\w*|heap space|memory\b",
)

_TYPE = (
    r"(?:number|string|integer|int|float|boolean|bool|array|object|list|null|none|dict|map|str"
    r"|decimal|date(?:-?time)?|uuid|uri|e-?mail)"
)
REJECTED = (
    rf"(?:must|should|has to|expected to) (?:not )?be (?:an? )?(?:valid )?(?:{_TYPE}|blank|empty"
    r"|none)\b",
    r"(?:must|should) (?:not )?(?:have|contain|match)\b",
    rf"(?:is )?not (?:an? )?(?:valid )?{_TYPE}\b",
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
    rf"(?:expect\w*|wants?|wanted|must be)\W+(?:(?:a|an|the|type|of|one)\W+){{0,2}}{_TYPE}\b"
    r".{0,40}?\b(?:got|given|received|found|was|actual|but|instead)\b",
    rf"(?:got|given|received|found)\W+(?:(?:a|an|the|type|of)\W+){{0,2}}{_TYPE}\b"
    r".{0,40}?\b(?:expect\w*|wants?|wanted)\b",
    r"invalid (?:value|type)\b(?! for the header)|(?:of|the|a) (?:same|wrong|incorrect|different"
    r"|right"
    r"|expected) type|type mismatch|wrong type|unexpected type",
    rf"(?:convert|parse|coerce|cast)\w* .{{0,40}}?\bto (?:an? )?{_TYPE}\b",
    # Validators and parsers of typed data
    r"(?:cannot|could not|unable to|fail\w* to) (?:be )?(?:\w+ )?(?:deserialize|unmarshal|coerce"
    r"|convert)\w*|(?:deserializ|unmarshal|validat|coerc)\w+ (?:error|fail\w*)",
    r"(?:missing|unknown|unexpected|unallowed|required|extra|disallowed|null|invalid|illegal"
    r"|undefined)"
    r" (?:\w+ )?(?:field|key|propert(?:y|ies)|member|variant|value|element|attribute|column"
    r"|data)s?\b",
    r"(?:field|key|property|element|attribute|value|this)\b.{0,40}?\b(?:may not|must not|can ?not"
    r"|is not"
    r"|not allowed|required|is missing|is invalid|unexpected|is mandatory)",
    r"(?:at least|at most|more than|less than|fewer than|minimum"
    r"|maximum)\b.{0,20}?\b(?:characters?|items?"
    r"|elements?|digits?|length|values?)|(?:min|max)(?:imum)?[ _]?(?:length|items|value)",
    r"can(?:'t|not) be (?:blank|empty|null)|non-?unique|not unique|not included in|facet\b"
    r"|pattern\b"
    r"|regex|enum\w*|allowed values?|json\b.{0,60}?\b(?:error|invalid|unexpected|fail\w*|not)",
    rf"must be an? … type|{_TYPE} is invalid|expected {_TYPE}$|{_TYPE} (?:is |was )?expected"
    r"|mismatched types?"
    r"|not an? instance of|types? (?:do"
    r"|does) not match",
    rf"{_TYPE}\b.{{0,60}}?\bcannot be \w+",
    rf"(?:is|was) (?:an? )?{_TYPE}\b.{{0,20}}?\b(?:not|but|instead|expected)\b",
    # The same in other languages
    r"muss\b.{0,60}?\b(?:sein|haben|enthalten)|doit (?:\wtre|avoir|contenir)|debe (?:ser|tener"
    r"|contener"
    r"|estar)|deve (?:essere|ser|conter|ter|contenere)|moet\b.{0,40}?\bzijn|musi (?:by\w"
    r"|zawiera\w)",
    r"(?:ist|sind) (?:erforderlich|ein pflichtfeld)|obligatoi?r[ei]\w*|obligatori[oa]"
    r"|obrigat\wri[oa]"
    r"|verplicht|wymagan\w+|povinn\w+|zorunlu|pflichtfeld|requis\b|requerid[oa]",
    r"(?:kein|ung\wltig)\w* (?:g\wltig\w* )?(?:wert|typ|format|datum|zahl|element)\w*"
    r"|no es (?:un|v\wlid)\w*|n'est pas (?:valide|une?\b)|n\wo \w (?:uma?|v\wlid\w)|non \w (?:un"
    r"|valid)\w*",
    r"expecting (?:value|property name|delimiter)|unterminated string|unexpected token",
)
