// @ts-check
// The boxes around the output units, as one outline that narrows between the heads until it is a box for each head.
import { mix } from "./colours.js"
import { jointOutline, singleOutline, smooth, springy } from "./diagram_outline.js"
import { set, svg } from "./svg.js"

/** @import { Layout } from "./diagram_layout.js" */
/** @import { Box } from "./diagram_outline.js" */
/** @import { Picture } from "./diagram_picture.js" */

const SPLIT = 0.6 // the `t` at which the boxes separate
const MORE = 7 // pixels below the last output unit if some are not drawn

/**
 * The drawn boxes, and the stops of the gradient from one hue to the next.
 * @typedef {object} Boxes
 * @property {SVGGElement} layer
 * @property {(Box & { hue: string })[]} boxes
 * @property {{ stop: SVGStopElement, hue: string }[]} stops
 * @property {number} lower pixels by which one box for all heads goes further down
 * @property {string} id that of the gradient
 * @property {string} neutral
 * @property {SVGPathElement[]} nodes
 */

/**
 * @param {Picture} picture
 * @param {Layout} place
 * @param {string} id
 * @returns {Boxes}
 */
export function create(picture, place, id) {
  const boxes = picture.heads.map(({ output, hue }) => {
    const group = picture.groups[output]
    const [x, top] = place.neuron(group, 0)
    const [, bottom] = place.neuron(group, group.count - 1)
    const [left, right] = [x - place.halfBox, x + place.halfBox]
    return { left, right, top: top - place.reach, bottom: bottom + place.reach, hue }
  })
  const [start, end] = [boxes[0].top, boxes[boxes.length - 1].bottom]
  const stops = boxes.flatMap(({ top, bottom, hue }) =>
    [top, bottom].map((y) => ({ stop: svg("stop", { offset: (y - start) / (end - start) }), hue })),
  )
  const line = { gradientUnits: "userSpaceOnUse", x1: 0, x2: 0, y1: start, y2: end }
  const gradient = svg("linearGradient", { id, ...line }, ...stops.map(({ stop }) => stop))
  const layer = svg("g", { class: "boxes", "aria-hidden": "true" }, svg("defs", {}, gradient))
  const lower = picture.more_heads ? MORE : 0
  return { layer, boxes, stops, lower, id, neutral: picture.colours.neutral, nodes: [] }
}

/**
 * Draws the boxes: `t` is 0 for one box, 1 for a box a head.
 * @param {Boxes} drawn
 * @param {number} t
 */
export function draw(drawn, t) {
  const { boxes, stops, neutral, id, lower } = drawn
  const flow = smooth(0.18, 0.55, t)
  for (const { stop, hue } of stops) set(stop, { "stop-color": mix(neutral, hue, flow) })
  // First the box stretches, as if someone pulled at both ends.
  const stretch = 7 * Math.sin(Math.PI * smooth(0, 0.5, t)) * (1 - smooth(0.5, SPLIT + 0.1, t))
  const placed = boxes.map((box, i) => ({
    ...box,
    top: box.top - (i === 0 ? stretch : 0),
    bottom: box.bottom + (i === boxes.length - 1 ? stretch + lower * (1 - flow) : 0),
  }))
  const one = t < SPLIT
  const nodes = nodesOf(drawn, one ? 1 : boxes.length)
  if (one) {
    const waist = smooth(0.2, SPLIT, t) ** 1.5
    set(nodes[0], { d: jointOutline(placed, waist), fill: `url(#${id})`, stroke: `url(#${id})` })
  } else {
    const tail = 1 - springy(Math.min((t - SPLIT) / (1 - SPLIT), 1))
    nodes.forEach((node, i) => {
      const { hue } = placed[i]
      set(node, { d: singleOutline(placed, i, tail), fill: hue, stroke: hue })
    })
  }
}

/**
 * @param {Boxes} drawn
 * @param {number} count
 */
function nodesOf(drawn, count) {
  if (drawn.nodes.length !== count) {
    for (const node of drawn.nodes) node.remove()
    drawn.nodes = Array.from({ length: count }, () => svg("path", { class: "box" }))
    drawn.layer.append(...drawn.nodes)
  }
  return drawn.nodes
}
