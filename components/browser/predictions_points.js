// @ts-check
// Panels of points: a scatter of numbers, and strips of yes or no.
import { say } from "./dom.js"
import { ticks } from "./numbers.js"
import { below, codeAt, dot, frame, LEVELS, line, MISSING, points, scale } from "./predictions_panel.js"
import { set } from "./svg.js"

/** @import { Drawn, Panel } from "./predictions_panel.js" */

const YES = LEVELS / 2
const GOLDEN = 0.618034

/**
 * @param {Panel} panel
 * @returns {Drawn}
 */
export function scatter(panel) {
  const { task, codes, truth } = panel
  const ends = task.axis
  const { group, area, score, place } = frame(panel, ends, "prediction", "target")
  const across = (/** @type {number} */ value) => area.left + area.width * ((value - ends[0]) / (ends[1] - ends[0]))
  scale(group, area, ticks(...ends, 5), place, panel.first)
  for (const [value, words] of ticks(...ends, area.width > 150 ? 5 : 3)) below(group, area, across(value), words)
  const [low, high] = ends.map((value) => /** @type {Point} */ ([across(value), place(value)]))
  group.append(line(low, high, { "stroke-opacity": 0.6, "stroke-dasharray": "4 3" }))
  const { filled, beyond } = points(group, area, panel.mark)
  const x = Array.from(truth, (code) => area.left + (area.width * code) / LEVELS)

  /** @type {Drawn["update"]} */
  function update(moment) {
    let path = ""
    let outside = 0
    let missing = 0
    for (let i = 0; i < truth.length; i += 1) {
      const code = codeAt(codes, truth.length, moment, i)
      if (code === MISSING) {
        missing += 1
        continue
      }
      if (code === 0 || code === LEVELS) outside += 1
      path += dot(x[i], area.top + area.height * (1 - code / LEVELS))
    }
    set(filled, { d: path })
    const words = [outside ? `${outside} beyond the axis` : "", missing ? `${missing} NaN or infinite` : ""]
    say(beyond, words.filter(Boolean).join(", "))
  }
  return { group, score, update }
}

/**
 * @param {Panel} panel
 * @returns {Drawn}
 */
export function strips(panel) {
  const { task, codes, truth } = panel
  const { group, area, score, place } = frame(panel, task.axis, "prediction", "target")
  /** @type {[number, string][]} */
  const marks = [
    [0, "0"],
    [0.5, "0.5"],
    [1, "1"],
  ]
  scale(group, area, marks, place, panel.first)
  const half = place(0.5)
  const bound = { "stroke-opacity": 0.8, "stroke-dasharray": "4 3" }
  group.append(line([area.left, half], [area.left + area.width, half], bound))
  const centre = (/** @type {boolean} */ yes) => area.left + area.width * (yes ? 0.74 : 0.26)
  for (const yes of [false, true]) below(group, area, centre(yes), yes ? "yes" : "no")
  const { filled, hollow, beyond } = points(group, area, panel.mark)
  const x = Array.from(truth, (code, i) => centre(code > YES) + area.width * 0.38 * (((i * GOLDEN) % 1) - 0.5))

  /** @type {Drawn["update"]} */
  function update(moment) {
    let right = ""
    let wrong = ""
    let missing = 0
    for (let i = 0; i < truth.length; i += 1) {
      const code = codeAt(codes, truth.length, moment, i)
      if (code === MISSING) {
        missing += 1
        continue
      }
      const path = dot(x[i], area.top + area.height * (1 - code / LEVELS))
      if (code > YES === truth[i] > YES) right += path
      else wrong += path
    }
    set(filled, { d: right })
    set(hollow, { d: wrong })
    say(beyond, missing ? `${missing} NaN or infinite` : "")
  }
  return { group, score, update }
}
