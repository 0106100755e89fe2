// @ts-check
// The boxes around the output units, and their morph: one box narrows between the heads until it is a box for each head,
// and back. Only boxes, kernels and words change; no edge is touched.
import { mix } from "./colours.js"
import { reducedMotion } from "./dom.js"
import { clamp } from "./numbers.js"
import { set, svg } from "./svg.js"

/** @typedef {{ left: number, right: number, top: number, bottom: number }} Box */

const RADIUS = 7
const SPLIT = 0.6 // the time of the morph, from 0 to 1, at which the boxes separate
const SECONDS = 1.25 // of the morph
const POINTS = 12 // of each quarter of a box's outline

/**
 * The share of the time from `from` to `to` that has passed at `t`, eased at both ends (0 to 1).
 * @param {number} from
 * @param {number} to
 * @param {number} t
 */
export function smooth(from, to, t) {
  const share = clamp((t - from) / (to - from), 0, 1)
  return share * share * (3 - 2 * share)
}

/**
 * Rises from 0 to a little more than 1, and then falls to 1.
 * @param {number} share
 */
export const springy = (share) => 1 + 2.2 * (share - 1) ** 3 + 1.2 * (share - 1) ** 2

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
    this.#before = 0
    if (reducedMotion()) {
      this.t = goal
      this.#draw(goal, false)
    } else this.#request ||= requestAnimationFrame((now) => this.#tick(now))
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
    this.t = clamp(this.t + (this.goal === 1 ? passed : -passed) / SECONDS, 0, 1)
    const moving = this.t !== this.goal
    this.#request = moving ? requestAnimationFrame((later) => this.#tick(later)) : 0
    this.#draw(this.t, moving)
  }
}

/**
 * A box with its half of each neck between it and its neighbours, as paths: its walls, and its area.
 * @param {Box} box
 * @param {(number | null)[]} tips where the necks above and below are narrowest, null without a neighbour
 * @param {number} waist how narrow a neck is there: 0 as wide as a box, 1 closed
 * @param {number} tail how much of the necks is left, from 1 to 0
 */
export function outline({ left, right, top, bottom }, tips, waist, tail) {
  const [middle, half] = [(left + right) / 2, (right - left) / 2]
  const r = Math.min(RADIUS, half, (bottom - top) / 2)
  // From a wall round the corner to the middle of the edge at `y`, or along the neck to its tip: distances from the
  // middle, and heights. `way` is 1 for the lower edge.
  const quarter = (/** @type {number} */ y, /** @type {1 | -1} */ way, /** @type {number | null} */ tip) =>
    Array.from({ length: POINTS + 2 }, (_, k) => {
      const s = Math.min(k / POINTS, 1)
      const corner = [k > POINTS ? 0 : half - r * (1 - Math.sqrt(1 - s * s)), y - way * r * (1 - s)]
      if (tip === null) return corner
      const begin = y - way * RADIUS * waist
      const neck = [half * (1 - waist * smooth(0, 1, s)), begin + s * (tip - begin)]
      return corner.map((each, axis) => each + tail * (neck[axis] - each))
    })
  const down = [...quarter(top, -1, tips[0]).reverse(), ...quarter(bottom, 1, tips[1])]
  const wall = (/** @type {1 | -1} */ way) => down.map(([x, y]) => `${(middle + way * x).toFixed(2)} ${y.toFixed(2)}`)
  const [one, other] = [wall(1), wall(-1)]
  return { walls: `M${one.join("L")}M${other.join("L")}`, area: `M${[...one, ...other.reverse()].join("L")}Z` }
}

/**
 * The boxes of a side: their layer, and `draw`, which shows them at the time `t` of the morph: 0 is one box, 1 a box a head.
 * @param {(Box & { hue: string })[]} boxes
 * @param {string} neutral the colour of one box
 * @param {string} id that of the gradient from one hue to the next
 */
export function drawBoxes(boxes, neutral, id) {
  const last = boxes.length - 1
  const [start, end] = [boxes[0].top, boxes[last].bottom]
  const stops = boxes.flatMap(({ top, bottom, hue }) =>
    [top, bottom].map((y) => ({ stop: svg("stop", { offset: (y - start) / (end - start) }), hue })),
  )
  const line = { gradientUnits: "userSpaceOnUse", x1: 0, x2: 0, y1: start, y2: end }
  const gradient = svg("linearGradient", { id, ...line }, ...stops.map(({ stop }) => stop))
  const nodes = boxes.map(() => ({
    area: svg("path", { class: "box", fill: `url(#${id})` }),
    walls: svg("path", { class: "walls", stroke: `url(#${id})` }),
  }))
  const tips = boxes.slice(1).map(({ top }, i) => (top + boxes[i].bottom) / 2)
  return {
    layer: svg(
      "g",
      { class: "boxes" },
      svg("defs", {}, gradient),
      ...nodes.flatMap(({ area, walls }) => [area, walls]),
    ),
    draw(/** @type {number} */ t) {
      const flow = smooth(0.18, 0.55, t)
      for (const { stop, hue } of stops) set(stop, { "stop-color": mix(neutral, hue, flow) })
      // First the box stretches, as if someone pulled at both ends.
      const stretch = 7 * Math.sin(Math.PI * smooth(0, 0.5, t)) * (1 - smooth(0.5, SPLIT + 0.1, t))
      const waist = smooth(0.2, SPLIT, t) ** 1.5
      const tail = t < SPLIT ? 1 : 1 - springy((t - SPLIT) / (1 - SPLIT))
      boxes.forEach((box, i) => {
        const [top, bottom] = [box.top - (i ? 0 : stretch), box.bottom + (i < last ? 0 : stretch)]
        const paths = outline({ ...box, top, bottom }, [tips[i - 1] ?? null, tips[i] ?? null], waist, tail)
        set(nodes[i].area, { d: paths.area })
        set(nodes[i].walls, { d: paths.walls })
      })
    },
  }
}
