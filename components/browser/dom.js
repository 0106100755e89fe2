// @ts-check
// Small helpers for events, roots, fonts and motion.

/**
 * The element at which an event happened.
 * @param {Event} event
 */
export const targetOf = (event) => (event.target instanceof Element ? event.target : null)

/**
 * The host of the shadow root that `node` is in, null if it is in none.
 * @param {Node} node
 */
export function hostOf(node) {
  const root = node.getRootNode()
  return root instanceof ShadowRoot ? root.host : null
}

/**
 * Writes `words` if they differ from the text of `node`.
 * @param {Node} node
 * @param {string} words
 */
export function say(node, words) {
  if (node.textContent !== words) node.textContent = words
}

/** Whether the visitor asked for less motion. */
export const reducedMotion = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches

/**
 * Calls `redraw` when a font of the page's text has loaded, because measured text may have another width then.
 * @param {() => void} redraw
 * @returns {() => void} ends this
 */
export function onFont(redraw) {
  /** @param {FontFaceSetLoadEvent} event */
  const loaded = ({ fontfaces }) => {
    const used = getComputedStyle(document.body).fontFamily
    if (fontfaces.some(({ family }) => used.includes(family.replace(/^["']|["']$/g, "")))) redraw()
  }
  document.fonts?.addEventListener("loadingdone", loaded)
  return () => document.fonts?.removeEventListener("loadingdone", loaded)
}
