"""ES modules as one script: in the order of their imports, and nothing that is not understood."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from backend.guide.glossary import TERMS
from components import browser, phone
from components.browser.modules import join, read
from components.phone import report


def order(files: dict[str, str]) -> list[str]:
    """The modules in the order in which the script runs them."""
    script = join(files, "main")
    return sorted(files, key=lambda name: script.find(f"const ${name} = ("))


def test_a_module_runs_after_its_imports_in_the_order_of_their_lines() -> None:
    files = {
        "a": "export const a = 1\n",
        "b": 'import { c } from "./c.js"\nexport const b = c\n',
        "c": "export const c = 2\n",
        "main": '// the entry\nimport { b } from "./b.js"\nimport "./a.js"\nimport { c } from "./c.js"\nb(c)\n',
    }
    assert order(files) == ["c", "b", "a", "main"]


MAIN = """
import * as all from "./a.js"
import {
  one,
  two as second,
} from "./a.js"
all.Three(one, second)
"""

A = """
// @ts-check
export const one = 1
/**
 * A sum.
 */
export async function two() {
  return one // 1
}
export class Three {}
const own = /** @type {X} */ (one)
"""

SCRIPT = """"use strict"
{
const $a = (() => {
const one = 1
async function two() {
  return one // 1
}
class Three {}
const own = /** @type {X} */ (one)
return { one, two, Three }
})()
const $main = (() => {
const all = $a
const { one, two: second } = $a
all.Three(one, second)
})()
}
"""


def test_all_forms_of_our_modules_are_understood() -> None:
    assert join({"main": MAIN, "a": A}, "main") == SCRIPT


@pytest.mark.parametrize(
    "line",
    [
        'import a from "./a.js"',
        'import { a } from "a"',
        'import { a } from "../a.js"',
        'import { a } from "./a.js" with { type: "json" }',
        'import("./a.js")',
        "import.meta.url",
        "export default a",
        "export { a }",
        "export let a = 1",
        "export const { a } = b",
        'export * from "./a.js"',
        'export { a } from "./a.js"',
        'const b = 1\nimport { a } from "./a.js"',
        "if (true) {\n  export const a = 1\n}",
    ],
)
def test_everything_else_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"main\.js: .* not understood"):
        join({"main": f"{line}\n", "a": "export const a = 1\n"}, "main")


def test_a_circle_and_unknown_modules_and_names_are_refused() -> None:
    with pytest.raises(ValueError, match=r"a circle of imports: .*main.* → "):
        join({"main": 'import { a } from "./a.js"\n', "a": 'import "./main.js"\nexport const a = 1\n'}, "main")
    with pytest.raises(ValueError, match=r"no module b\.js"):
        join({"main": 'import "./b.js"\n'}, "main")
    with pytest.raises(ValueError, match=r"main\.js: a\.js does not export b"):
        join({"main": 'import { b } from "./a.js"\n', "a": "export const a = 1\n"}, "main")


def test_every_module_is_once_in_the_scripts_that_have_it() -> None:
    preview = join(read(Path(browser.__file__).parent), "lesson_preview")
    scripts = browser.script(), phone.script(), report.script(), preview
    for name in read(Path(browser.__file__).parent):
        counts = [script.count(f"const ${name} = (") for script in scripts]
        assert max(counts) == 1, name


def test_the_script_contains_the_words_that_pages_underline() -> None:
    found = re.search(r"^const WORDS = (.*)$", browser.script(), re.MULTILINE)
    assert found
    words = {word["word"]: word for word in json.loads(found[1])}
    assert set(words) == {term.word for term in TERMS if term.underlined}
    assert words["Dense"]["forms"] == ["Dense", "Dense(#)"]
