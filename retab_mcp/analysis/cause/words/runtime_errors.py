"""Messages of runtimes that ran a function, without the name of the exception.

Each is the wording of a kind of exception, so that business messages do not match.
"""

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
    r"attempted to divide by zero|key was not present in the dictionary",
)
