#!/usr/bin/env python3
"""Checks that files and functions stay small, and that each file and folder says what it is.

Files over 400 lines and functions over 40 are pointed out; over 800 and 70 they are errors, unless
tools/size_exceptions.txt lists them. That list can only shrink: an entry that allows more than is needed is an error
too. Also, every header under src/ starts with a comment, and every folder there has a README.md.
"""

import ast
import pathlib
import re
import sys

import cpp_source

AIM_FILE_LINES, MAX_FILE_LINES = 400, 800
AIM_FUNCTION_LINES, MAX_FUNCTION_LINES = 40, 70

CPP_FOLDERS = ("src", "tests")
PYTHON_FOLDERS = ("bench", "tools", "tests")
EXCEPTIONS = "tools/size_exceptions.txt"

_SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")
_NOISE = re.compile(r"\b(public|protected|private)\s*:(?!:)|\btemplate\s*<[^()]*?>(?=\s)")
_TEST = re.compile(r"TEST(?:_F|_P)?\s*\(\s*(\w+)\s*,\s*(\w+)")


def cpp_functions(source):
    """(name, first line, number of lines) of the functions defined in C++ source, lambdas counted where they stand.

    Follows the braces. One that opens where declarations are expected opens a scope, a function or an initializer; what
    it is can be seen from its head, the text since the last declaration ended.
    """
    code = _NOISE.sub(lambda m: cpp_source.blank(m[0]), cpp_source.only_code(source))
    open_braces = []  # what each is: "scope", "other", or the (name, start) of a function
    head_start = 0
    for match in re.finditer(r"[{};]", code):
        if match[0] == "{":
            head = code[head_start : match.start()]
            open_braces.append(_what_opens(head, head_start) if _only_scopes(open_braces) else "other")
        elif match[0] == "}":
            closed = open_braces.pop() if open_braces else "scope"
            if isinstance(closed, tuple):
                first, last = (cpp_source.line_of(code, p) for p in (closed[1], match.start()))
                yield closed[0], first, last - first + 1
            elif closed == "other":
                continue  # the declaration that it initializes goes on
        if _only_scopes(open_braces):
            head_start = match.end()


def _only_scopes(open_braces):
    return all(what == "scope" for what in open_braces)


def _what_opens(head, head_start):
    parameters = head.find("(")
    before = head if parameters < 0 else head[:parameters]
    if parameters < 0 or head.count("(") != head.count(")") or _in_member_initializers(head):
        return "scope" if _SCOPE.search(before) else "other"
    if _SCOPE.search(before) and not head.rstrip().endswith(")"):
        return "scope"
    test = _TEST.match(head.lstrip())
    name = re.search(r"(operator\s*\S+|[\w:~]+)\s*$", before)
    start = head_start + len(head) - len(head.lstrip())
    return (f"{test[1]}.{test[2]}" if test else name[1] if name else "?"), start


def _in_member_initializers(head):
    """Whether the brace after `head` gives a member its value: `Session::Session() : state_` {}."""
    return bool(re.search(r"\)\s*(noexcept\s*)?:(?!:)", head)) and bool(re.search(r"[\w>]\s*$", head))


def python_functions(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1


def read_exceptions(text):
    """{subject: lines allowed} from lines `path LINES` or `path:function LINES`; `#` starts a comment."""
    allowed = {}
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if line:
            subject, lines = line.rsplit(None, 1)
            allowed[subject] = int(lines)
    return allowed


class Report:
    def __init__(self, allowed):
        self.allowed = dict(allowed)
        self.errors = []
        self.notes = []

    def measure(self, subject, where, lines, aim, limit):
        allowed = self.allowed.pop(subject, None)
        if allowed is not None and lines > limit:
            if lines > allowed:
                self.errors.append(f"{where} has {lines} lines, more than the {allowed} that {EXCEPTIONS} allows")
            elif lines < allowed:
                self.errors.append(f"{where} has shrunk to {lines} lines: lower its {allowed} in {EXCEPTIONS}")
        elif allowed is not None:
            self.errors.append(f"{where} has only {lines} lines now: take it out of {EXCEPTIONS}")
        elif lines > limit:
            self.errors.append(f"{where} has {lines} lines, more than {limit}")
        elif lines > aim:
            self.notes.append(f"{where} has {lines} lines, we aim at {aim}")

    def close(self):
        self.errors += [f"{subject}: not there any more, take it out of {EXCEPTIONS}" for subject in self.allowed]


def check_sizes(report, name, source, functions):
    report.measure(name, name, source.count("\n"), AIM_FILE_LINES, MAX_FILE_LINES)
    for function, line, lines in functions:
        where = f"{name}:{line}: {function}"
        report.measure(f"{name}:{function}", where, lines, AIM_FUNCTION_LINES, MAX_FUNCTION_LINES)


def check_introductions(root):
    for path in cpp_source.files_under(root, "src"):
        if path.suffix == ".h" and not path.read_text().startswith("//"):
            yield f"{path.relative_to(root)}: starts without a comment that says what the file is"
    for folder in sorted(p for p in (root / "src").rglob("*") if p.is_dir()):
        if not (folder / "README.md").exists():
            yield f"{folder.relative_to(root)}: has no README.md that says what is in the room and what may not enter"


def check_tree(root):
    report = Report(read_exceptions((root / EXCEPTIONS).read_text()))
    for path in cpp_source.files_under(root, *CPP_FOLDERS):
        source = path.read_text()
        check_sizes(report, str(path.relative_to(root)), source, cpp_functions(source))
    for folder in PYTHON_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            source = path.read_text()
            check_sizes(report, str(path.relative_to(root)), source, python_functions(source))
    report.errors += check_introductions(root)
    report.close()
    return report


def main():
    report = check_tree(pathlib.Path(__file__).resolve().parent.parent)
    for note in report.notes:
        print(f"note: {note}")
    print("\n".join(report.errors) if report.errors else "The sizes are right.")
    return 1 if report.errors else 0


if __name__ == "__main__":
    sys.exit(main())
