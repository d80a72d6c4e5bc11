"""What a YAML syntax error means, said to the person who wrote the file.

Maps the wording of the two PyYAML parsers (C and Python) to one sentence and a remedy. Places are the caller's.
"""

from __future__ import annotations

# A part of the parser's complaint -> (sentence, remedy, whether the place is where the construct began).
_QUOTES = "use single quotes"
_ALONE = "put it on a line of its own"
_INDENT = "the indentation of this line fits no line above it"
_NO_TAG = ("tags ('!name') are not supported", "quote a text that begins with '!'", False)
_BACKSLASH = ("an incomplete backslash sequence in double quotes", _QUOTES, False)
_STAR = ("a text that begins with '*' or '&' needs quotes", "", False)
_OPEN_QUOTE = ("a quote that is opened here is never closed", "", True)
_ONE_DOCUMENT = ("a file holds one document only", "remove what follows the end of the document", False)
_AFTER_BAR = ("nothing but a comment may follow '|' or '>' on its line", "", False)
_ITEM = ("a list item '- ' cannot begin here", _ALONE, False)

_SENTENCES: dict[str, tuple[str, str, bool]] = {
    "mapping values are not allowed": (
        "a ':' stands where no value can begin",
        "quote a text that contains ': ', or check the indentation",
        False,
    ),
    "could not find expected ':'": ("this line is not 'key: value'", "add the ':' or quote the text", True),
    "found unexpected end of stream": _OPEN_QUOTE,
    "found unexpected document": _OPEN_QUOTE,
    "unknown escape character": ("an unknown backslash sequence in double quotes", _QUOTES, False),
    "hexdecimal number": _BACKSLASH,
    "hexadecimal number": _BACKSLASH,
    "escape sequence of": _BACKSLASH,
    "invalid Unicode character escape": ("a backslash sequence names no Unicode character", _QUOTES, False),
    "expected alphabetic or numeric character": _STAR,
    "expected alphanumeric character": _STAR,
    "expected ',' or ']'": (
        "the list that is opened here is not closed properly",
        "each item is followed by ',' or ']'",
        True,
    ),
    "expected ',' or '}'": (
        "the mapping that is opened here is not closed properly",
        "each entry is followed by ',' or '}'",
        True,
    ),
    "expected key": (_INDENT, "", False),
    "expected <block end>": (_INDENT, "", False),
    "expected '-' indicator": ("the indentation of this line fits no list item above it", "", False),
    "sequence entries": _ITEM,
    "block collections": ("a list item or key cannot begin here", _ALONE, False),
    "mapping keys are not allowed": ("a key cannot begin here", "check the indentation", False),
    "expected node content": ("a value is missing here", "", False),
    "expected the node content": ("a value is missing here", "", False),
    "indentation indicator": ("the indentation number after '|' or '>' must be 1 to 9", "", False),
    "comment or line break": _AFTER_BAR,
    "comment or a line break": _AFTER_BAR,
    "extra document": _ONE_DOCUMENT,
    "<document start>": _ONE_DOCUMENT,
    "directive": ("'%' directives are not supported", "remove the line", False),
    "tag": _NO_TAG,
    "URI": _NO_TAG,
    "'!'": _NO_TAG,
}


def sentence(complaint: str, offender: str, before: str) -> tuple[str, str, bool]:
    """(message, remedy, blame the beginning of the construct) for the parser's `complaint`.

    `offender` is the printable character complained about, `before` what stands before it on its line.
    """
    if offender == "\\t" or "found a tab" in complaint:
        return "a tab is used where spaces are needed", "indent with spaces", False
    if "cannot start any token" in complaint:
        return f"a text that begins with '{offender}' needs quotes", "", False
    for part, (message, remedy, blame_beginning) in _SENTENCES.items():
        if part in complaint:
            return _refined(message, offender, before) or (message, remedy, blame_beginning)
    return f"this is not valid YAML: {complaint}", "", False


def _refined(message: str, offender: str, before: str) -> tuple[str, str, bool] | None:
    """A better sentence where "indentation" is what the parser says of something else."""
    if message != _INDENT:
        return None
    if offender == ":" and not before.strip():
        return "the key before ':' is missing", "", False
    if before.strip():
        return f"'{offender}' cannot stand here", "quote the whole text", False
    return None
