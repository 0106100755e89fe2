// @ts-check
// The answer at the top of Compare: two lines of words, some of which are links.
// A link to the diagram scrolls there and makes it glow. Python follows all other links, unless they open a new tab.
import { reducedMotion } from "./dom.js"
import { html } from "./svg.js"

const CSS = `
  .answer { --th-hue: var(--st-primary-color);
    --th-edge: color-mix(in srgb, var(--th-hue) 45%, transparent);
    --th-ground: color-mix(in srgb, var(--th-hue) 7%, transparent);
    border: 1px solid var(--th-edge); border-radius: var(--radius); background: var(--th-ground);
    padding: var(--space-3) var(--space-4) var(--space-3); font-family: var(--st-font); color: var(--st-text-color); }
  .answer.no { --th-hue: var(--open); }
  p { margin: 0; line-height: 1.5; }
  p.lead { font-size: var(--font-lead); font-weight: 650; }
  p + p { margin-top: 0.15rem; }
  a { color: inherit; text-decoration: underline; text-decoration-thickness: 1.5px; text-underline-offset: 3px;
    text-decoration-color: color-mix(in srgb, currentColor 45%, transparent); cursor: pointer; }
  p.lead a { color: var(--st-link-color); }
  a[target="_blank"]::after { content: "\\00a0↗"; content: "\\00a0↗" / " (opens a new tab)"; display: inline-block; font-size: 0.85em; }
  a:hover { text-decoration-color: currentColor; }
  a:focus-visible { outline: var(--focus); outline-offset: 2px; border-radius: var(--radius-small); }
`

const PATIENCE = 15_000 // milliseconds to wait until another page has drawn its claims

/**
 * Words of a line; with a `place`, a link there. `anchor` is the id of the element that glows on the other page.
 * @typedef {{ text: string, strong?: boolean, place?: string, href?: string, anchor?: string }} Part
 */
/**
 * `diagram` is the selector of the diagram, and `apart` says whether links open new tabs.
 * @typedef {{ verdict: string, lines: Part[][], diagram: string, apart: boolean }} Data
 */

/** @param {Element | null} target */
function glow(target) {
  if (!target) return
  const still = reducedMotion()
  target.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "nearest" })
  const shadows = [{ boxShadow: "0 0 0 3px var(--accent)" }, { boxShadow: "0 0 0 3px transparent" }]
  target.animate(shadows, { duration: still ? 1 : 1600, easing: "ease-in" })
}

/**
 * Makes the element of that id glow as soon as the page has one.
 * @param {string} id
 */
function glowWhenDrawn(id) {
  const look = () => {
    const found = document.getElementById(id)
    if (!found) return
    watch.disconnect()
    glow(found)
  }
  const watch = new MutationObserver(look)
  watch.observe(document.body, { childList: true, subtree: true })
  setTimeout(() => watch.disconnect(), PATIENCE)
  look()
}

/**
 * @param {Part} part
 * @param {Data} data
 * @param {(place: string) => void} follow
 */
function linkOf({ text, place = "", href, anchor }, data, follow) {
  const apart = data.apart && place !== "diagram"
  const link = html("a", { href, ...(apart ? { target: "_blank", rel: "noopener" } : {}) }, text)
  link.onclick = (event) => {
    if (apart || event.metaKey || event.ctrlKey || event.shiftKey) return // another tab
    event.preventDefault()
    if (place === "diagram") {
      glow(document.querySelector(data.diagram))
      return
    }
    follow(place)
    if (anchor) glowWhenDrawn(anchor)
  }
  return link
}

/** @param {Part} part */
const wordsOf = ({ text, strong }) => (strong ? html("strong", {}, text) : text)

/** @type {Renderer<Data>} */
export const answer = ({ data, parentElement, setTriggerValue }) => {
  const follow = (/** @type {string} */ place) => setTriggerValue("place", place)
  const lines = data.lines.map((line, i) => {
    const parts = line.map((part) => (part.place ? linkOf(part, data, follow) : wordsOf(part)))
    return html("p", { class: i === 0 ? "lead" : null }, ...parts)
  })
  const card = html(
    "section",
    { class: `answer ${data.verdict === "impossible" ? "no" : "yes"}`, role: "status" },
    ...lines,
  )
  parentElement.replaceChildren(html("style", {}, CSS), card)
  return undefined
}
