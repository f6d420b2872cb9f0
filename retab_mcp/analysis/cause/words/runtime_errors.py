"""Exceptions of a function: which the code raises itself, and what others are about.

RUNTIME_ERRORS are messages of runtimes without the name of the exception. Each is the wording of a
kind of exception, so that business messages do not match.
"""

import builtins
import re

# Exceptions that code raises itself, unlike those of a library.
OWN_ERRORS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
) | {"EvalError", "RangeError", "ReferenceError", "URIError"}
OWN_MODULE = re.compile(r"^(?:java\.lang|java\.util|System)\.\w+$")
# The words of a parser, such as "token", are about what it parses.
PARSER = re.compile(r"pars|expat|json|yaml|xml|lex|csv|syntax|token", re.IGNORECASE)
# A file system or a store that fails, whatever the exception.
STORE_FAILED = re.compile(
    r"\b(?:no space left|disk quota exceeded|read-only file ?system|stale file handle"
    r"|input/output error)|\bbucket\b.{0,100}?\b(?:not (?:exist|found)|denied|NoSuch\w+)"
    r"|\b(?:no|not|n't|unable|fail\w*)\b.{0,60}?\b(?:abfss?|gs|hdfs|s3a?|wasbs?)://",
    re.IGNORECASE,
)
# A database that has a constraint against what a function writes.
CONSTRAINT = re.compile(
    r"\b(?:duplicate (?:entry|key)|(?:foreign key|unique|check|not-null) constraint"
    r"|violates? (?:\w+ )?constraint)",
    re.IGNORECASE,
)
# A file store's client, by the name of its exception, and that something is not there.
STORE = re.compile(r"blob|dropbox|ftp|gcs|gridfs|hdfs|minio|s3|smb|storage|webdav", re.IGNORECASE)
NOT_THERE = re.compile(
    r"\b(?:not found|no such|(?:not|n't) exist|no file|is full|no space)\b", re.IGNORECASE
)

RUNTIME_ERRORS = (
    # Python
    r"name \S+ is not defined|no module named|cannot import name",
    r"has no attribute|object is not (?:subscriptable|callable|iterable|reversible|a mapping)",
    r"object (?:does not support item|is not json serializable)|is not json serializable",
    r"unsupported operand|not supported between instances|can only concatenate|bad operand type",
    r"(?:list|tuple|string|pop|array|assignment) (?:assignment )?index out of (?:range|bounds)",
    r"could not convert string|invalid literal for|can't multiply sequence|must be str, not",
    r"(?:integer |float )?(?:division|modulo) by zero|divide by zero|math domain error",
    r"maximum recursion depth|referenced before assignment|not associated with a value",
    r"unexpected indent|invalid syntax|unindent does not match|expected an indented block",
    r"missing \d+ required (?:positional|keyword)|unexpected keyword argument",
    r"takes (?:from )?\d+ (?:to \d+ )?positional|values? to unpack|cannot unpack",
    r"does not match format|codec can't (?:de|en)code|unhashable type|changed size during",
    r"argument must be (?:an? )?(?:str|string|int|iterable|sequence|number|real)",
    # JavaScript
    r"cannot (?:read|set) propert(?:y|ies) of|is not a function|is not iterable",
    r"maximum call stack|assignment to constant|cannot access \S+ before init",
    r"is not a constructor|invalid (?:array length|regular expression)",
    # Go, Java and .NET
    r"runtime error:|nil pointer dereference|nil map",
    r"cannot invoke|out of bounds for length|cannot be cast to",
    r"object reference not set|sequence contains (?:no|more)|unable to cast object",
    r"input string was not in|index was (?:out of range|outside)|value cannot be null",
    r"for input string|no enum constant|cast is not valid|resulted in an overflow"
    r"|operation overflow",
    r"interface conversion|(?:slice bounds|subscript) out of|attempt to (?:add|call|compare|divide"
    r"|index|multiply|perform|subtract)\b|lateinit property|unexpectedly found nil",
    # More of Python and JavaScript
    r"offset-naive|unconverted data|is out of range for month|must be in 1\.\.12|invalid isoformat",
    r"expected str instance|arg is an empty sequence|substring not found|pop from (?:an )?empty"
    r"|bytes-like object|cannot convert float|unterminated (?:string|triple)|was never closed",
    r"truth value of an? |length of values|cannot reindex|circular structure|invalid (?:time"
    r"|count|decimal|date) (?:value|literal)|reduce of empty|argument follows keyword",
    # PHP, Perl, R, VBA and formulas
    r"call to undefined|undefined (?:array key|constant|property)|can't (?:locate|call method)"
    r"|uninitiali[sz]ed value|non-numeric argument|subscript out of bounds|variable not set",
    r"(?:column|function|relation|table) \S+ does not exist|ambiguous column|circular reference",
    # Shells, interpreters and engines
    r"panicked at|undefined local variable|executable file not found|\(\w+Error\)$",
    r"(?:ba|da|k|z)?sh: |command not found|(?:jq|g?awk|sed|perl|ruby|node|php)\W+(?:error|fatal)",
    r"no such (?:column|command|function|keyword|method|module|table|variable)\b",
    r"(?:column|command|function|keyword|library|method|module"
    r"|variable) (?:\S+ ){0,4}?"
    r"(?:(?:is |was )?not (?:available|defined|found|included|installed|known)|is (?:undefined"
    r"|unknown))",
    r"no (?:column|command|function|keyword|method|module|variable)\b.{0,60}?\bfound",
    r"(?:sql |script )?syntax error|undefined (?:function|index|method|offset|variable)",
    r"memory (?:limit|quota)|stack overflow|type mismatch|null ?pointer",
    r"cannot (?:iterate|index|concatenate|compare|convert \S+ to)\b|out of memory|oom[- ]?kill\w*",
    r"attempted to divide by zero|key was not present in the dictionary",
)
