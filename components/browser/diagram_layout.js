// @ts-check
// Where everything stands, in pixels, in a side that is `width` wide. Python places neurons from 0 to 1.

import { footer, header, height, LINE, SIZE, shorten } from "./diagram_labels.js"
import { placeKernels, sizeKernels } from "./diagram_layout_kernels.js"
import { clamp } from "./numbers.js"

/** @import { Placed, Width } from "./diagram_labels.js" */
/** @import { Kernel } from "./diagram_layout_kernels.js" */
/** @import { Group, Picture } from "./diagram_picture.js" */

const TITLE = 22
const PLOT = 208
const TIME = 32 // the axis of time before the inputs
const SEAM = 18 // between diagram and kernels

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
  const { groups, columns } = picture
  const small = (/** @type {string} */ words) => measure(words, `${SIZE}px ${family}`)
  const bold = (/** @type {string} */ words) => measure(words, `600 12px ${family}`)
  const heads = placeHeads(picture, width, small, bold)
  const { plot, pitch, nameWidth } = heads
  const kernels = sizeKernels(picture, width, weighted, SEAM + TIME + nameWidth + 30)
  const across = kernels.beside ? width - kernels.width - SEAM : width

  const last = columns.length - 1
  const outputRadius = clamp(0.36 * pitch[last], 3.5, 10)
  const halfBox = outputRadius + clamp(0.25 * pitch[last], 2, 8)
  const right = across - nameWidth - halfBox - 8
  const x = (/** @type {number} */ place) => TIME + place * (right - TIME)
  const narrowest = (right - TIME) / (columns.length - 0.4)
  const xs = columns.map((_, depth) => x(groups.find(({ column }) => column === depth)?.x ?? 0))

  const above = header(columns, xs, small, 0, across)
  const below = footer(columns, xs, picture.more_heads, small, 0, across)
  const top = TITLE + LINE * Math.max(height(above), kernels.beside ? kernels.lines(small) : 1) + 4
  const y = (/** @type {number} */ place) => top + (1 - place) * plot
  const end = top + plot + LINE * height(below) + 8
  const kernel = placeKernels(picture, kernels, small, {
    left: kernels.beside ? across + SEAM : 0,
    room: kernels.beside ? kernels.width : width,
    end,
    y,
    plot,
    weighted,
  })
  return {
    top,
    bottom: top + plot,
    plot,
    height: Math.ceil(Math.max(end, kernel.bottom)),
    family,
    x,
    xs,
    radius: ({ column }) =>
      column === last ? outputRadius : clamp(Math.min(0.34 * pitch[column], 0.3 * narrowest), 3, 7),
    neuron: (group, i) => [x(group.x), y(group.y - i * group.step)],
    halfBox,
    reach: clamp(0.5 * gapBetween(picture) * plot - 1.5, outputRadius + 1, outputRadius + 10),
    names: heads.names,
    seconds: heads.seconds,
    roomy: heads.roomy,
    inside: heads.inside,
    above,
    below,
    kernel,
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
  const middles = heads.map(({ output }) => middleOf(groups[output]))
  const nearest = Math.min(1, ...middles.slice(1).map((middle, i) => middles[i] - middle))
  const plot = Math.max(PLOT, heads.length > 1 ? 14 / nearest : 0)
  const roomy = nearest * plot >= 34
  const pitch = columns.map((_, depth) => closest(groups.filter(({ column }) => column === depth)) * plot)
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

/** @param {Group} group */
const middleOf = ({ y, step, count }) => y - (step * (count - 1)) / 2

/**
 * The smallest distance between two neurons of a column.
 * @param {Group[]} groups
 */
function closest(groups) {
  const places = groups.flatMap(({ y, step, count }) => Array.from({ length: count }, (_, i) => y - i * step))
  places.sort((a, b) => a - b)
  return Math.min(0.25, ...places.slice(1).map((place, i) => place - places[i]))
}

/**
 * The smallest distance between the units of two heads.
 * @param {Picture} picture
 */
function gapBetween({ heads, groups }) {
  const spans = heads.map(({ output }) => groups[output]).map(({ y, step, count }) => [y, y - step * (count - 1)])
  return Math.min(0.3, ...spans.slice(1).map(([upper], i) => spans[i][1] - upper))
}
