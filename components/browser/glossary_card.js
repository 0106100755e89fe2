// @ts-check
// The card of a word: what it means, and its name in Keras. It is there while the pointer is on the word, or from a tap
// on it. Escape and a press elsewhere close it.
import { html } from "./svg.js"

/** @import { Word } from "./glossary_match.js" */

// Milliseconds: passing over a word opens no card, and moving from the word to its card does not close it.
const OPENS = 120
const CLOSES = 220
const GAP = 6 // pixels
const EDGE = 8

/** @type {{ mark: HTMLElement, card: HTMLElement } | undefined} */
let open
/** @type {number | undefined} */
let timer

/**
 * The nodes of a meaning, in which code stands between backticks.
 * @param {string} text
 */
const nodesOf = (text) => text.split("`").map((part, i) => (i % 2 ? html("code", {}, part) : part))

/** Puts the card above its word, or below it if there is no room above. Closes the card if its word is gone. */
export function place() {
  if (!open) return
  const { mark, card } = open
  if (!mark.isConnected) {
    close()
    return
  }
  const { left, width, top, bottom } = mark.getBoundingClientRect()
  const most = window.innerWidth - card.offsetWidth - EDGE
  const above = top - card.offsetHeight - GAP
  card.style.left = `${Math.max(Math.min(left + width / 2 - card.offsetWidth / 2, most), EDGE)}px`
  card.style.top = `${above < EDGE ? bottom + GAP : above}px`
}

function close() {
  clearTimeout(timer)
  open?.card.remove()
  open = undefined
}

/**
 * @param {HTMLElement} mark
 * @param {Word} word
 */
function show(mark, { word, meaning, keras }) {
  clearTimeout(timer)
  if (open?.mark === mark || !mark.isConnected) return
  close()
  const card = html("div", { class: "glossary-card", role: "tooltip", popover: "manual" })
  card.append(html("strong", {}, word), html("p", {}, ...nodesOf(meaning)))
  if (keras) card.append(html("p", {}, "Keras: ", html("code", {}, keras)))
  mark.after(card)
  card.showPopover()
  card.onpointerenter = () => clearTimeout(timer)
  card.onpointerleave = leave
  open = { mark, card }
  place()
}

function leave() {
  clearTimeout(timer)
  timer = setTimeout(close, CLOSES)
}

/**
 * Makes `mark` open and close the card of `word`.
 * @param {HTMLElement} mark
 * @param {Word} word
 */
export function explain(mark, word) {
  mark.onpointerenter = ({ pointerType }) => {
    clearTimeout(timer)
    if (pointerType === "mouse") timer = setTimeout(() => show(mark, word), OPENS)
  }
  mark.onpointerleave = leave
  mark.onclick = () => show(mark, word)
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close()
})
document.addEventListener("pointerdown", ({ target }) => {
  if (target instanceof Node && !open?.mark.contains(target) && !open?.card.contains(target)) close()
})
document.addEventListener("scroll", place, { capture: true, passive: true })
window.addEventListener("resize", place)
