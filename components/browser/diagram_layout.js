// Where everything stands, in pixels, in a side that is `width` wide. Python places neurons from 0 to 1.
const { widthOf, shortened } = twoHeads.svg
const { header, footer, height, rows, wrapped, SIZE } = twoHeads.diagram.labels

const LINE = 15
const TITLE = 22
const PLOT = 208
const TIME = 32 // the axis of time before the inputs
const APART = 0.32 // the gap between two kernels, in cells
const SEAM = 18 // between diagram and kernels
const ROW_NUMBERS = 20
const WIDE = 36 // a cell in which a number fits

const clamp = (value, low, high) => Math.min(Math.max(value, low), high)

function layout(picture, width, weighted, family) {
  const font = `${SIZE}px ${family}`
  const bold = `600 12px ${family}`
  const { groups, heads, columns } = picture
  const last = columns.length - 1

  // Names of the heads.
  const middles = heads.map(({ output }) => groups[output].y - (groups[output].step * (groups[output].count - 1)) / 2)
  const nearest = Math.min(1, ...middles.slice(1).map((middle, i) => middles[i] - middle))
  const plot = Math.max(PLOT, heads.length > 1 ? 14 / nearest : 0)
  const roomy = nearest * plot >= 34
  const pitch = columns.map((_, depth) => closest(groups.filter(({ column }) => column === depth)) * plot)
  const numbered = heads.length > 1
  const inside = numbered && 0.36 * pitch[last] >= 8
  const room = clamp(0.24 * width, 56, 110)
  const names = heads.map(({ title, output }, i) => {
    const more = roomy || !groups[output].more ? "" : ` … +${groups[output].more}`
    return shortened(`${numbered && !inside ? `${i + 1} ` : ""}${title}`, bold, room - widthOf(more, bold)) + more
  })
  const seconds = heads.map(({ layer, output }) => layer + (groups[output].more ? ` … ${groups[output].more} more` : ""))
  const nameWidth = Math.max(...names.map((name) => widthOf(name, bold)), ...(roomy ? seconds.map((words) => widthOf(words, font)) : []))

  // Kernels: beside the diagram where both have room, otherwise below it.
  const counts = heads.map(({ first }) => groups[first].count)
  const units = counts.reduce((sum, count) => sum + count, 0) + APART * (heads.length - 1)
  const fitted = (room) => clamp((room - ROW_NUMBERS - 2) / units, 5, WIDE)
  let cell = fitted((weighted ? 0.42 : 0.3) * width)
  let kernelWidth = Math.max(ROW_NUMBERS + units * cell + 2, 116)
  const spacing = (width - kernelWidth - SEAM - TIME - nameWidth - 30) / (columns.length - 0.4)
  const beside = width >= 400 && cell >= 8 && spacing >= 26
  if (!beside) {
    cell = fitted(width)
    kernelWidth = Math.max(ROW_NUMBERS + units * cell + 2, 116)
  }
  const across = beside ? width - kernelWidth - SEAM : width

  // Columns and rows of neurons.
  const outputRadius = clamp(0.36 * pitch[last], 3.5, 10)
  const halfBox = outputRadius + clamp(0.25 * pitch[last], 2, 8)
  const right = across - nameWidth - halfBox - 8
  const x = (place) => TIME + place * (right - TIME)
  const narrowest = (right - TIME) / (columns.length - 0.4)
  const radius = (group) => (group.column === last ? outputRadius : clamp(Math.min(0.34 * pitch[group.column], 0.3 * narrowest), 3, 7))
  const xs = columns.map((_, depth) => x(groups.find(({ column }) => column === depth).x))

  const above = header(columns, xs, font, 0, across)
  const below = footer(columns, xs, picture.more_heads, font, 0, across)
  const kernel = { cell, width: kernelWidth, beside, apart: APART * cell, numbers: ROW_NUMBERS }
  kernel.named = heads.every(({ title }, i) => widthOf(title, font) <= counts[i] * cell - 3)
  const heading = kernelHeading(kernel, heads, counts, font)
  const top = TITLE + LINE * Math.max(height(above), beside ? height(heading) : 1) + 4
  const bottom = top + plot
  const y = (place) => top + (1 - place) * plot
  const end = bottom + LINE * height(below) + 8

  const shared = groups[picture.shared]
  const step = beside ? shared.step * plot : 19
  kernel.row = step
  kernel.rows = Array.from({ length: shared.count }, (_, i) =>
    beside ? y(shared.y - i * shared.step) : end + LINE * height(heading) + 10 + step * (i + 0.5))
  kernel.x = beside ? across + SEAM + ROW_NUMBERS : ROW_NUMBERS
  kernel.heading = heading.map((label) => ({ ...label, x: kernel.x + label.x }))
  kernel.room = (beside ? kernelWidth : width) - ROW_NUMBERS
  const words = [...picture.sides.map((side) => side.kernel), picture.morph.kernel]
  kernel.lines = (text) => [...wrapped(text, font, kernel.room), ...(picture.drawn ? [picture.drawn] : [])]
  kernel.end = kernel.rows.at(-1) + kernel.row / 2
  const caption = LINE * Math.max(...words.map((text) => kernel.lines(text).length)) + (weighted ? 30 : 4)
  kernel.scale = kernel.end + caption - 30 + 8

  return {
    width, across, top, bottom, plot, x, y, xs, radius, halfBox, names, seconds, roomy, inside, above, below, kernel, font, family, LINE, TITLE,
    height: Math.ceil(Math.max(end, kernel.end + caption)),
    neuron: (group, i) => [x(group.x), y(group.y - i * group.step)],
    reach: clamp(0.5 * gapBetween(picture) * plot - 1.5, outputRadius + 1, outputRadius + 10),
  }
}

// The smallest distance between two neurons of a column.
function closest(groups) {
  const places = groups.flatMap(({ y, step, count }) => Array.from({ length: count }, (_, i) => y - i * step)).sort((a, b) => a - b)
  return Math.min(0.25, ...places.slice(1).map((place, i) => place - places[i]))
}

// The smallest distance between the outputs of two heads.
function gapBetween({ heads, groups }) {
  const spans = heads.map(({ output }) => groups[output]).map(({ y, step, count }) => [y, y - step * (count - 1)])
  return Math.min(0.3, ...spans.slice(1).map(([upper], i) => spans[i][1] - upper))
}

// Above the kernels: the names of the heads, or their numbers where a name does not fit, as far apart as in one matrix.
function kernelHeading(kernel, heads, counts, font) {
  let at = 0
  const labels = heads.map(({ title }, i) => {
    const middle = at + (counts[i] * kernel.cell) / 2
    at += counts[i] * kernel.cell
    return { text: kernel.named ? title : heads.length > 1 ? String(i + 1) : "", x: middle, head: i }
  })
  return rows(labels, font, -kernel.numbers, kernel.width, 2)
}

twoHeads.diagram.layout = layout
