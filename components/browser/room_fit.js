// @ts-check
// Fits the board to its screen, which nobody can scroll: text as large as there is room for, but never below 28 pixels.

const SMALLEST = 28
const LARGEST = 0.062 // of the screen's height
/** Classes of a board that does not fit: less is shown, then code is denser. */
const TIGHT = ["", "tight", "tight tighter", "tight tighter tightest"]

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

/** @param {HTMLElement} board */
export function fit(board) {
  const fits = (/** @type {number} */ size) => {
    board.style.setProperty("--wall", `${size}px`)
    return board.getBoundingClientRect().bottom <= innerHeight + 0.5 && board.scrollWidth <= board.clientWidth
  }
  for (const level of TIGHT) {
    board.className = `board ${level}`
    if (fits(largest(SMALLEST, Math.max(Math.floor(LARGEST * innerHeight), SMALLEST), fits))) return
  }
}
