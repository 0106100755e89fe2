// @ts-check
// Where everything stands, in pixels, in a side that is `width` wide. Python places neurons from 0 to 1. Words around the
// diagram stand in rows, so that no two of them touch, however narrow it is. The kernels stand beside the diagram if both
// have room, otherwise below it.
import { parts } from "./diagram_focus.js"
import { clamp } from "./numbers.js"
import { widthOf } from "./svg.js"

/** @import { Group, Picture } from "./diagram_picture.js" */

/** @typedef {{ text: string, x: number }} Label a text with the place of its middle */

export const SIZE = 11 // pixels; no text is smaller
export const NAME = 12 // pixels: the size of a head's name
export const BOLD = 13.5 // pixels: the size of other letters that are as wide as those of a name
export const LINE = 15 // pixels from one line to the next
const GAP = 7
const TITLE = 22
const PLOT = 208
const TIME = 32 // the axis of time before the inputs
const SEAM = 18 // between diagram and kernels
const APART = 0.32 // the gap between two kernels, in cells
const NUMBERS = 20 // pixels for the numbers of the rows
const WIDE = 36 // pixels: the largest width of a cell; a number fits in 34
const CAPTION = 124 // pixels of the words below the kernels

/**
 * Puts labels into rows, each in the first row that has room between `left` and `right`.
 * @param {Label[]} labels
 * @param {number} left
 * @param {number} right
 */
export function rows(labels, left, right) {
  /** @type {number[]} */
  const ends = []
  return labels
    .toSorted((a, b) => a.x - b.x)
    .map(({ text, x }) => {
      const half = widthOf(text, SIZE) / 2
      const middle = clamp(x, left + half, right - half)
      let row = ends.findIndex((end) => end + GAP <= middle - half)
      if (row < 0) row = ends.push(0) - 1
      ends[row] = middle + half
      return { text, x: middle, row }
    })
}

/** @param {{ row: number }[]} labels */
const height = (labels) => LINE * Math.max(0, ...labels.map(({ row }) => row + 1))

/**
 * `words`, shortened with an ellipsis to at most `most` pixels.
 * @param {string} words
 * @param {number} most
 */
export function shorten(words, most) {
  const letters = [...words]
  const fitting = Math.floor(most / widthOf("n", BOLD))
  return letters.length <= fitting
    ? words
    : `${letters
        .slice(0, fitting - 1)
        .join("")
        .trimEnd()}…`
}

/** @typedef {ReturnType<typeof layout>} Layout */

/**
 * @param {Picture} picture
 * @param {number} width
 * @param {boolean} weighted whether weights are shown, which need more room in the cells
 */
export function layout(picture, width, weighted) {
  const { groups, columns, heads, timed, simple } = picture
  const { shared, firsts, outputs } = parts(picture)
  const [trunk, ends] = [groups[shared], outputs.map((at) => groups[at])]
  const lowest = (/** @type {Group} */ { y, step, count }) => y - (count - 1) * step

  // How high the plot is, so that the names of the heads have room.
  const middles = ends.map((group) => (group.y + lowest(group)) / 2)
  const nearest = Math.min(1, ...middles.slice(1).map((middle, i) => middles[i] - middle))
  const plot = Math.max(simple ? clamp(0.42 * width, 150, PLOT) : PLOT, heads.length > 1 ? 14 / nearest : 0)
  const roomy = nearest * plot >= 34
  const near = ends.some(({ count }) => count > 1) ? 0.4 : 0.6 // of the step between two neurons
  const radius = clamp(near * ends[0].step * plot, 3.5, 10)
  const inside = heads.length > 1 && radius >= 8 // the number of a head stands in its units
  const room = clamp(0.24 * width, 56, 110)
  const names = heads.map(({ title, layer }, h) => {
    const number = heads.length > 1 && !inside ? `${h + 1} ` : ""
    return { name: shorten(number + title, room), second: roomy ? layer : "", middle: middles[h] }
  })
  const nameWidth = Math.max(...names.map(({ name, second }) => Math.max(widthOf(name, BOLD), widthOf(second, SIZE))))

  // The kernels.
  const counts = firsts.map((at) => groups[at].count)
  const units = counts.reduce((sum, count) => sum + count, 0)
  const gaps = APART * (counts.length - 1)
  const fitted = (/** @type {number} */ most) => clamp((most - NUMBERS - 2) / (units + gaps), 5, WIDE)
  const kernelsOf = (/** @type {number} */ each) => Math.max(NUMBERS + (units + gaps) * each + 2, CAPTION)
  const narrow = fitted((weighted ? 0.42 : 0.3) * width)
  const spaces = columns.length - 0.4
  const start = timed ? TIME : GAP
  const spacing = (width - kernelsOf(narrow) - SEAM - start - nameWidth - 30) / spaces
  const beside = !simple && width >= 400 && narrow >= 8 && spacing >= 26
  const cell = beside ? narrow : fitted(width)
  const across = beside ? width - kernelsOf(cell) - SEAM : width

  // The columns, with the words above and below them.
  const half = radius + clamp(0.25 * ends[0].step * plot, 2, 8)
  const right = across - nameWidth - half - 8
  const x = (/** @type {number} */ place) => start + place * (right - start)
  const xs = columns.map((_, depth) => x(groups.find(({ column }) => column === depth)?.x ?? 0))
  const above = rows(
    columns.map(({ title }, i) => ({ text: title, x: xs[i] })),
    0,
    across,
  )
  const notes = columns.flatMap((each, i) => each.notes.map((text) => ({ text, x: xs[i] })))
  const below = rows(notes, 0, across)
  const top = TITLE + Math.max(height(above), LINE) + 4
  const bottom = top + plot
  const y = (/** @type {number} */ place) => top + (1 - place) * plot
  const least = Math.min(0.3, ...ends.slice(1).map((group, i) => lowest(ends[i]) - group.y))

  const row = beside ? trunk.step * plot : 19
  const first = beside ? y(trunk.y) : bottom + height(below) + 8 + LINE + 10 + row / 2
  const end = first + row * (trunk.count - 0.5)
  return {
    top,
    bottom,
    plot,
    height: Math.ceil(Math.max(bottom + height(below) + 8, simple ? 0 : end + LINE + 4)),
    start,
    xs,
    half, // half the width of the box around the output units
    reach: clamp(0.5 * least * plot - 1.5, radius + 1, radius + 10), // how far it goes beyond an output unit
    radius: (/** @type {Group} */ { column, step }) =>
      column === columns.length - 1
        ? radius
        : clamp(Math.min(0.34 * step * plot, (0.3 * (right - start)) / spaces), 3, 7),
    /** @returns {Point} */
    neuron: (/** @type {Group} */ group, /** @type {number} */ i) => [x(group.x), y(group.y - i * group.step)],
    names: names.map(({ middle, ...each }) => ({ ...each, x: x(1) + half + 7, y: y(middle) + 4 })),
    inside,
    above: above.map((label) => ({ ...label, y: top - 8 - LINE * label.row })),
    below: below.map((label) => ({ ...label, y: bottom + 12 + LINE * label.row })),
    kernel: {
      x: (beside ? across + SEAM : 0) + NUMBERS,
      cell,
      row,
      first: first - row / 2,
      end,
      apart: APART * cell,
      width: units * cell,
    },
  }
}

/**
 * The path of an edge. One that passes hidden layers of other heads runs level there, at the height of its own head.
 * @param {Layout} place
 * @param {Group} from
 * @param {number} i
 * @param {Group} to
 * @param {number} j
 */
export function route({ neuron, xs, plot }, from, i, to, j) {
  const [[x0, y0], [x1, y1]] = [neuron(from, i), neuron(to, j)].map((point) =>
    point.map((each) => Number(each.toFixed(2))),
  )
  if (to.column - from.column < 2) return `M${x0} ${y0}L${x1} ${y1}`
  const level = (y1 + (i - (from.count - 1) / 2) * ((0.7 * to.step * plot) / Math.max(from.count, 2))).toFixed(2)
  const [near, far] = [xs[from.column + 1], xs[to.column - 1]].map((x) => x.toFixed(2))
  const middle = ((x0 + xs[from.column + 1]) / 2).toFixed(2)
  return `M${x0} ${y0}C${middle} ${y0} ${middle} ${level} ${near} ${level}H${far}L${x1} ${y1}`
}
