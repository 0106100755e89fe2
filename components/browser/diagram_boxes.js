// @ts-check
// The boxes around the output units, and their morph: one box narrows between the heads until it is a box for each head,
// and back. Only boxes, kernels and words change; no edge is touched.
import { mix } from "./colours.js"
import { reducedMotion } from "./dom.js"
import { set, svg } from "./svg.js"

/** @import { Layout } from "./diagram_layout.js" */
/** @import { Picture } from "./diagram_picture.js" */

/** @typedef {{ left: number, right: number, top: number, bottom: number }} Box */

const RADIUS = 7
const SPLIT = 0.6 // the time of the morph, from 0 to 1, at which the boxes separate
const MORE = 7 // pixels below the last output unit if some are not drawn
const SECONDS = 1.25 // of the morph

/**
 * The share of the time from `from` to `to` that has passed at `t`, eased at both ends (0 to 1).
 * @param {number} from
 * @param {number} to
 * @param {number} t
 */
export function smooth(from, to, t) {
  const share = Math.min(Math.max((t - from) / (to - from), 0), 1)
  return share * share * (3 - 2 * share)
}

/**
 * Rises from 0 to a little more than 1, and then falls to 1.
 * @param {number} share
 */
export const springy = (share) => 1 + 2.2 * (share - 1) ** 3 + 1.2 * (share - 1) ** 2

/** The state of each part at the time t, both from 0 to 1. */
export const parts = {
  kernels: (/** @type {number} */ t) => smooth(0.22, 0.9, t),
  words: (/** @type {number} */ t) => smooth(0.35, 0.75, t),
  glow: (/** @type {number} */ t) => Math.sin(Math.PI * smooth(0, 1, t)),
}

/** Calls `draw(t, moving)` at each frame from the present t to 0 or 1. Another `go` on the way may reverse it. */
export class Morph {
  #request = 0
  #before = 0
  #draw

  /**
   * @param {0 | 1} start
   * @param {(t: number, moving: boolean) => void} draw
   */
  constructor(start, draw) {
    /** @type {number} */
    this.t = start
    this.goal = start
    this.#draw = draw
  }

  /** @param {0 | 1} goal */
  go(goal) {
    this.goal = goal
    if (reducedMotion()) {
      this.t = goal
      this.#draw(goal, false)
    } else if (!this.#request) {
      this.#before = 0
      this.#request = requestAnimationFrame((now) => this.#tick(now))
    }
  }

  turn() {
    this.go(this.goal === 1 ? 0 : 1)
  }

  stop() {
    cancelAnimationFrame(this.#request)
  }

  /** @param {number} now */
  #tick(now) {
    const passed = this.#before ? Math.min(now - this.#before, 50) / 1000 : 0
    this.#before = now
    const { t, goal } = this
    this.t = goal > t ? Math.min(t + passed / SECONDS, goal) : Math.max(t - passed / SECONDS, goal)
    const moving = this.t !== goal
    this.#request = moving ? requestAnimationFrame((later) => this.#tick(later)) : 0
    this.#draw(this.t, moving)
  }
}

/**
 * A box with its half of each neck between it and its neighbours, as paths: its walls, and its area.
 * @param {Box[]} boxes
 * @param {number} i
 * @param {number} waist how narrow a neck is where it is narrowest: 0 as wide as a box, 1 closed
 * @param {number} tail how much of the necks is left, from 1 to 0
 */
export function outline(boxes, i, waist, tail) {
  const { left, right, top, bottom } = boxes[i]
  const middle = (left + right) / 2
  const r = Math.min(RADIUS, (right - left) / 2, (bottom - top) / 2)
  /**
   * A quarter of the box as the points of two curves: from its wall at `x` round the corner to the middle of its edge at
   * `y` (`way` is 1 for the lower edge). With a neck it ends at `tip`, where the neck is narrowest.
   * @param {number} x
   * @param {readonly [y: number, way: number, tip: number | null]} end
   * @returns {Point[]}
   */
  const quarter = (x, [y, way, tip]) => {
    const inward = Math.sign(middle - x)
    /** @type {[Point, Point]} */
    const [corner, centre] = [
      [x + inward * r, y],
      [middle, y],
    ]
    /** @type {Point[]} */
    const round = [
      [x, y - way * r],
      [x, y - way * 0.45 * r],
      [x + inward * 0.55 * r, y],
      corner,
      between(corner, centre, 1 / 3),
      between(corner, centre, 2 / 3),
      centre,
    ]
    if (tip === null) return round
    const soft = 0.75 * way * Math.abs(tip - y)
    const narrowed = x + (middle - x) * waist
    const neck = halveCurve(
      [x, y - way * RADIUS * waist],
      [x, y + soft * (1 - waist)],
      [narrowed, tip - 0.9 * soft],
      [narrowed, tip],
    )
    return round.map((point, k) => between(point, neck[k], tail))
  }
  const upper = /** @type {const} */ ([top, -1, i > 0 ? (top + boxes[i - 1].bottom) / 2 : null])
  const lower = /** @type {const} */ ([bottom, 1, i < boxes.length - 1 ? (bottom + boxes[i + 1].top) / 2 : null])
  const down = `${curve(quarter(right, upper).reverse())}L${curve(quarter(right, lower))}`
  const up = `${curve(quarter(left, lower).reverse())}L${curve(quarter(left, upper))}`
  return { walls: `M${down}M${up}`, area: `M${down}L${up}Z` }
}

/** @param {Point[]} points */
const curve = ([start, ...points]) => `${join(start)}C${join(points.flat())}`

/** @param {number[]} values */
const join = (values) => values.map((value) => value.toFixed(2)).join(" ")

/**
 * @param {Point} from
 * @param {Point} to
 * @param {number} share
 * @returns {Point}
 */
const between = ([x0, y0], [x1, y1], share) => [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share]

/**
 * A cubic Bézier curve as the seven points of two, divided at its middle (de Casteljau's algorithm).
 * @param {Point} a
 * @param {Point} b
 * @param {Point} c
 * @param {Point} d
 */
function halveCurve(a, b, c, d) {
  const [ab, bc, cd] = [between(a, b, 0.5), between(b, c, 0.5), between(c, d, 0.5)]
  const [abc, bcd] = [between(ab, bc, 0.5), between(bc, cd, 0.5)]
  return [a, ab, abc, between(abc, bcd, 0.5), bcd, cd, d]
}

/**
 * The boxes of a side: their layer, and `draw`, which shows them at the time `t` of the morph: 0 is one box, 1 a box a head.
 * @param {Picture} picture
 * @param {Layout} place
 * @param {string} id that of the gradient from one hue to the next
 */
export function draw({ groups, heads, colours, more_heads }, place, id) {
  const boxes = heads.map(({ output }) => {
    const group = groups[output]
    const [x, top] = place.neuron(group, 0)
    const [, bottom] = place.neuron(group, group.count - 1)
    const [left, right] = [x - place.halfBox, x + place.halfBox]
    return { left, right, top: top - place.reach, bottom: bottom + place.reach }
  })
  const last = boxes.length - 1
  const [start, end] = [boxes[0].top, boxes[last].bottom]
  const stops = boxes.flatMap(({ top, bottom }, i) =>
    [top, bottom].map((y) => ({ stop: svg("stop", { offset: (y - start) / (end - start) }), hue: heads[i].hue })),
  )
  const line = { gradientUnits: "userSpaceOnUse", x1: 0, x2: 0, y1: start, y2: end }
  const gradient = svg("linearGradient", { id, ...line }, ...stops.map(({ stop }) => stop))
  const nodes = boxes.map(() => ({
    area: svg("path", { class: "box", fill: `url(#${id})` }),
    walls: svg("path", { class: "walls", stroke: `url(#${id})` }),
  }))
  const drawn = nodes.flatMap(({ area, walls }) => [area, walls])
  return {
    layer: svg("g", { class: "boxes", "aria-hidden": "true" }, svg("defs", {}, gradient), ...drawn),
    draw(/** @type {number} */ t) {
      const flow = smooth(0.18, 0.55, t)
      for (const { stop, hue } of stops) set(stop, { "stop-color": mix(colours.neutral, hue, flow) })
      // First the box stretches, as if someone pulled at both ends.
      const stretch = 7 * Math.sin(Math.PI * smooth(0, 0.5, t)) * (1 - smooth(0.5, SPLIT + 0.1, t))
      const lower = more_heads ? MORE * (1 - flow) : 0
      const placed = boxes.map((box, i) => ({
        ...box,
        top: box.top - (i === 0 ? stretch : 0),
        bottom: box.bottom + (i === last ? stretch + lower : 0),
      }))
      const waist = smooth(0.2, SPLIT, t) ** 1.5
      const tail = t < SPLIT ? 1 : 1 - springy((t - SPLIT) / (1 - SPLIT))
      nodes.forEach(({ area, walls }, i) => {
        const paths = outline(placed, i, waist, tail)
        set(area, { d: paths.area })
        set(walls, { d: paths.walls })
      })
    },
  }
}
