// @ts-check
// One style's side of the diagram as one SVG: words, boxes, edges, neurons and kernels, from back to front.
import * as boxes from "./diagram_boxes.js"
import * as edges from "./diagram_edges.js"
import { follows, reachedBy } from "./diagram_focus.js"
import * as kernels from "./diagram_kernels.js"
import { layout } from "./diagram_layout.js"
import { parts } from "./diagram_morph.js"
import * as neurons from "./diagram_neurons.js"
import { nearest } from "./diagram_routes.js"
import { Titles } from "./diagram_titles.js"
import { targetOf } from "./dom.js"
import { svg, widthOf } from "./svg.js"

/** @import { Edge, WeightOf } from "./diagram_edges.js" */
/** @import { Layout } from "./diagram_layout.js" */
/** @import { Neuron } from "./diagram_neurons.js" */
/** @import { Focus, Picture } from "./diagram_picture.js" */

const TIMES = 4 // dots on the axis of time

/** @typedef {{ neuron: Neuron } | { edge: Edge, at: Point }} Hovered what is below the pointer */
/**
 * What both sides share.
 * @typedef {object} Shared
 * @property {string} id
 * @property {Picture} picture
 * @property {string} family
 * @property {number | undefined} scale the largest weight, undefined without weights
 * @property {() => Focus | null} focus
 * @property {() => string} ground the colour behind the diagram
 * @property {(order: number) => void} choose
 * @property {(side: Side, found: Hovered | null) => void} hover
 */

export class Side {
  #shared
  #index
  #place
  #edges
  #kernels
  #boxes
  #neurons
  #titles
  #painted = "" // the focus that the neurons show

  /**
   * @param {Shared} shared
   * @param {number} index
   * @param {number} width
   */
  constructor(shared, index, width) {
    const { picture, scale } = shared
    const style = picture.sides[index]
    const id = `${shared.id}-${index}`
    this.#shared = shared
    this.#index = index
    const place = layout(picture, width, scale !== undefined, shared.family, widthOf)
    this.#place = place
    this.#edges = edges.draw(picture, place, scale !== undefined)
    this.#kernels = kernels.draw(picture, place, this.#edges.edges, scale, id)
    this.#boxes = boxes.create(picture, place, `${id}-hues`)
    this.#neurons = neurons.draw(picture, place, {
      choose: shared.choose,
      hover: (neuron) => shared.hover(this, neuron && { neuron }),
    })
    this.#titles = new Titles(picture, place, style, index === picture.morph.side ? picture.morph : null, widthOf)
    const box = { width, height: place.height, viewBox: `0 0 ${width} ${place.height}` }
    this.root = svg(
      "svg",
      { ...box, role: "group", "aria-label": style.alt, class: "side" },
      this.#titles.layer,
      this.#boxes.layer,
      ...(picture.timed ? [times(picture, place)] : []),
      this.#edges.layer,
      this.#kernels.layer,
      this.#neurons.layer,
    )
    this.root.addEventListener("pointermove", (event) => this.#over(event))
    this.root.addEventListener("pointerleave", () => shared.hover(this, null))
  }

  /** 0 for the left side, 1 for the right. */
  get index() {
    return this.#index
  }

  /**
   * Puts the button of that order into the tab order.
   * @param {number} order
   */
  rove(order) {
    neurons.rove(this.#neurons.neurons, order)
  }

  /**
   * Shows the box at the time `t` of the morph.
   * @param {number} t
   * @param {boolean} moving
   */
  part(t, moving) {
    boxes.draw(this.#boxes, t)
    kernels.part(this.#place, this.#kernels, parts.kernels(t))
    this.#titles.part(parts.words(t), t)
    this.root.style.setProperty("--glow", parts.glow(t).toFixed(3))
    this.root.classList.toggle("moving", moving)
  }

  /**
   * Colours edges, neurons and cells by focus and weights.
   * @param {{ between: WeightOf, shown: WeightOf, scale: number } | null} weights
   */
  paint(weights) {
    const { picture, focus, ground } = this.#shared
    const now = focus()
    edges.paint(picture, this.#edges.edges, now, weights?.between ?? null, weights?.scale ?? 1)
    kernels.paint(picture, this.#kernels, weights, (edge) => follows(picture, edge, now), ground())
    const painted = JSON.stringify(now)
    if (this.#painted === painted) return
    this.#painted = painted
    neurons.paint(this.#neurons.neurons, now, reachedBy(picture, this.#edges.edges, now))
  }

  /**
   * Reports the cell or edge below the pointer, if no neuron is there.
   * @param {PointerEvent} event
   */
  #over(event) {
    const target = targetOf(event)
    if (target?.closest(".neuron")) return
    const { picture, focus, hover } = this.#shared
    const cell = this.#kernels.cells.find(({ node, words }) => node === target || (words && words === target))
    const box = this.root.getBoundingClientRect()
    /** @type {Point} */
    const at = [event.clientX - box.x, event.clientY - box.y]
    const lit = (/** @type {Edge} */ edge) => follows(picture, edge, focus())
    const edge = cell?.edge ?? nearest(this.#edges.edges, at, lit)
    hover(this, edge && { edge, at })
  }
}

/**
 * The axis of time: each input feature enters timestep after timestep.
 * @param {Picture} picture
 * @param {Layout} place
 */
function times({ groups: [group], colours: { neutral } }, place) {
  const layer = svg("g", { "aria-hidden": "true", fill: neutral, stroke: neutral })
  for (let i = 0; i < group.count; i++) {
    const [x, y] = place.neuron(group, i)
    const end = x - place.radius(group) - 2
    layer.append(svg("path", { d: `M2 ${y}H${end}m-3.5 -3l3.5 3l-3.5 3`, fill: "none", "stroke-opacity": 0.5 }))
    for (let step = 0; step < TIMES; step++) {
      const cx = 3 + (step * (end - 8)) / (TIMES - 0.5)
      const look = { stroke: "none", "fill-opacity": 0.45 + (0.55 * step) / TIMES }
      layer.append(svg("circle", { cx, cy: y, r: 1.8, ...look }))
    }
  }
  return layer
}
