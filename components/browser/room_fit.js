// Fits the board to its screen, which nobody can scroll: text as large as there is room for, but never below 28 pixels.
const SMALLEST = 28
const LARGEST = 0.062 // of the screen's height

twoHeads.register("room_fit", ({ parentElement }) => {
  const board = parentElement.getRootNode().host?.closest(".st-key-room-board")
  if (!board) return undefined
  let waiting = 0, fitted = ""

  const seen = () => `${innerWidth} ${innerHeight} ${board.offsetHeight} ${board.scrollWidth}`
  const fits = (size) => {
    board.style.setProperty("--wall", `${size}px`)
    return board.getBoundingClientRect().bottom <= innerHeight && board.scrollWidth <= board.clientWidth
  }
  function fit() {
    waiting = 0
    if (seen() === fitted) return
    board.removeAttribute("data-tight")
    let low = SMALLEST, high = Math.max(Math.floor(LARGEST * innerHeight), SMALLEST)
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (fits(middle)) low = middle
      else high = middle - 1
    }
    if (!fits(low)) board.setAttribute("data-tight", "") // without what can be spared
    fitted = seen()
  }
  const soon = () => { waiting ||= requestAnimationFrame(fit) }
  const sizes = new ResizeObserver(soon)
  for (const node of [board, document.documentElement]) sizes.observe(node)
  const nodes = new MutationObserver(() => { fitted = ""; soon() })
  nodes.observe(board, { childList: true, characterData: true, subtree: true })
  const noFont = twoHeads.onFont(() => { fitted = ""; soon() })
  soon()
  return () => {
    cancelAnimationFrame(waiting)
    sizes.disconnect()
    nodes.disconnect()
    noFont()
  }
})
