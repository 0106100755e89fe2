// @ts-check
// Addresses that are not part of the Streamlit app.

/**
 * Opens a page.
 * @type {Renderer<{ address: string }>}
 */
export const go = ({ data }) => {
  location.assign(data.address)
  return undefined
}

/** @type {Set<string>} */
const entered = new Set()

/**
 * Stores the cookie that an address gives, and stays on the page. So a host who reloads the page before they follow the
 * link can still lead the room. If it fails, the link does the same.
 * @type {Renderer<{ address: string }>}
 */
export const enter = ({ data }) => {
  if (!entered.has(data.address)) {
    entered.add(data.address)
    fetch(data.address, { redirect: "manual" }).then(
      ({ type }) => type === "opaqueredirect" || entered.delete(data.address),
      () => entered.delete(data.address),
    )
  }
  return undefined
}
