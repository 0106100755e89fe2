// @ts-check
// Fits the board to its screen, which nobody can scroll: text as large as there is room for, but never below 28 pixels.
import { hostOf, onFont } from "./dom.js"
import { rendererOf } from "./view.js"

const SMALLEST = 28
const LARGEST = 0.062 // of the screen's height
const TIGHT = ["some", "more", "most"] // levels for a board that does not fit: less is shown, then code is denser

/**
 * The largest whole number from `low` to `high` that fits; `low` if none fits. All numbers below it must fit, too.
 * @param {number} low
 * @param {number} high
 * @param {(size: number) => boolean} fits
 */
export function largest(low, high, fits) {
  let [least, most] = [low, high]
  while (least < most) {
    const middle = Math.ceil((least + most) / 2)
    if (fits(middle)) least = middle
    else most = middle - 1
  }
  return least
}

/** @type {Renderer<null>} */
export const roomFit = rendererOf(({ parentElement }) => {
  /** @type {HTMLElement | null | undefined} */
  const board = hostOf(parentElement)?.closest(".st-key-room-board")
  const nothing = () => {}
  if (!board) return { update: nothing, leave: nothing }
  let waiting = 0
  let fitted = ""

  const seen = () => `${innerWidth} ${innerHeight} ${board.offsetHeight} ${board.scrollWidth}`
  const fits = (/** @type {number} */ size) => {
    board.style.setProperty("--wall", `${size}px`)
    return board.getBoundingClientRect().bottom <= innerHeight && board.scrollWidth <= board.clientWidth
  }
  function fit() {
    waiting = 0
    if (seen() === fitted || !board) return
    board.removeAttribute("data-tight")
    for (const level of TIGHT) {
      const size = largest(SMALLEST, Math.max(Math.floor(LARGEST * innerHeight), SMALLEST), fits)
      if (fits(size)) break
      board.setAttribute("data-tight", level)
    }
    fitted = seen()
  }
  const soon = () => {
    waiting ||= requestAnimationFrame(fit)
  }
  const again = () => {
    fitted = ""
    soon()
  }
  const sizes = new ResizeObserver(soon)
  for (const node of [board, document.documentElement]) sizes.observe(node)
  const nodes = new MutationObserver(again)
  nodes.observe(board, { childList: true, characterData: true, subtree: true })
  const noFont = onFont(again)
  soon()
  const leave = () => {
    cancelAnimationFrame(waiting)
    sizes.disconnect()
    nodes.disconnect()
    noFont()
  }
  return { update: nothing, leave } // it watches the board, and has no data
})
