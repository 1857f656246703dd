"""Just enough of C++'s lexical rules for the checkers beside this file: what is a comment, what is a string.

Not a parser. Everything it returns has the line breaks of the source in the same places, so that a position in it gives
the line number in the file.
"""

import pathlib
import re

_TOKEN = re.compile(
    r"""
      (?P<comment> //(?:\\\n|[^\n])* | /\*.*?\*/ )
    | (?P<string>  (?:u8|u|U|L)? R"(?P<mark>[^ ()\\\n]{0,16})\(.*?\)(?P=mark)"
                 | (?:u8|u|U|L)? "(?:\\.|[^"\\\n])*"
                 | (?<![0-9A-Za-z_]) (?:u8|u|U|L)? '(?:\\.|[^'\\\n])+' )
    | (?P<include> ^[ \t]*\#[ \t]*include[^\n]* )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?P<name>"[^"\n]+"|<[^>\n]+>)', re.MULTILINE)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)


def blank(text):
    """As long as `text`, with nothing in it but its line breaks."""
    return re.sub(r"[^\n]", " ", text)


def without_comments(source):
    return _TOKEN.sub(lambda m: blank(m[0]) if m["comment"] else m[0], source)


def only_code(source):
    """Without comments, the insides of strings and characters, and preprocessor lines."""

    def blanked(match):
        if match["comment"] or match["include"]:
            return blank(match[0])
        return '"' + blank(match[0][1:-1]) + '"'

    return _DIRECTIVE.sub(lambda m: blank(m[0]), _TOKEN.sub(blanked, source))


def strings(source):
    """(position, literal) of every string literal that is not the name of an included file."""
    return [(m.start(), m[0]) for m in _TOKEN.finditer(source) if m["string"]]


def includes(source):
    """(position, name) of every included file, the name with its quotes or angle brackets."""
    return [(m.start(), m["name"]) for m in _INCLUDE.finditer(without_comments(source))]


def line_of(source, position):
    return source.count("\n", 0, position) + 1


def files_under(root, *folders):
    """The C++ files below these folders of `root`, in an order that does not depend on the machine."""
    found = []
    for folder in folders:
        found += [p for p in (pathlib.Path(root) / folder).rglob("*") if p.suffix in (".h", ".cc")]
    return sorted(found)
