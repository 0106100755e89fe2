// @ts-check
// Terms of a formula: a link to `#part-<name>` in a text of ours highlights the part of a picture that it stands for
// while the pointer is on the link. A press keeps the part highlighted until the next press, because keys and a phone have
// no pointer.
import { targetOf } from "./dom.js"

const PREFIX = "#part-"
/** @type {Set<(part: string) => void>} */
const listeners = new Set()
let over = ""
let kept = ""
let now = ""
const drawn = new MutationObserver(showInCharts) // a chart is drawn again while something is highlighted

/** The part that is highlighted, "" for none. */
export const highlighted = () => now

/**
 * Calls `listener` with the name of the part when it changes, "" for none.
 * @param {(part: string) => void} listener
 * @returns {() => void} ends this
 */
export function onHighlight(listener) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** @param {Event} event */
const termOf = (event) => targetOf(event)?.closest(`a[href^="${PREFIX}"]`) ?? null

/** @param {Element | null} term */
const partOf = (term) => term?.getAttribute("href")?.slice(PREFIX.length) ?? ""

function update() {
  const part = over || kept
  if (part === now) return
  now = part
  for (const listener of listeners) listener(part)
  showInCharts()
  if (now) drawn.observe(document.body, { subtree: true, childList: true })
  else drawn.disconnect()
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return
  over = partOf(termOf(event))
  update()
})
/** @param {Event} event */
function onClick(event) {
  const term = termOf(event)
  if (term) event.preventDefault() // it leads nowhere
  kept = kept === partOf(term) ? "" : partOf(term)
  if (term && !kept) over = ""
  update()
}
document.addEventListener("click", onClick, true)
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !now) return
  over = ""
  kept = ""
  update()
})

// Curves of Train: `left` and `right` are the curves of a style, `task-2` is the chart of the second task.
function showInCharts() {
  for (const chart of document.querySelectorAll('[class*="st-key-curves-"]')) {
    const number = /st-key-curves-task-(\d+)/.exec(chart.className)?.[1]
    chart.toggleAttribute("data-part", number !== undefined && now === `task-${Number(number) + 1}`)
    /** @type {(Element & { _fullData?: { uid: string, meta?: string }[] }) | null} */
    const plot = chart.querySelector(":--plot")
    for (const { uid, meta } of plot?._fullData ?? []) {
      const others = (now === "left" || now === "right") && meta && meta !== now
      /** @type {NodeListOf<SVGElement> | undefined} */
      const lines = plot?.querySelectorAll(`.trace${uid}`)
      for (const line of lines ?? []) line.style.opacity = others ? "0.12" : ""
    }
  }
}
