"""ES modules as one script: in the order of their imports, each in a scope of its own."""

from __future__ import annotations

from components.browser.modules import join


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
const {
  one,
  two: second,
} = $a
all.Three(one, second)
return {  }
})()
}
"""


def test_all_forms_of_our_modules_are_understood() -> None:
    assert join({"main": MAIN, "a": A}, "main") == SCRIPT
