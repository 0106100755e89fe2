// @ts-check
// What is drawn anew keeps the focus, so that whoever moves by keyboard or with a screen reader stays where they are.

/**
 * What tells an element from the others of its kind.
 * @param {Element} node
 */
const nameOf = (node) =>
  node instanceof HTMLInputElement
    ? [node.type, node.name, node.ariaLabel, node.type === "text" ? "" : node.value].join()
    : node.textContent

/**
 * Draws `place` anew. The field, button or link that had the focus keeps it. If it is gone, the heading gets it.
 * @param {HTMLElement} place
 * @param {() => void} draw
 * @param {() => HTMLElement | null} headingOf called after it is drawn
 */
export function keepFocus(place, draw, headingOf) {
  const before = document.activeElement
  const had = before instanceof HTMLElement && place.contains(before)
  draw()
  if (!had || place.contains(document.activeElement)) return
  /** @type {NodeListOf<HTMLElement>} */
  const others = place.querySelectorAll(before.localName)
  const after = [...others].find((other) => nameOf(other) === nameOf(before))
  after?.focus({ preventScroll: true }) // does nothing if it is hidden
  if (after && document.activeElement === after) {
    if (before instanceof HTMLInputElement && after instanceof HTMLInputElement && before.type === "text")
      after.setSelectionRange(before.selectionStart, before.selectionEnd)
    return
  }
  const heading = headingOf()
  if (!heading) return
  heading.tabIndex = -1
  heading.focus()
}
