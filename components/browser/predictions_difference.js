// @ts-check
import { say } from "./dom.js"
import { short } from "./numbers.js"
import { line, MARGINS, TITLE, text } from "./predictions_panel.js"
import { set, svg } from "./svg.js"

/** @import { Drawn } from "./predictions_panel.js" */

/**
 * The largest difference between both styles by epoch, in percent of `range`, with a dot at the epoch shown.
 * @param {{ width: number, height: number, differences: number[], range: string, frames: number[] }} chart
 * @returns {Drawn}
 */
export function difference({ width, height, differences, range, frames }) {
  const [left, top, across] = [8, MARGINS.top + 14, width - 16]
  const high = Math.min(70, height - MARGINS.top - MARGINS.bottom - 14)
  const most = Math.max(...differences)
  const last = frames.at(-1) ?? 0
  const x = (/** @type {number} */ epoch) => left + across * (last ? epoch / last : 0)
  const y = (/** @type {number} */ value) => top + high * (1 - value / most)
  const now = text(left, MARGINS.top + 4, "", { "font-size": 12, class: "difference" })
  const mark = svg("circle", { r: 4, fill: "currentColor" })
  const steps = frames.map((epoch, i) => `${i ? "L" : "M"}${x(epoch).toFixed(1)} ${y(differences[i]).toFixed(1)}`)
  const group = svg(
    "g",
    {},
    text(left, 15, "Largest difference", { "font-size": TITLE, "font-weight": 600 }),
    text(left, 33, `% of ${range}`, { "font-size": 12 }),
    now,
    line([left, top + high], [left + across, top + high]),
    svg("path", { d: steps.join(""), fill: "none", stroke: "currentColor", "stroke-width": 1.5 }),
    mark,
    text(left, top + high + 15, "0"),
    text(left + across, top + high + 15, String(last), { "text-anchor": "end" }),
  )

  /** @type {Drawn["update"]} */
  function update({ from, to, share }, shown) {
    const between = (/** @type {number[]} */ values) => values[from] + (values[to] - values[from]) * share
    set(mark, { cx: x(between(frames)), cy: y(between(differences)) })
    say(now, `${short(differences[shown])}%`)
  }
  return { group, update }
}
