// @ts-check
// The compass in the plane of the gradients of A and B: half-planes, arrows, and tips to drag or to move by keys. The
// shadows of a third head and of the steps on this plane decide what they do to the losses of A and B.

import { fitting, gradients, handleOf, lengthOf, placed, polar, regions, valuesOfDrag } from "./compass_geometry.js"
import { drawLabels } from "./compass_labels.js"
import { arc, arrow, half } from "./compass_shapes.js"
import { reducedMotion } from "./dom.js"
import { clamp, radians } from "./numbers.js"
import { set, svg, widthOf } from "./svg.js"

/** @import { Held } from "./compass_geometry.js" */
/** @import { Label, Shown } from "./compass_types.js" */

const FOOT = 62 // pixels below the origin
const TURN = 280 // milliseconds in which the picture turns and scales back after a drag
/** @type {Record<string, [turn: number, lengthen: number]>} */
const KEYS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }

/** @typedef {{ angle: number, ratio: number }} Values */

export class Plane {
  #shades = svg("g", { class: "shades", "aria-hidden": "true" })
  #regions = svg("g", { "aria-hidden": "true" })
  #arrows = svg("g", { "aria-hidden": "true" })
  #names = svg("g", { "aria-hidden": "true" })
  #scale = 0
  #turned = 0 // degrees by which the picture is turned while A's tip is dragged
  #running = 0
  /** @type {Held | null} */
  #held = null
  #root
  #move
  #rest
  #now
  #handles

  /**
   * @param {SVGSVGElement} root
   * @param {Shown} now
   * @param {(values: Values) => void} move takes the new angle and ratio
   * @param {() => void} rest says that the visitor has let go
   */
  constructor(root, now, move, rest) {
    this.#root = root
    this.#now = now
    this.#move = move
    this.#rest = rest
    this.#handles = [0, 1].map((index) => this.#handle(index))
    root.replaceChildren(this.#shades, this.#regions, this.#arrows, this.#names, ...this.#handles)
  }

  /** @param {Shown} next */
  show(next) {
    this.#now = next
    if (!this.#held && !this.#running) {
      this.#turned = 0
      this.#scale = this.#fitting()
    }
    this.#paint()
  }

  leave() {
    this.#stop()
  }

  #stop() {
    cancelAnimationFrame(this.#running)
    this.#running = 0
  }

  /** @param {number} index */
  #handle(index) {
    const text = svg("text", { "text-anchor": "middle", "dominant-baseline": "central" })
    const rings = [svg("circle", { r: 22, class: "reach" }), svg("circle", { r: 11, class: "ring" })]
    const slider = { tabindex: "0", role: "slider", "aria-valuemin": 0, "aria-valuemax": 180 }
    const node = svg("g", { class: "tip", ...slider }, ...rings, text)
    node.addEventListener("pointerdown", (event) => {
      if (event.button) return
      event.preventDefault()
      node.setPointerCapture(event.pointerId)
      node.focus({ preventScroll: true })
      this.#take(index, event)
    })
    node.addEventListener("pointermove", (event) => {
      if (this.#held?.index === index) this.#drag(this.#held, event)
    })
    const drop = () => {
      if (this.#held?.index !== index) return
      this.#held = null
      this.#settle()
      this.#rest()
    }
    for (const kind of ["pointerup", "pointercancel", "lostpointercapture"]) node.addEventListener(kind, drop)
    node.addEventListener("keydown", (event) => this.#pressed(event, index))
    return node
  }

  /** @returns {Point} */
  get #origin() {
    return [this.#now.width / 2, this.#now.height - FOOT]
  }

  get #frame() {
    const { width, height } = this.#now
    return { width, height, origin: this.#origin }
  }

  /**
   * The bearings of both heads, as seen.
   * @returns {[number, number]}
   */
  get #bearings() {
    return [this.#turned, this.#turned + this.#now.angle]
  }

  /** @param {PointerEvent} event */
  #polar(event) {
    const box = this.#root.getBoundingClientRect()
    return polar([event.clientX - box.left, event.clientY - box.top], this.#frame)
  }

  /**
   * @param {number} index
   * @param {PointerEvent} event
   */
  #take(index, event) {
    this.#stop()
    const [, distance] = this.#polar(event)
    const other = this.#bearings[1 - index]
    this.#held = { index, radius: lengthOf(distance), ratio: this.#now.ratio, scale: this.#scale, other }
  }

  /**
   * @param {Held} held
   * @param {PointerEvent} event
   */
  #drag(held, event) {
    this.#move(valuesOfDrag(held, this.#polar(event)))
    if (held.index === 1) return
    this.#turned = held.other - this.#now.angle
    this.#scale = held.scale * (held.ratio / this.#now.ratio)
    this.#paint()
  }

  /**
   * Left and right turn a tip, as seen; up and down make its arrow longer and shorter.
   * @param {KeyboardEvent} event
   * @param {number} index
   */
  #pressed(event, index) {
    const key = KEYS[event.key]
    if (!key || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const by = (index ? 1 : -1) * (event.shiftKey ? 5 : 1)
    const { angle, ratio } = this.#now
    this.#move({ angle: angle + by * key[0], ratio: ratio * 10 ** (0.05 * by * key[1]) })
  }

  /** The scale at which everything fits. */
  #fitting() {
    const { angle, ratio, steps, third } = this.#now
    const [ox, oy] = this.#origin
    const vectors = [...gradients(angle, ratio), ...steps.map(({ at }) => at), ...(third ? [third] : [])]
    return fitting(vectors, [ox - 40, ox - 40, oy - 54, FOOT - 16])
  }

  /** After a drag the picture turns and scales back softly, so that A lies level again and everything fits. */
  #settle() {
    this.#stop()
    const [from, wide, begun] = [this.#turned, this.#scale, performance.now()]
    const frame = (/** @type {number} */ time) => {
      const t = reducedMotion() ? 1 : clamp((time - begun) / TURN, 0, 1)
      const eased = t * t * (3 - 2 * t)
      this.#turned = from * (1 - eased)
      this.#scale = wide * (this.#fitting() / wide) ** eased
      this.#running = t < 1 ? requestAnimationFrame(frame) : 0
      this.#paint()
    }
    frame(begun)
  }

  /** @param {number[]} vector */
  #placed(vector) {
    return placed(vector, this.#origin, this.#scale, this.#turned)
  }

  #paint() {
    const { width, height, heads, steps, angle, ratio, third, family } = this.#now
    const origin = this.#origin
    const bearings = this.#bearings
    const far = 2 * (width + height)
    const halves = bearings.map((bearing, i) => half(origin, radians(bearing), far, heads[i].colour))
    this.#shades.replaceChildren(...halves)

    const tips = gradients(angle, ratio).map((vector) => this.#placed(vector))
    const drawn = steps.filter((step) => !step.still).map((step) => ({ ...step, tip: this.#placed(step.at) }))
    const more = third ? [{ title: `head ${heads[2].name}`, tip: this.#placed(third), colour: heads[2].colour }] : []
    drawn.sort((one, other) => Math.hypot(...other.at) - Math.hypot(...one.at))
    this.#arrows.replaceChildren(
      arc(origin, bearings),
      ...tips.map((tip, i) => {
        return arrow(origin, tip, { colour: heads[i].colour, width: 7, title: `Head ${heads[i].name}` })
      }),
      ...more.map(({ tip, colour, title }) => arrow(origin, tip, { colour, width: 7, title })),
      ...drawn.map(({ tip, colour, dash, title }) => arrow(origin, tip, { colour, dash, width: 3, title })),
      svg("circle", { cx: origin[0], cy: origin[1], r: 4, class: "origin" }),
    )
    const spots = tips.map((tip, i) => handleOf(tip, origin, bearings[i]))
    spots.forEach((spot, i) => this.#placeHandle(i, spot))
    const labels = [
      ...spots.map((spot, i) => headLabel(heads[i].name, spot)),
      ...more.map((head) => tipLabel(head, origin)),
      // With three heads, steps that differ may have one shadow, so their labels do not become one.
      ...drawn.map((step) => tipLabel(step, origin, heads.length === 2)),
    ]
    const wide = (/** @type {string} */ words) => widthOf(words, `600 13px ${family}`)
    const words = drawLabels(labels, wide, width, height, spots)
    this.#names.replaceChildren(...words)
    this.#nameRegions([...tips, ...[...more, ...drawn].map(({ tip }) => tip)], words)
  }

  /**
   * @param {number} i
   * @param {Point} spot
   */
  #placeHandle(i, [x, y]) {
    const { angle, length, heads } = this.#now
    const { name, colour } = heads[i]
    const node = this.#handles[i]
    set(node, { transform: `translate(${x} ${y})`, style: `--hue: ${colour}`, "aria-label": `Tip of head ${name}` })
    const degrees = Math.round(angle * 100) / 100
    const text = `${degrees}° between A and B, B ${length} times as long as A`
    set(node, { "aria-valuenow": Math.round(angle), "aria-valuetext": text })
    if (node.lastChild) node.lastChild.textContent = name
  }

  /**
   * Says what happens in each part of the picture.
   * @param {Point[]} tips
   * @param {SVGElement[]} words
   */
  #nameRegions(tips, words) {
    const texts = words.filter((node) => node.tagName === "text")
    const middles = texts.map((node) => {
      return /** @type {Point} */ ([Number(node.getAttribute("x")) + 40, Number(node.getAttribute("y"))])
    })
    const [a, b] = this.#now.heads.map(({ name }) => name)
    /** @type {Record<string, string>} */
    const regionWords = {
      11: `${a}’s and ${b}’s losses fall`,
      10: `${a}’s loss falls, ${b}’s rises`,
      "01": `${a}’s loss rises, ${b}’s falls`,
      "00": `${a}’s and ${b}’s losses rise`,
    }
    const best = regions(this.#frame, this.#bearings, tips, middles)
    const centre = { "text-anchor": "middle", "dominant-baseline": "central" }
    const names = [...best].map(([region, { x, y }]) => {
      return svg("text", { x, y, class: region === "11" ? "region both" : "region", ...centre }, regionWords[region])
    })
    this.#regions.replaceChildren(...names)
  }
}

/**
 * @param {string} name
 * @param {Point} spot
 * @returns {Label}
 */
const headLabel = (name, [x, y]) => ({ words: `head ${name}`, x, y: y - 10, dx: 0, dy: 0.9 })

/**
 * @param {{ title: string, tip: Point }} arrow
 * @param {Point} origin
 * @param {boolean} [method] whether it becomes one with others of this tip
 * @returns {Label}
 */
function tipLabel({ tip: [x, y], title }, [ox, oy], method = false) {
  const length = Math.hypot(x - ox, y - oy) || 1
  return { words: title, x, y, dx: (x - ox) / length, dy: (oy - y) / length, method }
}
