// @ts-check
// Underlines the glossary's words where a page uses them first, and explains them there.
//
// React owns the page's text, so nothing wraps it. A mark lies over the word: an element of ours, in a layer at the end
// of the page's element that holds the text. There it moves and scrolls with the text. For the Tab key and for a screen
// reader a mark would be a stop after the text, apart from its word, so it is none: they have the glossary's dialog.
import { onFont } from "./dom.js"
import { explain, place } from "./glossary_card.js"
import { finderOf } from "./glossary_match.js"
import { WORDS } from "./glossary_words.js"
import { html, set } from "./svg.js"

/** @import { Found, Word } from "./glossary_match.js" */

/** A use of a word: its letters in the page, and the element of the page that holds them. */
/** @typedef {{ range: Range, element: Element }} Use */

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
  const found = node.parentElement?.closest(":--element")
  return found ?? (root instanceof ShadowRoot ? root.host.closest(":--element") : null)
}

/** @param {Range} range */
const linesOf = (range) => [...range.getClientRects()].filter(({ width, height }) => width && height)

/**
 * The first use of each word in the `places`, in their order. A use that is not displayed does not count.
 * @param {Iterable<Node>} places
 * @param {(text: string) => Found[]} find
 * @param {(root: ShadowRoot) => void} enter called with each shadow root
 * @returns {Map<Word, Use>}
 */
function firstUses(places, find, enter) {
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

/** @typedef {{ node: HTMLElement, layer: HTMLElement, element: Element }} Mark */

// The text of the page is read before that of the sidebar, which a phone does not show.
const PLACES = [":--content", ":--sidebar"]
const PAUSE = 120 // milliseconds between a change of the page and the next look at it
const LAYER = ".glossary-terms"
const LEAST = 24 // pixels: the smallest size of an element that can be pressed

const find = finderOf(WORDS)
/** @type {Map<Word, Mark>} */
const marks = new Map()
let scheduled = false

/** @param {Element} element */
function layerOf(element) {
  const last = element.lastElementChild
  if (last instanceof HTMLElement && last.matches(LAYER)) return last
  const layer = html("span", { class: "glossary-terms", "aria-hidden": "true" })
  element.append(layer)
  return layer
}

/**
 * The mark of a word in an element.
 * @param {Word} word
 * @param {Element} element
 */
function markOf(word, element) {
  const known = marks.get(word)
  if (known?.element === element && known.layer.parentElement === element) return known
  known?.node.remove()
  const layer = layerOf(element)
  const node = html("span", { class: "glossary-term", "data-word": word.word })
  explain(node, word)
  layer.append(node)
  const mark = { node, layer, element }
  marks.set(word, mark)
  sizes.observe(element)
  return mark
}

/** @param {Word} word */
function unmark(word) {
  const mark = marks.get(word)
  mark?.node.remove()
  if (mark && !mark.layer.childElementCount) mark.layer.remove()
  marks.delete(word)
}

/**
 * The boxes of a mark, one for each line of its word, in pixels from the corner of its layer.
 * @param {Mark} mark
 * @param {Use} use
 */
function boxesOf({ layer }, { range }) {
  const origin = layer.getBoundingClientRect()
  return linesOf(range).map(({ left, width, bottom, height }) => {
    const tall = Math.max(height, LEAST)
    return { x: left - origin.left, y: bottom - tall - origin.top, width: Math.max(width, LEAST), height: tall }
  })
}

/**
 * @param {HTMLElement} node
 * @param {{ x: number, y: number, width: number, height: number }} box
 */
function put(node, { x, y, width, height }) {
  const move = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`
  const style = `transform: ${move}; width: ${width.toFixed(1)}px; height: ${height}px`
  if (node.getAttribute("style") !== style) set(node, { style })
}

function look() {
  scheduled = false
  const places = PLACES.flatMap((name) => [...document.querySelectorAll(name)])
  const uses = firstUses(places, find, observe)
  for (const word of [...marks.keys()]) if (!uses.has(word)) unmark(word)
  const all = [...uses].map(([word, use]) => ({ mark: markOf(word, use.element), use }))
  const boxes = all.map(({ mark, use }) => boxesOf(mark, use))
  all.forEach(({ mark: { node } }, i) => {
    const [first, ...others] = boxes[i]
    put(node, first)
    while (node.childElementCount > others.length) node.lastElementChild?.remove()
    while (node.childElementCount < others.length) node.append(html("i"))
    others.forEach((box, j) => {
      const line = /** @type {HTMLElement} */ (node.children[j])
      put(line, { ...box, x: box.x - first.x, y: box.y - first.y })
    })
  })
  place()
}

function schedule() {
  if (scheduled) return
  scheduled = true
  setTimeout(() => requestAnimationFrame(look), PAUSE)
}

/**
 * Whether a change of the page may change its text. Changes of drawings and of our marks do not.
 * @param {MutationRecord} change
 */
function matters({ target, addedNodes, removedNodes }) {
  const at = target instanceof Element ? target : target.parentElement
  if (at instanceof SVGElement || at?.closest(LAYER)) return false
  const moved = [...addedNodes, ...removedNodes]
  return !moved.length || moved.some((node) => !(node instanceof Element && node.matches(LAYER)))
}

/**
 * Whether a change is in a text that has marks.
 * @param {MutationRecord} change
 */
function isMarked({ target }) {
  const element = (target instanceof Element ? target : target.parentElement)?.closest(":--element")
  return [...marks.values()].some((mark) => mark.element === element)
}

// A mark follows its text in the same frame, as it does below: a text that changes often has its mark in the right place.
const changes = new MutationObserver((all) => {
  const some = all.filter(matters)
  if (some.some(isMarked)) look()
  else if (some.length) schedule()
})
// A mark follows its text in the same frame, so that it never lies over something else that can be pressed.
const sizes = new ResizeObserver(look)

/** @param {Node} root */
function observe(root) {
  changes.observe(root, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["open", "hidden"],
  })
}

// In a browser without popovers, only the glossary's dialog explains the words.
if (WORDS.length && "popover" in HTMLElement.prototype) {
  observe(document)
  onFont(schedule)
}
