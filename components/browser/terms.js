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
function partOf(event) {
  const term = targetOf(event)?.closest(`a[href^="${PREFIX}"]`)
  return term?.getAttribute("href")?.slice(PREFIX.length) ?? ""
}

function update() {
  const part = over || kept
  if (part === now) return
  now = part
  document.documentElement.dataset.part = part // the style sheet highlights charts of Train
  for (const listener of listeners) listener(part)
  showInCurves()
}

/** Makes the curves of the other side faint, if the part is a side. */
function showInCurves() {
  /** @type {NodeListOf<Element & { _fullData?: { uid: string, meta?: string }[] }>} */
  const plots = document.querySelectorAll("[class*=st-key-curves-] :--plot")
  for (const plot of plots) {
    for (const { uid, meta } of plot._fullData ?? []) {
      const others = (now === "left" || now === "right") && meta && meta !== now
      /** @type {NodeListOf<SVGElement>} */
      const lines = plot.querySelectorAll(`.trace${uid}`)
      for (const line of lines) line.style.opacity = others ? "0.12" : ""
    }
  }
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return
  over = partOf(event)
  update()
})
document.addEventListener(
  "click",
  (event) => {
    const part = partOf(event)
    if (part) event.preventDefault() // it leads nowhere
    kept = kept === part ? "" : part
    if (part && !kept) over = ""
    update()
  },
  true,
)
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return
  over = ""
  kept = ""
  update()
})
