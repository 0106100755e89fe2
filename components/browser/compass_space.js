// @ts-check
// The compass of three heads, in 3D: arrows over the plane of A and B. Dragging or arrow keys rotate the picture.

import { drawLabels } from "./compass_labels.js"
import { arrow } from "./compass_shapes.js"
import { clamp, radians } from "./numbers.js"
import { set, svg, widthOf } from "./svg.js"

/** @import { Picture, Shown } from "./compass_types.js" */

/** @typedef {{ yaw: number, pitch: number }} Look degrees: from where the picture is seen */
/** @typedef {{ at: number[], colour: string, width: number, title: string, dash?: string, method?: boolean }} Arrow */
/** @typedef {(vector: number[]) => Point} Projection */

const FIRST = { yaw: 20, pitch: 55 } // from in front and above
const LARGEST = 1.8 // times the size at which the longest arrow fits in all directions
/** @type {Record<string, [yaw: number, pitch: number]>} */
const KEYS = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, 5], ArrowDown: [0, -5] }

/**
 * A projection to the screen: how far a vector is to the right and up, as seen from `look`.
 * @param {Look} look
 * @returns {Projection}
 */
export function seenFrom(look) {
  const [yaw, pitch] = [radians(look.yaw), radians(look.pitch)]
  return ([x, y, z]) => {
    const away = x * Math.sin(yaw) + y * Math.cos(yaw)
    return [x * Math.cos(yaw) - y * Math.sin(yaw), away * Math.sin(pitch) + z * Math.cos(pitch)]
  }
}

/**
 * The scale at which all vectors fit, and the place of the origin that puts them into the middle of the picture.
 * @param {number[][]} vectors
 * @param {Projection} seen
 * @param {number} width
 * @param {number} height
 * @returns {{ scale: number, origin: Point }}
 */
export function fitting(vectors, seen, width, height) {
  const reach = Math.max(...vectors.map((each) => Math.hypot(...each)))
  const [across, up] = [0, 1].map((part) => [0, ...vectors.map((each) => seen(each)[part])])
  const span = (/** @type {number[]} */ values) => Math.max(...values) - Math.min(...values)
  const middle = (/** @type {number[]} */ values) => (Math.max(...values) + Math.min(...values)) / 2
  const [roomX, roomY] = [width - 140, height - 76]
  const largest = (LARGEST * Math.min(roomX, roomY)) / (2 * reach)
  const scale = Math.min(roomX / span(across), roomY / span(up), largest)
  return { scale, origin: [width / 2 - scale * middle(across), height / 2 + scale * middle(up)] }
}

/** @implements {Picture} */
export class Space {
  #floor = svg("g", { "aria-hidden": "true" })
  #arrows = svg("g", { "aria-hidden": "true" })
  #names = svg("g", { "aria-hidden": "true" })
  /** @type {Look} */
  #look = { ...FIRST }
  /** @type {(Look & { x: number, y: number }) | null} */
  #held = null
  #root
  #now

  /**
   * @param {SVGSVGElement} root
   * @param {Shown} now
   */
  constructor(root, now) {
    this.#root = root
    this.#now = now
    set(root, { tabindex: 0 }).replaceChildren(this.#floor, this.#arrows, this.#names)
    root.onpointerdown = (event) => {
      if (event.button) return
      root.setPointerCapture(event.pointerId)
      this.#held = { x: event.clientX, y: event.clientY, ...this.#look }
    }
    root.onpointermove = ({ clientX, clientY }) => {
      const held = this.#held
      if (held) this.#turn(held.yaw + (clientX - held.x) / 2, held.pitch + (clientY - held.y) / 2)
    }
    root.onpointerup = root.onpointercancel = () => {
      this.#held = null
    }
    root.onkeydown = (event) => {
      const by = KEYS[event.key]
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      this.#turn(this.#look.yaw + by[0], this.#look.pitch + by[1])
    }
  }

  /** @param {Shown} next */
  show(next) {
    this.#now = next
    this.#paint()
  }

  leave() {
    const root = set(this.#root, { tabindex: null })
    root.onpointerdown = root.onpointermove = root.onpointerup = root.onpointercancel = root.onkeydown = null
  }

  /**
   * @param {number} yaw
   * @param {number} pitch
   */
  #turn(yaw, pitch) {
    this.#look = { yaw, pitch: clamp(pitch, -90, 90) }
    this.#paint()
  }

  #paint() {
    const { gradients, heads, steps, width, height, family } = this.#now
    const drawn = steps.filter((step) => !step.still)
    const seen = seenFrom(this.#look)
    const vectors = [...gradients, ...drawn.map(({ at }) => at)]
    const { scale, origin } = fitting(vectors, seen, width, height)
    const [cx, cy] = origin
    /** @type {Projection} */
    const placed = (vector) => {
      const [across, up] = seen(vector)
      return [cx + scale * across, cy - scale * up]
    }
    /** @type {Arrow[]} */
    const all = [
      ...gradients.map((at, i) => ({ at, colour: heads[i].colour, width: 7, title: `head ${heads[i].name}` })),
      ...drawn.map(({ at, colour, dash, title }) => ({ at, colour, dash, width: 3, title, method: true })),
    ]
    this.#paintFloor(all, scale, origin, placed)
    this.#arrows.replaceChildren(
      ...all.map(({ at, ...look }) => arrow(origin, placed(at), look)),
      svg("circle", { cx, cy, r: 4, class: "origin" }),
    )
    const labels = all.map(({ at, title, method }) => {
      const [x, y] = placed(at)
      const length = Math.hypot(x - cx, y - cy) || 1
      return { words: title, x, y, dx: (x - cx) / length, dy: (cy - y) / length, method }
    })
    const wide = (/** @type {string} */ words) => widthOf(words, `600 13px ${family}`)
    this.#names.replaceChildren(...drawLabels(labels, wide, width, height))
  }

  /**
   * Draws the plane of A and B as a disc, and from each tip above or below it a line to it.
   * @param {Arrow[]} all
   * @param {number} scale
   * @param {Point} origin
   * @param {Projection} placed
   */
  #paintFloor(all, scale, [cx, cy], placed) {
    const longest = Math.max(...this.#now.gradients.map((each) => Math.hypot(...each)))
    const [rx, flat] = [scale * longest, Math.abs(Math.sin(radians(this.#look.pitch)))]
    const disc = svg("ellipse", { cx, cy, rx, ry: rx * flat, class: "floor" })
    const far = all.filter(({ at }) => Math.abs(at[2]) * scale > 5)
    const drops = far.map(({ at }) => {
      return svg("path", { d: `M${placed(at)}L${placed([at[0], at[1], 0])}L${cx} ${cy}`, class: "drop" })
    })
    this.#floor.replaceChildren(disc, ...drops)
  }
}
