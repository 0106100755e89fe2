// @ts-check
// What each step does, in words from Python, with a sample of its arrow.
import { html, svg } from "./svg.js"

/** @import { Data, Step } from "./compass_types.js" */

/** @param {Step} step */
function sample({ colour, dash }) {
  const line = { d: "M1 10H23", fill: "none", stroke: colour, "stroke-width": 3, "stroke-dasharray": dash }
  const head = { d: "M34 10L22 4.5V15.5Z", fill: colour }
  return svg("svg", { viewBox: "0 0 34 20", "aria-hidden": "true" }, svg("path", line), svg("path", head))
}

/**
 * @param {[text: string, kind: string][]} parts
 * @param {Step} step
 */
function sentence(parts, step) {
  const words = parts.map(([text, kind]) => (kind ? html("strong", { class: kind }, text) : text))
  return html("li", {}, sample(step), html("span", {}, ...words))
}

/** @param {Data} data */
export const wordsOf = ({ answer, sentences, notes, steps }) => [
  html("h2", {}, answer),
  html("ul", {}, ...sentences.map((parts, i) => sentence(parts, steps[i]))),
  ...notes.map((note) => html("p", { class: "note" }, note)),
]
