// @ts-check
// Underlines the glossary's words where a page uses them first, and explains them there while the pointer rests on one,
// or after a tap on it.
//
// React owns the page's text, so nothing wraps it: the browser paints the line (CSS Custom Highlight API). For the Tab key
// and for a screen reader a word is no stop: they have the glossary's dialog. So has a browser without highlights.
import { finderOf } from "./glossary_match.js"
import { WORDS } from "./glossary_words.js"
import { html } from "./svg.js"

/** @import { Word } from "./glossary_match.js" */

// The text of the page is read before that of the sidebar, which a phone does not show.
const PLACES = [":--content", ":--sidebar"]
// Elements without marks: interactive ones, and those without running text or with invisible text. A heading may change
// with a press, and its mark would go to another place.
const OTHER = [
  "h1, h2, h3, h4, h5, h6, .drawn",
  "a, button, summary, label:not(:--metric-label), input, textarea, select, [contenteditable]",
  "[role=button], [role=tab], [role=radiogroup], [role=radio], [role=option], [role=slider], [role=progressbar]",
  "code, pre, svg, math, canvas, iframe, style, script, :--icon, :--chart, :--chosen-tag",
  "[hidden], [aria-hidden=true], .katex, .only-for-screen-readers",
].join(", ")
const REST = 120 // milliseconds until the page is read after a change, and until the card of a word opens or closes
const GAP = 6 // pixels
const EDGE = 8

const find = finderOf(WORDS)
/** @type {Map<Word, Range>} */
const uses = new Map()
const card = html("div", { class: "glossary-card", role: "tooltip", popover: "auto" })
/** @type {number | undefined} */
let reading
/** @type {number | undefined} */
let resting

/**
 * The texts in a part of the page, also in our components, but not in elements of `OTHER`.
 * @param {Node} place
 * @returns {Generator<Text>}
 */
function* textsIn(place) {
  const nodes = document.createTreeWalker(place, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
    node instanceof Element && node.matches(OTHER) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  )
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    if (node instanceof Text) yield node
    else if (node instanceof Element && node.shadowRoot) yield* textsIn(node.shadowRoot)
  }
}

/** Underlines the first use of each word that is displayed. */
function read() {
  reading = undefined
  uses.clear()
  for (const place of PLACES.flatMap((name) => [...document.querySelectorAll(name)])) {
    for (const text of textsIn(place)) {
      for (const { word, start, end } of find(text.data)) {
        const range = new Range()
        range.setStart(text, start)
        range.setEnd(text, end)
        if (!uses.has(word) && range.getClientRects().length) uses.set(word, range)
      }
    }
  }
  CSS.highlights.set("glossary", new Highlight(...uses.values()))
}

/**
 * Opens the card of the word at a point of `target`, or closes it if there is none.
 * @param {EventTarget} target
 * @param {MouseEvent} event
 */
function show(target, { clientX, clientY }) {
  const found = [...uses].find(
    ([, range]) =>
      range.startContainer.parentElement === target &&
      [...range.getClientRects()].some(
        ({ left, right, top, bottom }) => left <= clientX && clientX <= right && top <= clientY && clientY <= bottom,
      ),
  )
  card.remove()
  if (!found) return
  const [{ word, meaning, keras }, range] = found
  // In a meaning, code stands between backticks.
  const words = meaning.split("`").map((part, i) => (i % 2 ? html("code", {}, part) : part))
  card.replaceChildren(html("strong", {}, word), html("p", {}, ...words))
  if (keras) card.append(html("p", {}, "Keras: ", html("code", {}, keras)))
  document.querySelector(":--app")?.append(card)
  card.showPopover()
  const { left, top, bottom } = range.getBoundingClientRect()
  const above = top - card.offsetHeight - GAP
  card.style.left = `${Math.max(Math.min(left, innerWidth - card.offsetWidth - EDGE), EDGE)}px`
  card.style.top = `${above < EDGE ? bottom + GAP : above}px`
}

if ("highlights" in CSS) {
  new MutationObserver((changes) => {
    if (!reading && changes.some(({ target }) => !(target instanceof SVGElement))) reading = setTimeout(read, REST)
  }).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ["open", "hidden", "data-drawn"],
  })
  document.addEventListener("pointermove", (event) => {
    clearTimeout(resting)
    const [target] = event.composedPath() // in a component, too
    if (!card.contains(/** @type {Node} */ (target))) resting = setTimeout(() => show(target, event), REST)
  })
  document.addEventListener("click", (event) => show(event.composedPath()[0], event))
  document.addEventListener("scroll", () => card.remove(), { capture: true, passive: true })
}
