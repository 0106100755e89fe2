// @ts-check
// Where the kernels stand: beside the diagram if both have room, otherwise below it.
import { height, LINE, rows, wrap } from "./diagram_labels.js"
import { clamp } from "./numbers.js"

/** @import { Placed, Width } from "./diagram_labels.js" */
/** @import { Picture } from "./diagram_picture.js" */

const APART = 0.32 // the gap between two kernels, in cells
const NUMBERS = 20 // pixels for the numbers of the rows
const WIDE = 36 // pixels: the largest width of a cell; a number fits in 34 (`diagram_kernels.js`)

/**
 * The size of the kernels, in pixels.
 * @typedef {object} Size
 * @property {boolean} beside
 * @property {number} cell the width of a cell
 * @property {number} width that of all of them
 * @property {(width: Width) => number} lines how many lines their headings take
 */
/**
 * The kernels as matrices with a row for each neuron of the shared layer.
 * @typedef {object} Kernel
 * @property {number} x the left end of the cells
 * @property {number} cell the width of a cell
 * @property {number} row its height
 * @property {number[]} rows the middles of the rows
 * @property {number} end the lower end of the cells
 * @property {number} apart the gap between two kernels that stand apart
 * @property {(Placed & { head: number })[]} heading
 * @property {(words: string) => string[]} lines the lines of a caption
 * @property {number} scale the top of the legend of the colours
 * @property {number} bottom the lower end of captions and legend
 */

/**
 * @param {Picture} picture
 * @param {number} width
 * @param {boolean} weighted
 * @param {number} taken the width that a diagram beside them needs in addition to its columns
 * @returns {Size}
 */
export function sizeKernels(picture, width, weighted, taken) {
  const counts = countsOf(picture)
  const units = counts.reduce((sum, count) => sum + count, 0) + APART * (counts.length - 1)
  const fitted = (/** @type {number} */ room) => clamp((room - NUMBERS - 2) / units, 5, WIDE)
  const widthOf = (/** @type {number} */ cell) => Math.max(NUMBERS + units * cell + 2, 116)
  const narrow = fitted((weighted ? 0.42 : 0.3) * width)
  const spacing = (width - widthOf(narrow) - taken) / (picture.columns.length - 0.4)
  const beside = width >= 400 && narrow >= 8 && spacing >= 26
  const cell = beside ? narrow : fitted(width)
  const size = { beside, cell, width: widthOf(cell) }
  return { ...size, lines: (small) => height(headings(picture, size, small)) }
}

/**
 * @param {Picture} picture
 * @param {Size} size
 * @param {Width} small
 * @param {{ left: number, room: number, end: number, y: (place: number) => number, plot: number, weighted: boolean }} place
 *   the left end, the width, and the end of the diagram, in pixels
 * @returns {Kernel}
 */
export function placeKernels(picture, size, small, { left, room, end, y, plot, weighted }) {
  const shared = picture.groups[picture.shared]
  const heading = headings(picture, size, small)
  const row = size.beside ? shared.step * plot : 19
  const first = end + LINE * height(heading) + 10
  const x = left + NUMBERS
  const middles = Array.from({ length: shared.count }, (_, i) =>
    size.beside ? y(shared.y - i * shared.step) : first + row * (i + 0.5),
  )
  const bottom = middles[middles.length - 1] + row / 2
  const drawn = picture.drawn ? [picture.drawn] : []
  const lines = (/** @type {string} */ words) => [...wrap(words, small, room - NUMBERS), ...drawn]
  const captions = [...picture.sides.map((side) => side.kernel), picture.morph.kernel]
  const caption = LINE * Math.max(...captions.map((words) => lines(words).length)) + (weighted ? 30 : 4)
  return {
    x,
    cell: size.cell,
    row,
    rows: middles,
    end: bottom,
    apart: APART * size.cell,
    heading: heading.map((label) => ({ ...label, x: x + label.x })),
    lines,
    scale: bottom + caption - 30 + 8,
    bottom: bottom + caption,
  }
}

/** @param {Picture} picture */
const countsOf = ({ heads, groups }) => heads.map(({ first }) => groups[first].count)

/**
 * Above the kernels: the names of the heads, or their numbers if a name does not fit, placed as in one matrix.
 * @param {Picture} picture
 * @param {{ cell: number, width: number }} size
 * @param {Width} small
 */
function headings(picture, { cell, width }, small) {
  const { heads } = picture
  const counts = countsOf(picture)
  const named = heads.every(({ title }, i) => small(title) <= counts[i] * cell - 3)
  let at = 0
  const labels = heads.map(({ title }, head) => {
    const x = at + (counts[head] * cell) / 2
    at += counts[head] * cell
    return { text: named ? title : heads.length > 1 ? String(head + 1) : "", x, head }
  })
  return rows(labels, small, -NUMBERS, width, 2)
}
