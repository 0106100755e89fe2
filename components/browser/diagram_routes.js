// @ts-check
// Where edges run, and which one is near a point.

/** @import { Group } from "./diagram_picture.js" */
/** @import { Layout } from "./diagram_layout.js" */

const NEAR = 5 // pixels from an edge within which the pointer is on it

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
