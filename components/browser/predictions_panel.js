// @ts-check
// The panels of predictions: a scatter of numbers, strips of yes or no, a matrix of classes, and the difference of both
// styles.
import { say } from "./dom.js"
import { short, ticks } from "./numbers.js"
import { set, svg } from "./svg.js"

/** The codes of values that were NaN or infinite, and of the upper end of the axis. 0 is its lower end. */
export const MISSING = 255
const LEVELS = 254
export const MARGINS = { left: 50, right: 8, top: 44, bottom: 36 }
const TITLE = 13
const SMALL = 11
const YES = LEVELS / 2
const GOLDEN = 0.618034

/**
 * The task of a head, as `components/train/predictions.py` describes it. `truth` and `sides` are base64.
 * @typedef {object} Task
 * @property {string} name
 * @property {string} title
 * @property {string} hue
 * @property {"regression" | "binary" | "multiclass"} kind
 * @property {number} classes
 * @property {[low: number, high: number]} axis
 * @property {string} truth
 * @property {string[]} sides
 * @property {string} score what the score is called
 * @property {string[][]} scores
 * @property {boolean} agree
 * @property {string} alt
 * @property {number[]} [difference]
 * @property {string} [range] of what `difference` is a share
 * @property {string} [words]
 */
/**
 * One panel. `codes` has a code for each sequence, frame after frame, and `truth` one for each target. `first` says
 * whether the panel has a labelled vertical axis, and `mark` is the colour of its points or cells.
 * @typedef {object} Panel
 * @property {Task} task
 * @property {Uint8Array} codes
 * @property {Uint8Array} truth
 * @property {number} width
 * @property {number} height
 * @property {boolean} first
 * @property {string} title
 * @property {string[]} colour
 * @property {string} mark
 */
/**
 * A drawn panel. `update` moves it; points glide from frame to frame, and numbers are those of the frame `shown`.
 * @typedef {object} Drawn
 * @property {SVGGElement} group
 * @property {SVGTextElement} [score]
 * @property {(moment: Moment) => void} update
 */
/** @typedef {{ left: number, top: number, width: number, height: number }} Area */

/**
 * @param {number} x
 * @param {number} y
 * @param {string} words
 * @param {Attributes} attributes
 */
const text = (x, y, words, attributes = {}) =>
  svg("text", { x, y, fill: "currentColor", "font-size": SMALL, ...attributes }, words)

/**
 * @param {Point} from
 * @param {Point} to
 * @param {Attributes} attributes
 */
const line = ([x1, y1], [x2, y2], attributes = {}) =>
  svg("line", { x1, y1, x2, y2, stroke: "currentColor", "stroke-opacity": 0.35, ...attributes })

/**
 * The code of a sequence between two frames.
 * @param {Uint8Array} codes
 * @param {number} count how many sequences there are
 * @param {Moment} moment
 * @param {number} i
 */
export function codeAt(codes, count, { from, to, share }, i) {
  const [a, b] = [codes[from * count + i], codes[to * count + i]]
  if (share === 0) return a
  return a === MISSING || b === MISSING ? MISSING : a + (b - a) * share
}

/**
 * A panel without its content. `ends` are the ends of the vertical axis.
 * @param {Panel} panel
 * @param {[number, number]} ends
 * @param {string} vertical what the axes are called
 * @param {string} horizontal
 */
function frame({ width, height, first, title, colour }, ends, vertical, horizontal) {
  const left = first ? MARGINS.left : MARGINS.right
  const top = MARGINS.top
  const area = { left, top, width: width - left - MARGINS.right, height: height - top - MARGINS.bottom }
  const score = text(left, 33, "", { "font-size": 12, class: "score" })
  const chips = colour.map((fill, i) => svg("circle", { cx: left + 5 + 12 * i, cy: 11, r: 5, fill }))
  const heading = text(left + 4 + 12 * colour.length, 15, title, { "font-size": TITLE, "font-weight": 600 })
  const size = { x: left, y: top, width: area.width, height: area.height }
  const border = svg("rect", { ...size, fill: "none", stroke: "currentColor", "stroke-opacity": 0.25 })
  const below = text(left + area.width / 2, height - 3, horizontal, { "text-anchor": "middle" })
  const group = svg("g", {}, ...chips, heading, score, border, below)
  if (first) {
    const [x, y] = [12, top + area.height / 2]
    group.append(text(x, y, vertical, { "text-anchor": "middle", transform: `rotate(-90 ${x} ${y})` }))
  }
  const place = (/** @type {number} */ value) => top + area.height * (1 - (value - ends[0]) / (ends[1] - ends[0]))
  return { group, area, score, place }
}

/**
 * Draws the marks of the vertical axis.
 * @param {Element} group
 * @param {Area} area
 * @param {[number, string][]} marks
 * @param {(value: number) => number} place
 * @param {boolean} first whether the panel has numbers beside the axis
 */
function scale(group, area, marks, place, first) {
  for (const [value, words] of marks) {
    const y = place(value)
    group.append(line([area.left, y], [area.left + area.width, y], { "stroke-opacity": 0.12 }))
    if (first) group.append(text(area.left - 5, y + 4, words, { "text-anchor": "end" }))
  }
}

/**
 * A mark of the horizontal axis.
 * @param {Element} group
 * @param {Area} area
 * @param {number} x
 * @param {string} words
 */
function below(group, area, x, words) {
  group.append(text(x, area.top + area.height + 15, words, { "text-anchor": "middle" }))
}

/**
 * A point as a part of a path.
 * @param {number} x
 * @param {number} y
 */
const dot = (x, y, r = 3) =>
  `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`

/**
 * How many values are not on the axis, in the lower right corner of a panel.
 * @param {Area} area
 */
const cornerOf = (area) => text(area.left + area.width - 4, area.top + area.height - 5, "", { "text-anchor": "end" })

/**
 * Points: predicted numbers over targets, or predicted probabilities in a strip for no and one for yes.
 * @param {Panel} panel
 * @returns {Drawn}
 */
export function points(panel) {
  const { task, codes, truth, mark } = panel
  const binary = task.kind === "binary"
  const [low, high] = task.axis
  const { group, area, score, place } = frame(panel, task.axis, "prediction", "target")
  const across = (/** @type {number} */ share) => area.left + area.width * share
  const strip = (/** @type {boolean} */ yes) => across(yes ? 0.74 : 0.26)
  const dashed = { "stroke-opacity": 0.7, "stroke-dasharray": "4 3" }
  if (binary) {
    const bounds = ["0", "0.5", "1"].map((words) => /** @type {[number, string]} */ ([Number(words), words]))
    scale(group, area, bounds, place, panel.first)
    group.append(line([area.left, place(0.5)], [across(1), place(0.5)], dashed))
    for (const yes of [false, true]) below(group, area, strip(yes), yes ? "yes" : "no")
  } else {
    scale(group, area, ticks(low, high, 5), place, panel.first)
    for (const [value, words] of ticks(low, high, area.width > 150 ? 5 : 3)) {
      below(group, area, across((value - low) / (high - low)), words)
    }
    group.append(line([area.left, place(low)], [across(1), place(high)], dashed))
  }
  const solid = { fill: mark, "fill-opacity": 0.45, stroke: mark, "stroke-width": 1, class: "points" }
  const filled = svg("path", solid)
  const hollow = svg("path", { fill: "none", stroke: mark, "stroke-width": 1.5, class: "points wrong" })
  const beyond = cornerOf(area)
  group.append(filled, hollow, beyond)
  const x = Array.from(truth, (code, i) =>
    binary ? strip(code > YES) + area.width * 0.38 * (((i * GOLDEN) % 1) - 0.5) : across(code / LEVELS),
  )

  /** @type {Drawn["update"]} */
  function update(moment) {
    let [right, wrong, outside, missing] = ["", "", 0, 0]
    for (let i = 0; i < truth.length; i += 1) {
      const code = codeAt(codes, truth.length, moment, i)
      if (code === MISSING) {
        missing += 1
        continue
      }
      if (!binary && (code === 0 || code === LEVELS)) outside += 1
      const path = dot(x[i], area.top + area.height * (1 - code / LEVELS))
      if (binary && code > YES !== truth[i] > YES) wrong += path
      else right += path
    }
    set(filled, { d: right })
    set(hollow, { d: wrong })
    const words = [outside ? `${outside} beyond the axis` : "", missing ? `${missing} NaN or infinite` : ""]
    say(beyond, words.filter(Boolean).join(", "))
  }
  return { group, score, update }
}

/**
 * The confusion matrix of a frame, row after row: a row for each target class. It leaves out predictions that are
 * `MISSING`.
 * @param {ArrayLike<number>} truth the class of each target
 * @param {ArrayLike<number>} codes the predicted classes, frame after frame
 * @param {number} shown the frame
 * @param {number} classes
 * @returns {number[]}
 */
export function confusions(truth, codes, shown, classes) {
  const counts = new Array(classes * classes).fill(0)
  for (let i = 0; i < truth.length; i += 1) {
    const code = codes[shown * truth.length + i]
    if (code !== MISSING) counts[truth[i] * classes + code] += 1
  }
  return counts
}

/**
 * @param {Element} group
 * @param {Area} area
 * @param {Panel} panel
 */
function cellsOf(group, area, { task, first, mark }) {
  const [width, height] = [area.width / task.classes, area.height / task.classes]
  const cells = []
  for (let row = 0; row < task.classes; row += 1) {
    const middle = area.top + height * (row + 0.5) + 4
    if (first) group.append(text(area.left - 6, middle, String(row), { "text-anchor": "end" }))
    below(group, area, area.left + width * (row + 0.5), String(row))
    for (let column = 0; column < task.classes; column += 1) {
      const [x, y] = [area.left + width * column + 1, area.top + height * row + 1]
      const spot = { x, y, width: width - 2, height: height - 2, rx: 3 }
      const shade = svg("rect", { ...spot, fill: mark, class: "cell" })
      const look = { "text-anchor": "middle", "font-size": 12 }
      const count = text(x + spot.width / 2, y + spot.height / 2 + 4, "", look)
      group.append(shade, count)
      if (row === column) {
        group.append(svg("rect", { ...spot, fill: "none", stroke: "currentColor", "stroke-opacity": 0.6 }))
      }
      cells.push({ shade, count })
    }
  }
  return cells
}

/**
 * @param {Panel} panel
 * @returns {Drawn}
 */
export function confusion(panel) {
  const { task, codes, truth } = panel
  const { group, area, score } = frame(panel, [0, 1], "target class", "predicted class")
  const cells = cellsOf(group, area, panel)
  const rows = Array.from({ length: task.classes }, (_, row) => truth.filter((own) => own === row).length)
  const missing = cornerOf(area)
  group.append(missing)
  let drawn = -1

  /** @type {Drawn["update"]} */
  function update({ shown }) {
    if (shown === drawn) return
    drawn = shown
    const counts = confusions(truth, codes, shown, task.classes)
    cells.forEach(({ shade, count }, at) => {
      const row = rows[Math.floor(at / task.classes)]
      set(shade, { "fill-opacity": (0.04 + 0.38 * (row ? counts[at] / row : 0)).toFixed(3) })
      say(count, String(counts[at]))
    })
    const lost = truth.length - counts.reduce((sum, count) => sum + count, 0)
    say(missing, lost ? `${lost} NaN or infinite` : "")
  }
  return { group, score, update }
}

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
  function update({ from, to, share, shown }) {
    const between = (/** @type {number[]} */ values) => values[from] + (values[to] - values[from]) * share
    set(mark, { cx: x(between(frames)), cy: y(between(differences)) })
    say(now, `${short(differences[shown])}%`)
  }
  return { group, update }
}
