// @ts-check
// The words of one side: its title, and those around columns, names and kernels. They fade from the words of one box to
// those of several.
import { LINE, text } from "./diagram_labels.js"
import { set, svg } from "./svg.js"

/** @import { Placed } from "./diagram_labels.js" */
/** @import { Layout } from "./diagram_layout.js" */
/** @import { Morph, Picture, Style } from "./diagram_picture.js" */

/** @typedef {{ node: SVGTextElement, y: number, up: [before: number, after: number] }} Name */

export class Titles {
  layer = svg("g", { "aria-hidden": "true" })
  /** @type {SVGElement[]} */
  #before = []
  /** @type {SVGElement[]} */
  #after = []
  /** @type {SVGElement[]} the words above the box, which fade before the box stretches */
  #tag = []
  /** @type {Name[]} */
  #names
  #apart

  /**
   * @param {Picture} picture
   * @param {Layout} place
   * @param {Style} style
   * @param {Morph | null} apart the words of this side once its box has come apart, null if it does not
   * @param {Measure} measure
   */
  constructor(picture, place, style, apart, measure) {
    this.#apart = apart !== null
    this.#title(place, style, apart, measure)
    this.#columns(place)
    this.#kernels(place, style, apart)
    this.#names = this.#heads(picture, place, style, apart)
    const output = picture.groups[picture.heads[0].output]
    const top = place.neuron(output, 0)[1] - place.reach
    if (style.box && place.roomy && top - place.top > 12) {
      this.#add(this.#tag, text(style.box, place.x(output.x), top - 5, { "text-anchor": "middle", class: "label" }))
    }
  }

  /**
   * @param {number} share how far the words have faded
   * @param {number} t the time of the morph
   */
  part(share, t) {
    const now = this.#apart ? share : 0
    for (const node of this.#tag) set(node, { opacity: Math.max(1 - 8 * t, 0).toFixed(3) })
    for (const node of this.#before) {
      set(node, { opacity: Math.max(1 - 2 * now, 0).toFixed(3), visibility: now >= 0.5 ? "hidden" : null })
    }
    for (const node of this.#after) {
      set(node, { opacity: Math.max(2 * now - 1, 0).toFixed(3), visibility: now <= 0.5 ? "hidden" : null })
    }
    for (const { node, y, up } of this.#names) set(node, { y: (y - up[0] - now * (up[1] - up[0])).toFixed(2) })
  }

  /**
   * @param {SVGElement[] | null} into the words that fade together, null for those that stay
   * @param {SVGElement[]} made
   */
  #add(into, ...made) {
    this.layer.append(...made)
    into?.push(...made)
  }

  /**
   * @param {Layout} place
   * @param {Style} style
   * @param {Morph | null} apart
   * @param {Measure} measure
   */
  #title(place, style, apart, measure) {
    const line = { y: 14, "font-size": 14 }
    const words = svg("tspan", { "font-weight": 700 }, style.title)
    this.#add(null, svg("text", { x: 0, ...line, class: "title" }, words))
    const x = measure(style.title, `700 14px ${place.family}`) + 8
    const layers = (/** @type {string} */ each) => svg("text", { x, ...line, class: "faint layers" }, each)
    this.#add(this.#before, layers(style.layers))
    if (apart) this.#add(this.#after, layers(apart.layers))
  }

  /** @param {Layout} place */
  #columns({ above, below, top, bottom }) {
    const label = (/** @type {Placed} */ each, /** @type {number} */ y) =>
      this.#add(null, text(each.text, each.x, y, { "text-anchor": "middle", class: "label" }))
    for (const each of above) label(each, top - 8 - each.row * LINE)
    for (const each of below) label(each, bottom + 12 + each.row * LINE)
  }

  /**
   * @param {Layout} place
   * @param {Style} style
   * @param {Morph | null} apart
   */
  #kernels({ kernel }, style, apart) {
    const shape = (/** @type {string} */ words) =>
      kernel.lines(words).map((line, i) => text(line, kernel.x, kernel.end + 15 + i * LINE, { class: "label" }))
    this.#add(this.#before, ...shape(style.kernel))
    if (apart) this.#add(this.#after, ...shape(apart.kernel))
  }

  /**
   * @param {Picture} picture
   * @param {Layout} place
   * @param {Style} style
   * @param {Morph | null} apart
   * @returns {Name[]}
   */
  #heads({ heads, groups }, place, style, apart) {
    const x = place.x(groups[heads[0].output].x) + place.halfBox + 7
    return heads.map(({ output }, i) => {
      const group = groups[output]
      const y = (place.neuron(group, 0)[1] + place.neuron(group, group.count - 1)[1]) / 2 + 4
      const node = svg("text", { x, y, "font-size": 12, class: "name" }, place.names[i])
      this.#add(null, node)
      if (!place.roomy) return { node, y, up: [0, 0] }
      const more = group.more ? `… ${group.more} more` : ""
      const lone = style.fused ? more : place.seconds[i]
      if (lone) this.#add(this.#before, text(lone, x, y + 7, { class: "faint" }))
      if (apart) this.#add(this.#after, text(place.seconds[i], x, y + 7, { class: "faint" }))
      return { node, y, up: [lone ? 7 : 0, 7] }
    })
  }
}
