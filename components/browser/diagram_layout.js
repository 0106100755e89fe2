// @ts-check
// Where everything stands, in pixels, in a side that is `width` wide. Python places neurons from 0 to 1. Words around the
// diagram stand in rows, so that no two of them touch, however narrow it is. The kernels stand beside the diagram if both
// have room, otherwise below it.
import { clamp } from "./numbers.js"
import { svg } from "./svg.js"

/** @import { Column, Group, Picture } from "./diagram_picture.js" */

/** @typedef {(words: string) => number} Width measures words in pixels */
/** @typedef {{ text: string, x: number }} Label a text with the place of its middle */
/** @typedef {{ width: number, row: number }} Spot */
/** @typedef {Label & Spot} Placed */

const SIZE = 11 // pixels; no text is smaller
export const LINE = 15 // pixels from one line to the next
const GAP = 7
const TITLE = 22
const PLOT = 208
const TIME = 32 // the axis of time before the inputs
const SEAM = 18 // between diagram and kernels
const APART = 0.32 // the gap between two kernels, in cells
const NUMBERS = 20 // pixels for the numbers of the rows
const WIDE = 36 // pixels: the largest width of a cell; a number fits in 34 (`cellOf`)
const NEAR = 5 // pixels from an edge within which the pointer is on it

/**
 * Puts labels into rows, each in the first row that has room between `left` and `right`.
 * @template {Label} Kind
 * @param {Kind[]} labels
 * @param {Width} width
 * @param {number} left
 * @param {number} right
 * @returns {(Kind & Spot)[]} from left to right
 */
export function rows(labels, width, left, right, gap = GAP) {
  /** @type {number[]} */
  const ends = []
  const sorted = [...labels].sort((a, b) => a.x - b.x)
  return sorted.map((label) => {
    const wide = width(label.text)
    const x = Math.max(Math.min(label.x, right - wide / 2), left + wide / 2)
    let row = ends.findIndex((end) => end + gap <= x - wide / 2)
    if (row < 0) row = ends.push(0) - 1
    ends[row] = x + wide / 2
    return { ...label, x, width: wide, row }
  })
}

/**
 * How many rows there are.
 * @param {Placed[]} labels
 */
export const height = (labels) => labels.reduce((most, label) => Math.max(most, label.row + 1), 0)

/**
 * Kind and count of each column: in one line if they fit, otherwise the kinds above the counts.
 * @param {Column[]} columns
 * @param {number[]} xs
 * @param {Width} width
 * @param {number} left
 * @param {number} right
 */
export function header(columns, xs, width, left, right) {
  const placed = (/** @type {(column: Column) => string} */ words) =>
    rows(
      columns.map((column, i) => ({ text: words(column), x: xs[i] })),
      width,
      left,
      right,
    )
  const single = placed(({ kind, count }) => `${kind} · ${count}`)
  if (height(single) === 1) return single
  const counts = placed(({ count }) => count)
  const kinds = placed(({ kind }) => kind)
  return [...counts, ...kinds.map((label) => ({ ...label, row: label.row + height(counts) }))]
}

/**
 * The notes below the columns, in their long form if two rows are enough.
 * @param {Column[]} columns
 * @param {number[]} xs
 * @param {string} more
 * @param {Width} width
 * @param {number} left
 * @param {number} right
 */
export function footer(columns, xs, more, width, left, right) {
  const inForm = (/** @type {0 | 1} */ form) => {
    const labels = columns.flatMap(({ notes }, i) => notes.map((note) => ({ text: note[form], x: xs[i] })))
    if (more) labels.push({ text: more, x: right })
    return rows(labels, width, left, right)
  }
  const long = inForm(0)
  return height(long) <= 2 ? long : inForm(1)
}

/**
 * Breaks words into lines of at most `most` pixels. Words are not divided, so a longer word makes a longer line.
 * @param {string} words
 * @param {Width} width
 * @param {number} most
 */
export function wrap(words, width, most) {
  /** @type {string[]} */
  const lines = []
  for (const word of words.split(" ")) {
    const line = lines.length ? `${lines.at(-1)} ${word}` : word
    if (lines.length && width(line) <= most) lines[lines.length - 1] = line
    else lines.push(word)
  }
  return lines
}

/**
 * `words`, shortened with an ellipsis to at most `most` pixels.
 * @param {string} words
 * @param {Width} width
 * @param {number} most
 */
export function shorten(words, width, most) {
  if (width(words) <= most) return words
  const letters = [...words]
  while (letters.length && width(`${letters.join("").trimEnd()}…`) > most) letters.pop()
  return `${letters.join("").trimEnd()}…`
}

/**
 * @param {string} words
 * @param {number} x
 * @param {number} y
 * @param {Attributes} attributes
 */
export const text = (words, x, y, attributes = {}) => svg("text", { x, y, "font-size": SIZE, ...attributes }, words)

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
 */

/**
 * The layout of a side, in pixels. `above` and `below` are the words around the columns.
 * @typedef {object} Layout
 * @property {number} top the ends of the plot
 * @property {number} bottom
 * @property {number} plot
 * @property {number} height that of the side
 * @property {string} family
 * @property {(place: number) => number} x the place of a column
 * @property {number[]} xs the places of the columns
 * @property {(group: Group) => number} radius that of a neuron
 * @property {(group: Group, i: number) => Point} neuron its middle
 * @property {number} halfBox half the width of the box around the output units
 * @property {number} reach how far that box goes beyond an output unit
 * @property {string[]} names those of the heads
 * @property {string[]} seconds the line below each name
 * @property {boolean} roomy whether there is room for that line
 * @property {boolean} inside whether the number of a head stands in its units
 * @property {Placed[]} above
 * @property {Placed[]} below
 * @property {Kernel} kernel
 */

/**
 * @param {Picture} picture
 * @param {number} width
 * @param {boolean} weighted whether weights are shown
 * @param {string} family the font
 * @param {Measure} measure
 * @returns {Layout}
 */
export function layout(picture, width, weighted, family, measure) {
  const { groups, columns, heads } = picture
  const small = (/** @type {string} */ words) => measure(words, `${SIZE}px ${family}`)
  const bold = (/** @type {string} */ words) => measure(words, `600 12px ${family}`)
  const names = placeHeads(picture, width, small, bold)
  const { plot, pitch, nameWidth } = names
  const kernels = sizeKernels(picture, width, weighted, SEAM + TIME + nameWidth + 30, small)
  const { beside, heading } = kernels
  const across = beside ? width - kernels.width - SEAM : width

  const last = columns.length - 1
  const outputRadius = clamp(0.36 * pitch[last], 3.5, 10)
  const halfBox = outputRadius + clamp(0.25 * pitch[last], 2, 8)
  const right = across - nameWidth - halfBox - 8
  const x = (/** @type {number} */ place) => TIME + place * (right - TIME)
  const narrowest = (right - TIME) / (columns.length - 0.4)
  const xs = columns.map((_, depth) => x(groups.find(({ column }) => column === depth)?.x ?? 0))

  const above = header(columns, xs, small, 0, across)
  const below = footer(columns, xs, picture.more_heads, small, 0, across)
  const top = TITLE + LINE * Math.max(height(above), beside ? height(heading) : 1) + 4
  const y = (/** @type {number} */ place) => top + (1 - place) * plot
  const end = top + plot + LINE * height(below) + 8
  const gap = Math.min(0.3, ...heads.slice(1).map(({ output }, i) => least(groups[heads[i].output]) - groups[output].y))

  const shared = groups[picture.shared]
  const row = beside ? shared.step * plot : 19
  const first = end + LINE * height(heading) + 10
  const middles = beside
    ? placesOf(shared).map(y)
    : Array.from({ length: shared.count }, (_, i) => first + row * (i + 0.5))
  const kernelEnd = middles[middles.length - 1] + row / 2
  const left = (beside ? across + SEAM : 0) + NUMBERS
  const lines = (/** @type {string} */ words) => [
    ...wrap(words, small, (beside ? kernels.width : width) - NUMBERS),
    ...(picture.drawn ? [picture.drawn] : []),
  ]
  const captions = [...picture.sides.map((side) => side.kernel), picture.morph.kernel]
  const caption = LINE * Math.max(...captions.map((words) => lines(words).length)) + (weighted ? 30 : 4)
  return {
    ...names,
    top,
    bottom: top + plot,
    height: Math.ceil(Math.max(end, kernelEnd + caption)),
    family,
    x,
    xs,
    radius: ({ column }) =>
      column === last ? outputRadius : clamp(Math.min(0.34 * pitch[column], 0.3 * narrowest), 3, 7),
    neuron: (group, i) => [x(group.x), y(group.y - i * group.step)],
    halfBox,
    reach: clamp(0.5 * gap * plot - 1.5, outputRadius + 1, outputRadius + 10),
    above,
    below,
    kernel: {
      x: left,
      cell: kernels.cell,
      row,
      rows: middles,
      end: kernelEnd,
      apart: APART * kernels.cell,
      heading: heading.map((label) => ({ ...label, x: left + label.x })),
      lines,
      scale: kernelEnd + caption - 22,
    },
  }
}

/**
 * How high the plot is, so that the names of the heads have room, and what these names are.
 * @param {Picture} picture
 * @param {number} width
 * @param {Width} small
 * @param {Width} bold
 */
function placeHeads({ groups, heads, columns }, width, small, bold) {
  const nearest = closest(
    heads.map(({ output }) => (groups[output].y + least(groups[output])) / 2),
    1,
  )
  const plot = Math.max(PLOT, heads.length > 1 ? 14 / nearest : 0)
  const roomy = nearest * plot >= 34
  const inColumn = (/** @type {number} */ depth) => groups.filter(({ column }) => column === depth).flatMap(placesOf)
  const pitch = columns.map((_, depth) => closest(inColumn(depth), 0.25) * plot)
  const numbered = heads.length > 1
  const inside = numbered && 0.36 * pitch[columns.length - 1] >= 8
  const room = clamp(0.24 * width, 56, 110)
  const names = heads.map(({ title, output }, i) => {
    const more = roomy || !groups[output].more ? "" : ` … +${groups[output].more}`
    return shorten(`${numbered && !inside ? `${i + 1} ` : ""}${title}`, bold, room - bold(more)) + more
  })
  const seconds = heads.map(({ layer, output }) => {
    return layer + (groups[output].more ? ` … ${groups[output].more} more` : "")
  })
  const nameWidth = Math.max(...names.map(bold), ...(roomy ? seconds.map(small) : []))
  return { plot, pitch, roomy, inside, names, seconds, nameWidth }
}

/**
 * The places of the neurons of a group, from 1 downwards.
 * @param {Group} group
 */
const placesOf = ({ y, step, count }) => Array.from({ length: count }, (_, i) => y - i * step)

/** @param {Group} group */
const least = ({ y, step, count }) => y - (count - 1) * step

/**
 * The smallest distance between two places, at most `most`.
 * @param {number[]} places
 * @param {number} most
 */
function closest(places, most) {
  const sorted = places.toSorted((a, b) => a - b)
  return Math.min(most, ...sorted.slice(1).map((place, i) => place - sorted[i]))
}

/**
 * The size of the kernels in pixels (`cell` is the width of a cell), and the words above them from their left end: the
 * names of the heads, or their numbers if a name does not fit, placed as in one matrix.
 * @param {Picture} picture
 * @param {number} width
 * @param {boolean} weighted
 * @param {number} taken the width that a diagram beside them needs in addition to its columns
 * @param {Width} small
 */
function sizeKernels({ heads, groups, columns }, width, weighted, taken, small) {
  const counts = heads.map(({ first }) => groups[first].count)
  const units = counts.reduce((sum, count) => sum + count, 0) + APART * (counts.length - 1)
  const fitted = (/** @type {number} */ room) => clamp((room - NUMBERS - 2) / units, 5, WIDE)
  const widthOf = (/** @type {number} */ each) => Math.max(NUMBERS + units * each + 2, 116)
  const narrow = fitted((weighted ? 0.42 : 0.3) * width)
  const spacing = (width - widthOf(narrow) - taken) / (columns.length - 0.4)
  const beside = width >= 400 && narrow >= 8 && spacing >= 26
  const cell = beside ? narrow : fitted(width)
  const named = heads.every(({ title }, i) => small(title) <= counts[i] * cell - 3)
  let at = 0
  const labels = heads.map(({ title }, head) => {
    const x = at + (counts[head] * cell) / 2
    at += counts[head] * cell
    return { text: named ? title : heads.length > 1 ? String(head + 1) : "", x, head }
  })
  return { beside, cell, width: widthOf(cell), heading: rows(labels, small, -NUMBERS, widthOf(cell), 2) }
}

/**
 * The points of an edge. One that passes hidden layers of other heads runs level there, at the height of its own head.
 * @param {Layout} place
 * @param {Group} from
 * @param {number} i
 * @param {Group} to
 * @param {number} j
 * @returns {Point[]}
 */
export function route(place, from, i, to, j) {
  const start = place.neuron(from, i)
  const end = place.neuron(to, j)
  if (to.head === null || from.head !== null || to.column - from.column < 2) return [start, end]
  const level = end[1] + (i - (from.count - 1) / 2) * ((0.7 * to.step * place.plot) / Math.max(from.count, 2))
  const edge = 0.35 * (place.xs[from.column + 1] - start[0])
  return [start, [place.xs[from.column + 1] - edge / 2, level], [place.xs[to.column - 1] + edge / 2, level], end]
}

/** @param {number} value */
const fixed = (value) => Math.round(value * 100) / 100

/**
 * The path through the points of a route.
 * @param {Point[]} points
 */
export function curve(points) {
  const [[x0, y0], ...rest] = points.map((point) => point.map(fixed))
  if (rest.length === 1) return `M${x0} ${y0}L${rest[0][0]} ${rest[0][1]}`
  const [[x1, y1], [x2], [x3, y3]] = rest
  const [a, b] = [fixed((x0 + x1) / 2), fixed((x2 + x3) / 2)]
  return `M${x0} ${y0}C${a} ${y0} ${a} ${y1} ${x1} ${y1}H${x2}C${b} ${y1} ${b} ${y3} ${x3} ${y3}`
}

/**
 * The nearest edge to a point among those for which `lit` is true, if one is near.
 * @template {{ points?: Point[] }} Edge
 * @param {Edge[]} edges
 * @param {Point} point
 * @param {(edge: Edge) => boolean} lit
 * @returns {Edge | null}
 */
export function nearest(edges, point, lit) {
  let found = null
  let best = NEAR
  for (const edge of edges) {
    if (!edge.points || !lit(edge)) continue
    for (let k = 1; k < edge.points.length; k++) {
      const distance = toSegment(edge.points[k - 1], edge.points[k], point)
      if (distance < best) {
        best = distance
        found = edge
      }
    }
  }
  return found
}

/**
 * The distance of a point from the line between two others.
 * @param {Point} from
 * @param {Point} to
 * @param {Point} point
 */
function toSegment([x0, y0], [x1, y1], [x, y]) {
  const [dx, dy] = [x1 - x0, y1 - y0]
  const share = Math.min(Math.max(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1), 0), 1)
  return Math.hypot(x - x0 - share * dx, y - y0 - share * dy)
}
