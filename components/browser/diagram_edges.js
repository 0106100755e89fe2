// @ts-check
// The edges: one path each, or one for a whole block of the trunk as long as no weights are shown.
import { follows } from "./diagram_focus.js"
import { curve, route } from "./diagram_routes.js"
import { set, svg } from "./svg.js"

/** @import { Layout } from "./diagram_layout.js" */
/** @import { Focus, Picture } from "./diagram_picture.js" */

const MANY = 64 // if more edges lead into the heads, they are drawn finer, so that the last do not hide the others

/**
 * An edge, or a block of them. `at` is its place among the weights of a frame.
 * @typedef {object} Edge
 * @property {SVGPathElement} node
 * @property {Point[]} [points]
 * @property {number} source
 * @property {number} target
 * @property {number} i
 * @property {number} j
 * @property {number} at
 * @property {number | null} head
 * @property {boolean} lstm
 * @property {boolean} many
 * @property {string} [look]
 */
/** @typedef {(edge: Edge) => number} WeightOf */

/**
 * Draws the edges of one side, block by block. An edge ends at the middle of its neurons, which are drawn above it.
 * @param {Picture} picture
 * @param {Layout} place
 * @param {boolean} weighted
 */
export function draw({ blocks, groups }, place, weighted) {
  const into = blocks.map(([source, target]) =>
    groups[target].head === null ? 0 : groups[source].count * groups[target].count,
  )
  const many = into.reduce((sum, count) => sum + count, 0) > MANY
  /** @type {Edge[]} */
  const edges = []
  let at = 0
  for (const [source, target] of blocks) {
    const [from, to] = [groups[source], groups[target]]
    const block = { source, target, head: to.head, lstm: to.kind === "LSTM", many }
    const routes = []
    for (let i = 0; i < from.count; i++) {
      for (let j = 0; j < to.count; j++, at++) routes.push({ i, j, at, points: route(place, from, i, to, j) })
    }
    if (weighted || to.head !== null) {
      for (const each of routes) edges.push({ ...block, ...each, node: path(curve(each.points)) })
    } else {
      const whole = routes.map(({ points }) => curve(points)).join("")
      edges.push({ ...block, i: -1, j: -1, at: -1, node: path(whole) })
    }
  }
  const nodes = (/** @type {boolean} */ trunk) =>
    edges.filter(({ head }) => (head === null) === trunk).map(({ node }) => node)
  const look = { fill: "none", "stroke-linecap": "round", "aria-hidden": "true" }
  const layer = svg("g", look, svg("g", { class: "trunk" }, ...nodes(true)), svg("g", {}, ...nodes(false)))
  return { layer, edges }
}

/** @param {string} d */
const path = (d) => svg("path", { d, class: "edge" })

/**
 * Colours and widens all edges. `scale` is the weight of the widest edge.
 * @param {Picture} picture
 * @param {Edge[]} edges
 * @param {Focus | null} focus
 * @param {WeightOf | null} weight
 * @param {number} scale
 */
export function paint(picture, edges, focus, weight, scale) {
  for (const edge of edges) {
    const lit = follows(picture, edge, focus)
    const { colour, width, opacity } = !lit
      ? faint(picture, edge)
      : weight
        ? weighted(picture, edge, weight(edge), scale, focus !== null)
        : plain(picture, edge, focus !== null)
    const look = `${colour} ${width.toFixed(2)} ${opacity.toFixed(2)}`
    if (edge.look === look) continue
    edge.look = look
    set(edge.node, { stroke: colour, "stroke-width": width.toFixed(2), "stroke-opacity": opacity.toFixed(2) })
  }
}

/**
 * An edge that the focus leaves out.
 * @param {Picture} picture
 * @param {Edge} edge
 */
const faint = ({ colours }, { head }) => ({ colour: colours.neutral, width: 0.7, opacity: head === null ? 0.14 : 0.12 })

/**
 * An edge without a weight.
 * @param {Picture} picture
 * @param {Edge} edge
 * @param {boolean} focused
 */
function plain({ colours, heads }, { head, many }, focused) {
  if (head === null) return { colour: colours.neutral, width: 0.8, opacity: 0.26 }
  const colour = heads[head].hue
  if (focused) return { colour, width: 2.4, opacity: 1 }
  return many ? { colour, width: 1, opacity: 0.5 } : { colour, width: 1.6, opacity: 0.85 }
}

/**
 * @param {Picture} picture
 * @param {Edge} edge
 * @param {number} value
 * @param {number} scale
 * @param {boolean} focused
 */
function weighted({ colours }, { head, lstm, many }, value, scale, focused) {
  const size = Number.isNaN(value) ? 0 : Math.min(Math.abs(value) / scale, 1)
  const signed = value < 0 ? colours.negative : colours.positive
  const colour = lstm || Number.isNaN(value) ? colours.neutral : signed
  const strong = Math.min(2 * size, 1)
  if (head === null) return { colour, width: 0.5 + 1.4 * size, opacity: 0.13 + 0.4 * size }
  if (focused) return { colour, width: 0.9 + 3.2 * size, opacity: 0.6 + 0.4 * strong }
  if (many) return { colour, width: 0.6 + 1.2 * size, opacity: 0.3 + 0.6 * size }
  return { colour, width: 0.6 + 3.2 * size, opacity: 0.35 + 0.65 * strong }
}
