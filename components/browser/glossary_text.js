// @ts-check
// Where a page uses the glossary's words first, in its running text.

/** @import { Found, Word } from "./glossary_match.js" */

/** A use of a word: its letters in the page, and the element of the page that holds them. */
/** @typedef {{ range: Range, element: Element }} Use */

const ELEMENT = ":--element"
// Elements without marks: interactive ones, and those without running text or with invisible text.
const OTHER = [
  "a, button, summary, label:not(:--metric-label), input, textarea, select, [contenteditable]",
  "[role=button], [role=tab], [role=radiogroup], [role=radio], [role=option], [role=slider], [role=progressbar]",
  "code, pre, svg, math, canvas, iframe, style, script, :--icon, :--chart, :--chosen-tag",
  "[hidden], [aria-hidden=true], .katex, .only-for-screen-readers, .glossary-terms",
].join(", ")

/**
 * Calls `use` with each text in `node`, and `enter` with each shadow root in it. The texts of a shadow root come before
 * the other texts of its host. Elements of `OTHER` are left out.
 * @param {Node} node
 * @param {(text: Text) => void} use
 * @param {(root: ShadowRoot) => void} enter
 */
function walk(node, use, enter) {
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child instanceof Text) use(child)
    else if (child instanceof Element && !child.matches(OTHER)) {
      if (child.shadowRoot) {
        enter(child.shadowRoot)
        walk(child.shadowRoot, use, enter)
      }
      walk(child, use, enter)
    }
  }
}

/**
 * The element of the page around a node, also for a node in the shadow root of one of our components.
 * @param {Node} node
 * @returns {Element | null}
 */
function elementOf(node) {
  const root = node.getRootNode()
  const found = node.parentElement?.closest(ELEMENT)
  return found ?? (root instanceof ShadowRoot ? root.host.closest(ELEMENT) : null)
}

/** @param {Range} range */
export const linesOf = (range) => [...range.getClientRects()].filter(({ width, height }) => width && height)

/**
 * The first use of each word in the `places`, in their order. A use that is not displayed does not count.
 * @param {Iterable<Node>} places
 * @param {(text: string) => Found[]} find
 * @param {(root: ShadowRoot) => void} enter called with each shadow root
 * @returns {Map<Word, Use>}
 */
export function firstUses(places, find, enter) {
  /** @type {Map<Word, Use>} */
  const uses = new Map()
  const look = (/** @type {Text} */ text) => {
    for (const { word, start, end } of find(text.data)) {
      if (uses.has(word)) continue
      const range = document.createRange()
      range.setStart(text, start)
      range.setEnd(text, end)
      const element = linesOf(range).length ? elementOf(text) : null
      if (element) uses.set(word, { range, element })
    }
  }
  for (const place of places) walk(place, look, enter)
  return uses
}
