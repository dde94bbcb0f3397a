"""Finding the program in a completion: what stands around it, how it is written down, hostile texts."""

from __future__ import annotations

import ast
import html
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formulate import extract_program
from formulate.programs import ExtractionError, extract_programs

PROGRAM = '''import pulp

data = {"hours": [2, 3], "room": 60}
problem = pulp.LpProblem("shop", pulp.LpMaximize)
x = [pulp.LpVariable(f"x{i}", lowBound=0) for i in range(2)]
problem += 5 * x[0] + 8 * x[1], "profit"
for i in range(1):
    if data["hours"][i] < 3 and x:
        problem += data["hours"][0] * x[0] + data["hours"][1] * x[1] <= data["room"]
problem.solve()
print("Total profit:", pulp.value(problem.objective))'''
OTHER = '''from gurobipy import Model, GRB

m = Model()
y = m.addVar(ub=4)
m.setObjective(y, GRB.MAXIMIZE)
m.optimize()
print(f"objective: {m.ObjVal}")'''
TALK = "The shop doesn't have more than 60 hours. We maximize the profit:\n\n\\[ 5x + 8y \\]\n\n- x: chairs (>= 0)\n"


def same(found: str, source: str = PROGRAM) -> None:
    """The same program, whatever its indentation and quotes look like."""
    assert ast.dump(ast.parse(found)) == ast.dump(ast.parse(source))


def fenced(source: str, label: str = "python", mark: str = "```") -> str:
    return f"{mark}{label}\n{source}\n{mark}\n"


@pytest.mark.parametrize("label", ["python", "py", "Python3", "PYTHON", "", "{.python}", "gurobipy", "python title=\"a.py\""])
@pytest.mark.parametrize("mark", ["```", "~~~", "````"])
def test_fences_of_every_kind(label: str, mark: str) -> None:
    same(extract_program(TALK + fenced(PROGRAM, label, mark) + "\nThis prints the profit."))


@pytest.mark.parametrize("text", [
    PROGRAM,
    TALK + PROGRAM + "\n\nThis code doesn't do anything else; it's the whole program.\n",
    f"Sure! Here is the code:\n{PROGRAM}\nOutput\n",
    f"```python\n{PROGRAM}",
    f"```python\n{PROGRAM}\n\nThis program solves it. It isn't long.",
    f"Here it is: ```python\n{PROGRAM}\n```",
    f"```python\n{PROGRAM}```\nDone.",
    f"```python\n{PROGRAM}\n``` That's all.",
    f"```{PROGRAM}\n```",
    "1. First:\n\n" + "".join(f"   {line}\n" for line in fenced(PROGRAM).splitlines()),
    "".join(f"> {line}\n" for line in fenced(PROGRAM).splitlines()),
    fenced("".join(f"    {line}\n" for line in PROGRAM.splitlines())),
    fenced(PROGRAM).replace("\n", "\r\n"),
    fenced(PROGRAM).replace("\n", "\r"),
    fenced("%%writefile shop.py\n!pip install pulp\n" + PROGRAM),
    fenced("\n".join(("... " if line[:1] in (" ", "") else ">>> ") + line for line in PROGRAM.splitlines()) + "\n60.0"),
    fenced(html.escape(PROGRAM)),
    fenced(PROGRAM.replace('"', "“").replace("'", "’")),
    fenced(PROGRAM.replace("    ", "\t")),
    fenced(PROGRAM.replace("import", "\u200bimport").replace(" = ", "\u00a0=\u00a0")),
    "\ufeff" + PROGRAM,
    json.dumps({"explanation": TALK, "code": PROGRAM}),
    "```json\n" + json.dumps({"code": PROGRAM}, indent=2) + "\n```",
    '{"code": ' + json.dumps(PROGRAM)[:-1],
    json.dumps({"answer": "Here:\n" + fenced(PROGRAM)}),
    json.dumps(PROGRAM)[1:-1],
    fenced("\n".join(f"{k:>3} | {line}" for k, line in enumerate(PROGRAM.splitlines(), 1))),
    fenced("maximise 5x + 8y", "text") + fenced(PROGRAM),
    fenced('{"hours": [2, 3]}', "json") + fenced(PROGRAM, ""),
    f'<p>The model:</p><pre><code class="language-python">{html.escape(PROGRAM)}</code></pre><p>It isn\'t long.</p>',
    f"<python>{PROGRAM}</python>", f"[PYTHON]\n{PROGRAM}\n[/PYTHON]\nIt's done.", f"<|python_tag|>{PROGRAM}",
    f"\\begin{{lstlisting}}[language=Python]\n{PROGRAM}\n\\end{{lstlisting}} It's done.",
    f"'''python\n{PROGRAM}\n'''\nIt's done.", "code: |\n" + "".join(f"  {line}\n" for line in PROGRAM.splitlines()),
    fenced(f"cat > shop.py << 'EOF'\n{PROGRAM}\nEOF\npython shop.py", "bash"),
    fenced(PROGRAM) + "Expected output:\n" + fenced("Total profit: 160.0", ""),
    fenced(PROGRAM) + "Install with\n" + fenced("pip install pulp", "bash"),
    f"````markdown\n# Solution\n{fenced(PROGRAM)}````\n",
], ids=range(40))  # fmt: skip
def test_one_program_however_it_arrives(text: str) -> None:
    same(extract_program(text))


def test_the_last_complete_one_that_solves() -> None:
    text = TALK + fenced(OTHER) + "\nBetter:\n" + fenced(PROGRAM) + "\nTo plot it:\n" + fenced("print('done')\nx = 1")
    same(extract_program(text))
    same(extract_program(text, solves=True))
    assert extract_program(text, solves=False).startswith("print('done')")
    same(extract_program(fenced(OTHER) + "```python\n" + PROGRAM[: len(PROGRAM) // 2]), OTHER)
    assert [program.solves for program in extract_programs(text)] == [True, True, False]


def test_thoughts_count_only_where_the_answer_holds_nothing() -> None:
    draft = f"<think>\nLet me try.\n{fenced(OTHER)}\nWait, that's wrong.\n</think>\n"
    same(extract_program(draft + fenced(PROGRAM)))
    same(extract_program(draft + "I could not do it."), OTHER)
    same(extract_program(fenced(OTHER) + "\nno, this is better\n</think>\n" + fenced(PROGRAM)))
    same(extract_program(f"<think>hm</think>{fenced(PROGRAM)}<think>\n{fenced(OTHER)}"))
    # A fence that never ended inside the thought does not swallow the answer.
    same(extract_program(f"<think>\n```python\nimport pulp\n</think>\n{fenced(PROGRAM)}"))


@pytest.mark.parametrize(("text", "said"), [
    ("", "empty"), ("  \n", "empty"),
    ("The optimum is 42, because x = 6 and y = 7.", "prose"),
    ("<think>\nFirst I need to look at the constraints. Let x = 1", "cut short while thinking"),
    ("<think>\nHm.\n</think>", "thoughts and no answer"),
    ("```json\n{\"hours\": 3}\n```", "labelled json"),
    ("```\nSets: I = {a, b}\nMaximize: sum x_i\n```", "hold no Python"),
])  # fmt: skip
def test_why_there_is_none(text: str, said: str) -> None:
    with pytest.raises(ExtractionError, match=said) as caught:
        extract_program(text)
    assert caught.value.remedy


def test_a_program_that_does_not_solve_is_refused_where_one_that_does_is_asked_for() -> None:
    with pytest.raises(ExtractionError, match="hands a model to a solver"):
        extract_program(fenced("import math\nprint(math.pi)"), solves=True)
    assert "math" in extract_program(fenced("import math\nprint(math.pi)"))


def test_a_program_in_several_fences_is_joined() -> None:
    lines = PROGRAM.split("\n")
    parts = ["\n".join(lines[:4]), "\n".join(lines[4:6]), "\n".join(lines[6:])]
    text = "First the data.\n" + "\nThen more.\n".join(fenced(part) for part in parts)
    same(extract_program(text))
    assert extract_programs(text)[-1].origin == "joined"
    # Split in the middle of a statement: no part is Python by itself.
    call = PROGRAM.index(", lowBound")
    same(extract_program(fenced(PROGRAM[:call]) + "continued\n" + fenced(PROGRAM[call:])))
    # What stands alone is not joined with anything.
    same(extract_program(fenced("problem = 3\nx = 5\nprint(x)") + fenced(PROGRAM)))


def test_a_program_with_an_error_is_found_as_it_stands() -> None:
    broken = PROGRAM.replace("problem.solve()", "problem.solve((")
    assert extract_program(TALK + fenced(broken)) == broken
    found = extract_programs(fenced(broken))[0]
    assert (found.parses, found.closed, found.solves) == (False, True, True)
    assert "line" in found.reason


def test_places_lead_back_into_the_completion() -> None:
    text = TALK + fenced(OTHER) + "and\n" + fenced(PROGRAM)
    for program in extract_programs(text):
        assert program.source in text[program.start : program.end]


PROSE = st.lists(
    st.sampled_from([
        "We maximize the profit.", "It isn't hard: don't worry", "x >= 0 and y <= 4", "| a | b |", "$$ \\sum_i x_i $$",
        "Let's import the data first.", "- from the second table", "**Step 2**", "(see above", "", "1. Note: y = 3", "\"quoted",
        "for each product i:", "Output", "`x`", "import of goods is limited", "if you want, change it", "\u2264 \u00e9 \u4f60\u597d",
    ]), max_size=12,
).map("\n".join)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(before=PROSE, after=PROSE, label=st.sampled_from(["python", "", "py"]), ending=st.booleans(), crlf=st.booleans())
def test_a_fenced_program_comes_back_from_any_prose(before: str, after: str, label: str, ending: bool, crlf: bool) -> None:
    text = f"{before}\n```{label}\n{PROGRAM}\n" + (f"```\n{after}" if ending else "")
    found = extract_program(text.replace("\n", "\r\n") if crlf else text)
    same(found)
    assert extract_program(found) == found


@settings(max_examples=60, deadline=None)
@given(before=PROSE, after=PROSE)
def test_a_bare_program_comes_back_from_any_prose(before: str, after: str) -> None:
    found = extract_program(f"{before}\n\n{PROGRAM}\n\n{after}")
    tree = ast.parse(found)
    inner = ast.dump(ast.parse(PROGRAM)).removeprefix("Module(body=[").removesuffix("], type_ignores=[])")
    # Words that happen to be Python (`x >= 0 and y <= 4`) may come along; the program is there as a whole.
    assert inner in ast.dump(tree)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("`~<>/think{}[]()\"'\\#:=\n\t \r.,xyimportsolve\u200b\ud800\0")), max_size=300))
def test_any_text_gives_a_program_or_says_why_not(text: str) -> None:
    try:
        assert isinstance(extract_program(text), str)
    except ExtractionError as error:
        assert error.message


HOSTILE = {
    "fences": "```" * 60_000, "fence lines": "```\n" * 50_000, "labels": "```python\n" * 20_000, "tildes": "~~~\n```\n" * 20_000,
    "brackets": "```python\n" + "(" * 200_000, "nested": "```python\nimport pulp\nx = " + "[" * 80 + "]" * 80 + "\n" * 10,
    "minus": "```python\nimport pulp\nx = " + "-" * 200_000 + "1\npulp.solve()\n```",
    "plus": "```python\nimport pulp\nx = " + "1+" * 90_000 + "1\npulp.solve()\n```",
    "thoughts": "<think>" * 40_000, "ends": "</think>" * 40_000, "imports": "import pulp\nand then\n" * 20_000,
    "solves": "import pulp\nx.solve(\n" * 10_000, "quotes": "import pulp\nx = '" + "\\'" * 100_000,
    "triple": "import pulp\nsolve(" + '"""\n' * 60_001, "json": '{"code": "' * 30_000, "escapes": '{"code": "' + "\\\\n" * 100_000,
    "spaces": "```python" + " " * 300_000 + "\n", "blank": "import pulp\n" + "\n" * 300_000 + "x.solve()", "tabs": "\t" * 300_000,
    "tags": "<code>" * 60_000, "closed tags": "<code>import</code>" * 20_000, "pre": "<pre><code>import " * 20_000,
    "heredoc": "import pulp\nx.solve()\n" + "cat << EOF\n" * 30_000, "begin": "\\begin{minted}" + "{a}" * 100_000,
    "ticks": "a ` b " * 60_000, "equals": "x = 1\nnot code here at all\n" * 20_000, "entities": "```python\n" + "&lt;" * 90_000,
    "dots": "```python\nimport pulp\nx" + ".a" * 100_000 + "\nsolve()\n```", "unicode": "\u200b\u3000" * 100_000,
    "indents": "import pulp\n" + "".join(" " * k + "if x:\n" for k in range(400)) + "x.solve()",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_end(name: str) -> None:
    """Each is a few 100,000 characters: anything worse than linear does not end within the patience of a test."""
    try:
        assert extract_program(HOSTILE[name])
    except ExtractionError as error:
        assert error.remedy


def test_an_endless_completion_is_refused() -> None:
    with pytest.raises(ExtractionError, match="too long"):
        extract_program("x" * 3_000_000)
