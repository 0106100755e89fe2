// @ts-check
// One live region for the whole visit. It stays in the document, because screen readers do not read a region that is
// added together with its text.

const RECENT = 1500 // milliseconds for which a text may still be unread

/** @type {HTMLElement | undefined} */
let region
/** @type {number | undefined} */
let recent

/**
 * Makes a screen reader read `text`, after texts of the last `RECENT` milliseconds.
 * @param {string} text
 */
export function announce(text) {
  if (!region) {
    region = document.createElement("div")
    region.setAttribute("role", "status")
    region.className = "only-for-screen-readers"
    document.body.append(region)
  }
  region.textContent = recent ? `${region.textContent} ${text}` : text
  clearTimeout(recent)
  recent = setTimeout(() => {
    recent = undefined
  }, RECENT)
}
document.addEventListener("DOMContentLoaded", () => announce(""))

/** @type {Set<string>} */
const announced = new Set()

/** @type {Renderer<{ id: string, text: string }>} */
export const announcement = ({ data }) => {
  if (announced.has(data.id)) return undefined
  announced.add(data.id)
  announce(data.text)
  return undefined
}
