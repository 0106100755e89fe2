// @ts-check
// Copies a drawing of the page with the colours and fonts that it has there, and makes a picture of it.
import { set } from "./svg.js"

const STYLES = [
  "display",
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-opacity",
  "stroke-width",
  "opacity",
  "visibility",
  "font-family",
  "font-size",
  "font-weight",
  "stop-color",
]

/**
 * A copy of the drawing with the colours and fonts that it has on the page.
 * @param {SVGSVGElement} drawing
 */
export function inlined(drawing) {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true))
  inline(drawing, copy)
  return copy
}

/**
 * Writes the computed styles of `from` and everything in it as attributes of its copy.
 * @param {Element} from
 * @param {Element} to
 */
function inline(from, to) {
  const style = getComputedStyle(from)
  for (const name of STYLES) set(to, { [name]: style.getPropertyValue(name) || null })
  // Another program may have other fonts, so a text keeps its width, except a text of several lines.
  if (from instanceof SVGTextElement && from.textContent && !from.querySelector("tspan[x]")) {
    set(to, { textLength: from.getComputedTextLength().toFixed(1), lengthAdjust: "spacingAndGlyphs" })
  }
  for (const name of ["class", "tabindex", "role", "style"]) to.removeAttribute(name)
  ;[...from.children].forEach((child, i) => inline(child, to.children[i]))
}

/**
 * The CSS rule that embeds the page's font in a drawing, which cannot use the page's own; "" if there is none. The file
 * comes from the browser's cache, because the page has loaded it.
 */
async function fontRule() {
  try {
    /** @type {HTMLLinkElement | null} */
    const link = document.querySelector("link[rel=preload][as=font]")
    if (!link) return ""
    const bytes = new Uint8Array(await (await fetch(link.href, { cache: "force-cache" })).arrayBuffer())
    const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    const family = getComputedStyle(document.body).fontFamily.split(",")[0]
    return `@font-face { font-family: ${family}; font-weight: 100 900; src: url(data:font/woff2;base64,${text}) }`
  } catch {
    return ""
  }
}

/**
 * A drawing as a PNG of that size. Raises an error if the browser cannot draw it.
 * @param {string} drawing
 * @param {{ width: number, height: number }} size
 * @returns {Promise<Blob>}
 */
export async function bitmapOf(drawing, size) {
  const image = new Image(size.width, size.height)
  const text = drawing.replace(">", `><style>${await fontRule()}</style>`)
  image.src = `data:image/svg+xml,${encodeURIComponent(text)}`
  await image.decode()
  const canvas = Object.assign(document.createElement("canvas"), size)
  canvas.getContext("2d")?.drawImage(image, 0, 0, size.width, size.height)
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no bitmap"))), "image/png")
  })
}
