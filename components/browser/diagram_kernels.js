// @ts-check
// The kernels that read the shared layer, as matrices: a row for each neuron, a column for each unit of a head.
import { ink, mix } from "./colours.js"
import { LINE, text } from "./diagram_labels.js"
import { narrow, short } from "./numbers.js"
import { set, svg } from "./svg.js"

/** @import { Edge, WeightOf } from "./diagram_edges.js" */
/** @import { Layout } from "./diagram_layout.js" */
/** @import { Picture } from "./diagram_picture.js" */

/** @typedef {{ node: SVGRectElement, words: SVGTextElement | null, edge: Edge }} Cell */
/** @typedef {{ node: SVGGElement, frame: SVGRectElement, h: number }} Block */
/**
 * The drawn kernels. `whole` is the frame around all of them, `numbers` the row numbers.
 * @typedef {object} Kernels
 * @property {SVGGElement} layer
 * @property {Block[]} blocks
 * @property {Cell[]} cells
 * @property {SVGRectElement} whole
 * @property {SVGGElement} numbers
 * @property {number} width
 */

/**
 * @param {Picture} picture
 * @param {Layout} place
 * @param {Edge[]} edges
 * @param {number | undefined} scale the largest weight, undefined without weights
 * @param {string} id
 * @returns {Kernels}
 */
export function draw(picture, place, edges, scale, id) {
  const { kernel } = place
  const top = kernel.rows[0] - kernel.row / 2
  /** @type {Cell[]} */
  const cells = []
  /** @type {Block[]} */
  const blocks = []
  let width = 0
  picture.heads.forEach((head, h) => {
    const own = edges.filter((edge) => edge.head === h && edge.source === picture.shared)
    const drawn = own.map((edge) => cellOf(place, edge, width, scale !== undefined))
    const wide = picture.groups[head.first].count * kernel.cell
    const look = { class: "frame", stroke: head.hue }
    const frame = svg("rect", { x: width, y: top, width: wide, height: kernel.end - top, ...look })
    const bar = svg("rect", { x: width + 1, y: top - 4, width: wide - 2, height: 2.5, fill: head.hue })
    const nodes = drawn.flatMap(({ node, words }) => (words ? [node, words] : [node]))
    const node = svg("g", {}, bar, ...nodes, frame)
    const label = kernel.heading[h]
    if (label.text) {
      const centre = { "text-anchor": "middle", class: "label" }
      node.append(text(label.text, width + wide / 2, top - 8 - label.row * LINE, centre))
    }
    cells.push(...drawn)
    blocks.push({ node, frame, h })
    width += wide
  })
  const border = { class: "frame", stroke: picture.colours.neutral }
  const whole = svg("rect", { y: top, height: kernel.end - top, ...border })
  const numbers = svg("g", {}, ...kernel.rows.map((y, i) => rowNumber(kernel.x - 6, y + 4, i)))
  const layer = svg("g", { "aria-hidden": "true", class: "kernels" }, ...blocks.map(({ node }) => node), whole, numbers)
  if (scale !== undefined) layer.append(...legend(picture, place, scale, id))
  return { layer, blocks, cells, whole, numbers, width }
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} i
 */
const rowNumber = (x, y, i) => text(String(i + 1), x, y, { "text-anchor": "end", class: "faint" })

/**
 * @param {Layout} place
 * @param {Edge} edge
 * @param {number} left that of the head's kernel
 * @param {boolean} weighted
 * @returns {Cell}
 */
function cellOf({ kernel }, edge, left, weighted) {
  const [width, height] = [kernel.cell - 1, kernel.row - 1]
  const [x, y] = [left + edge.j * kernel.cell + 0.5, kernel.rows[edge.i] - kernel.row / 2 + 0.5]
  const node = svg("rect", { x, y, width, height, class: "cell" })
  const roomy = weighted && kernel.cell >= 34 && kernel.row >= 14
  const look = { "text-anchor": "middle", class: "value" }
  return { node, words: roomy ? text("", x + width / 2, kernel.rows[edge.i] + 4, look) : null, edge }
}

/**
 * The colours of the weights, with both ends and zero.
 * @param {Picture} picture
 * @param {Layout} place
 * @param {number} scale
 * @param {string} id
 */
function legend({ colours }, { kernel }, scale, id) {
  const width = 84
  const { x, scale: y } = kernel
  const hues = [colours.negative, "var(--cell)", colours.positive]
  const stops = hues.map((hue, i) => svg("stop", { offset: i / 2, style: `stop-color: ${hue}` }))
  const gradient = svg("linearGradient", { id: `${id}-scale` }, ...stops)
  const bar = svg("rect", { x, y, width, height: 7, rx: 2, fill: `url(#${id}-scale)` })
  const anchors = ["start", "middle", "end"]
  const ends = [short(-scale), "0", short(scale)]
  const words = ends.map((end, i) => text(end, x + (i / 2) * width, y + 19, { "text-anchor": anchors[i] }))
  return [svg("defs", {}, gradient), bar, ...words]
}

/**
 * Places the columns as one matrix (0), as a kernel for each head (1), or between the two.
 * @param {Layout} place
 * @param {Kernels} drawn
 * @param {number} share
 */
export function part({ kernel }, drawn, share) {
  const still = 1 - share
  // One matrix is centred in the space that the separate kernels take.
  const shift = (kernel.apart * (drawn.blocks.length - 1)) / 2
  for (const { node, frame, h } of drawn.blocks) {
    const x = kernel.x + still * shift + share * kernel.apart * h
    set(node, { transform: `translate(${x.toFixed(2)} 0)` })
    set(frame, { "stroke-opacity": share.toFixed(3) })
  }
  set(drawn.numbers, { transform: `translate(${(still * shift).toFixed(2)} 0)` })
  set(drawn.whole, {
    x: kernel.x + still * shift - 0.5,
    width: drawn.width + 2 * (1 - still) * shift + 1,
    "stroke-opacity": still.toFixed(3),
  })
}

/**
 * Colours the cells: the hue of the head, or the weight. Cells that a focus leaves out are faint.
 * @param {Picture} picture
 * @param {Kernels} drawn
 * @param {{ between: WeightOf, shown: WeightOf, scale: number } | null} weights as they move, and as numbers show them
 * @param {(edge: Edge) => boolean} lit
 * @param {string} ground
 */
export function paint({ colours, heads }, drawn, weights, lit, ground) {
  for (const { node, words, edge } of drawn.cells) {
    const opacity = lit(edge) ? 1 : 0.18
    if (!weights) {
      set(node, { fill: heads[Number(edge.head)].hue, "fill-opacity": 0.8 * opacity })
      continue
    }
    const value = weights.between(edge)
    const size = Number.isNaN(value) ? 0 : Math.min(Math.abs(value) / weights.scale, 1)
    const colour = mix(ground, value < 0 ? colours.negative : colours.positive, 0.06 + 0.94 * size)
    set(node, { fill: colour, "fill-opacity": opacity })
    if (!words) continue
    const number = narrow(weights.shown(edge)) ?? ""
    if (words.textContent !== number) words.textContent = number
    set(words, { fill: lit(edge) ? ink(colour) : null, visibility: lit(edge) ? null : "hidden" })
  }
}
