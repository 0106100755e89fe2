// @ts-check
// Small helpers for events, roots and motion.

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
