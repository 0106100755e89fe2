// @ts-check
// One style's side of the diagram as one SVG: words, boxes, edges, neurons and kernels, from back to front. The look of
// what is highlighted and of weights is in the style sheet.
import { ink, mix } from "./colours.js"
import { drawBoxes, smooth } from "./diagram_boxes.js"
import { focusOf, parts, titleOf } from "./diagram_focus.js"
import { layout, NAME, route, SIZE } from "./diagram_layout.js"
import { say } from "./dom.js"
import { narrow, short } from "./numbers.js"
import { set, svg, widthOf } from "./svg.js"

/** @import { Edge, Group, Picture, Style } from "./diagram_picture.js" */

/** @typedef {(edge: Edge) => number} WeightOf */
/** @typedef {{ between: WeightOf, shown: WeightOf, scale: number }} Shown the weights as they move, and as numbers show them */

const MOST = 64 // if more edges lead into the heads, they are drawn finer, so that the last do not hide the others
// The width and the opacity of an edge with a weight: of weight 0 each, and what the largest weight adds.
const TRUNK = [0.5, 1.4, 0.13, 0.4]
const FEW = [0.6, 3.2, 0.45, 0.55]
const MANY = [0.6, 1.2, 0.3, 0.6]

/**
 * @param {string} words
 * @param {number} x
 * @param {number} y
 * @param {Attributes} attributes
 */
const text = (words, x, y, attributes = {}) => svg("text", { x, y, "font-size": SIZE, ...attributes }, words)

export class Side {
  /** What the pointer or the focus may be on, in words. @type {Map<Element, () => string>} */
  #about = new Map()
  /** @type {{ node: SVGGElement, entry: string, at: string }[]} */
  #neurons = []
  /** @type {{ entry: SVGGElement, node: SVGRectElement, words: SVGTextElement | null, edge: Edge }[]} */
  #cells = []
  /** Texts that change when the box comes apart. @type {{ node: SVGElement, before: string, after: string }[]} */
  #words = []
  /** The names of the heads, and how far each rises above the line that comes below it. */
  /** @type {{ node: SVGTextElement, y: number, rise: number }[]} */
  #names = []
  #tag = svg("text") // the name of the box
  /** @type {Shown | null} */
  #weights = null
  #picture
  #place
  #edges
  #many
  #boxes
  #kernels

  /**
   * @param {Picture} picture
   * @param {number} index 0 for the left side, 1 for the right
   * @param {number} width
   * @param {boolean} weighted
   * @param {string} id
   */
  constructor(picture, index, width, weighted, id) {
    const { heads, groups, colours, sides, morph, timed, simple } = picture
    const style = sides[index]
    this.#picture = picture
    this.#place = layout(picture, width, weighted)
    const { height, half, reach, neuron } = this.#place
    this.#edges = this.#drawEdges()
    const boxes = parts(picture).outputs.map((at, h) => {
      const [[x, first], [, last]] = [neuron(groups[at], 0), neuron(groups[at], groups[at].count - 1)]
      return { left: x - half, right: x + half, top: first - reach, bottom: last + reach, hue: heads[h].hue }
    })
    this.#boxes = drawBoxes(boxes, colours.neutral, `${id}-hues`)
    this.#kernels = this.#drawKernels(weighted)

    const words = this.#drawWords(style, index === morph.side ? morph : style, boxes[0])
    const hidden = { "aria-hidden": "true" }
    const edges = [true, false].map((trunk) => {
      const nodes = this.#edges.filter(({ head }) => (head === null) === trunk).map(({ node }) => node)
      return svg("g", { class: trunk ? "trunk" : null }, ...nodes)
    })
    const back = [
      ...words,
      this.#boxes.layer,
      ...(timed ? this.#times() : []),
      ...edges,
      ...(simple ? [] : [this.#kernels.layer]),
    ]
    const box = { width, height, viewBox: `0 0 ${width} ${height}` }
    this.root = svg("svg", { ...box, role: "group", "aria-label": style.alt, class: "side" }, svg("g", hidden, ...back))
    this.root.append(...this.#drawNeurons())
    this.#many = this.#edges.filter(({ head }) => head !== null).length > MOST
    this.root.classList.toggle("many", this.#many)
    this.root.classList.add(weighted ? "weighted" : "plain")
  }

  /**
   * What an element stands for, in words; "" if it stands for nothing.
   * @param {Element | null} target
   */
  describe(target) {
    return this.#about.get(target?.closest(".neuron") ?? target ?? this.root)?.() ?? ""
  }

  /**
   * Shows the box at the time `t` of the morph.
   * @param {number} t
   * @param {boolean} moving
   */
  part(t, moving) {
    this.#boxes.draw(t)
    this.#kernels.part(smooth(0.22, 0.9, t))
    const share = smooth(0.35, 0.75, t)
    for (const { node, before, after } of this.#words) {
      say(node, share < 0.5 ? before : after)
      set(node, { "fill-opacity": before === after ? null : Math.abs(1 - 2 * share).toFixed(3) })
    }
    for (const { node, y, rise } of this.#names) set(node, { y: (y - share * rise).toFixed(2) })
    const shown = Math.max(1 - 8 * t, 0) // before the box stretches
    set(this.#tag, { "fill-opacity": shown.toFixed(3), visibility: shown ? null : "hidden" })
    this.root.style.setProperty("--glow", Math.sin(Math.PI * smooth(0, 1, t)).toFixed(3))
    this.root.classList.toggle("moving", moving)
  }

  /**
   * Highlights the part of a term or else a neuron.
   * @param {string} part
   * @param {string} entry
   */
  focus(part, entry) {
    const focus = focusOf(this.#picture, this.#edges, part, entry)
    this.root.classList.toggle("focused", focus !== null)
    const lit = (/** @type {Edge} */ edge) => String(!focus || focus.edges.has(edge))
    for (const edge of this.#edges) set(edge.node, { "data-lit": lit(edge) })
    for (const { entry: cell, edge } of this.#cells) set(cell, { "data-lit": lit(edge) })
    for (const { node, entry: own, at } of this.#neurons) {
      const chosen = entry === own
      set(node, { "data-lit": String(!focus || chosen || focus.neurons.has(at)) })
      if (node.hasAttribute("aria-pressed")) set(node, { "aria-pressed": String(chosen) })
    }
  }

  /**
   * Colours edges and cells by their weights, or by their heads.
   * @param {Shown | null} weights
   * @param {string} ground the colour behind the diagram
   */
  paint(weights, ground) {
    this.#weights = weights
    const { heads, colours } = this.#picture
    const looks = this.#edges.map((edge) => {
      if (!weights) return { colour: edge.head === null ? colours.neutral : heads[edge.head].hue, size: 0 }
      const value = weights.between(edge)
      const signed = value < 0 ? colours.negative : colours.positive
      const colour = edge.lstm || Number.isNaN(value) ? colours.neutral : signed
      return { colour, size: Math.min(Math.abs(value) / weights.scale || 0, 1) }
    })
    this.#edges.forEach(({ node, head }, k) => {
      const { colour, size } = looks[k]
      set(node, { stroke: colour })
      if (!weights) return
      const [width, wider, opacity, darker] = head === null ? TRUNK : this.#many ? MANY : FEW
      set(node, { "stroke-width": width + wider * size, "stroke-opacity": opacity + darker * size })
    })
    for (const { node, words, edge } of this.#cells) {
      const { colour, size } = looks[edge.at]
      const fill = weights ? mix(ground, colour, 0.06 + 0.94 * size) : colour
      set(node, { fill })
      if (!words || !weights) continue
      say(words, narrow(weights.shown(edge)) ?? "")
      words.style.fill = ink(fill)
    }
  }

  /**
   * The title of the side, and the words around columns, names and kernels.
   * @param {Style} style
   * @param {{ layers: string, kernel: string }} apart the words once the box has come apart
   * @param {{ left: number, top: number }} box the first one
   */
  #drawWords(style, apart, box) {
    const { above, below, half, kernel, names, top } = this.#place
    const middle = { "text-anchor": "middle" }
    const title = svg("text", { y: 14, "font-size": 14 }, svg("tspan", { class: "title" }, style.title))
    title.append(this.#changing(svg("tspan", { dx: 8, class: "faint layers" }), style.layers, apart.layers))
    this.#names = names.map(({ name, second, x, y }) => {
      return { node: text(name, x, y, { "font-size": NAME, class: "name" }), y, rise: second ? 7 : 0 }
    })
    const seconds = names.map(({ second, x, y }) =>
      this.#changing(text("", x, y + 7, { class: "faint" }), style.box ? "" : second, second),
    )
    set(this.#tag, { x: box.left + half, y: box.top - 5, "font-size": SIZE, ...middle })
    this.#tag.textContent = box.top - top > 12 ? style.box : ""
    return [
      title,
      ...[...above, ...below].map((label) => text(label.text, label.x, label.y, middle)),
      ...this.#names.map(({ node }) => node),
      ...seconds,
      ...(this.#picture.simple
        ? []
        : [this.#changing(text("", kernel.x, kernel.end + 15), style.kernel, apart.kernel)]),
      this.#tag,
    ]
  }

  /** The edges, group by group. An edge ends at the middle of its neurons, which are drawn above it. */
  #drawEdges() {
    const { groups } = this.#picture
    /** @type {Edge[]} */
    const edges = []
    groups.forEach((to, target) => {
      if (to.source === null) return
      const { source, head } = to
      const from = groups[source]
      for (let i = 0; i < from.count; i++) {
        for (let j = 0; j < to.count; j++) {
          const node = svg("path", { d: route(this.#place, from, i, to, j), class: "edge" })
          const edge = { node, source, target, i, j, at: edges.length, head, lstm: to.kind === "LSTM" }
          edges.push(edge)
          this.#about.set(node, () => this.#ofEdge(edge))
        }
      }
    })
    return edges
  }

  /** @param {Edge} edge */
  #ofEdge(edge) {
    const { groups } = this.#picture
    const ends = `${titleOf(groups[edge.source], edge.i)} → ${titleOf(groups[edge.target], edge.j)}`
    if (!this.#weights) return ends
    const weight = short(this.#weights.shown(edge), edge.head === null ? 2 : 3)
    return `${ends}: ${edge.lstm ? "root mean square of its four gate weights" : "weight"} ${weight}`
  }

  /** The axis of time: each input feature enters timestep after timestep. */
  #times() {
    const { neuron, radius, start } = this.#place
    const [group] = this.#picture.groups
    return Array.from({ length: group.count }, (_, i) => {
      const [x, y] = neuron(group, i)
      const end = Math.min(start, x) - radius(group) - 2
      const dots = svg("path", { d: `M3 ${y}H${end - 6}`, class: "dots" })
      return svg("g", { class: "time" }, dots, svg("path", { d: `M${end - 3.5} ${y - 3}l3.5 3l-3.5 3` }))
    })
  }

  /**
   * The kernels that read the shared layer, as matrices: a row for each neuron, a column for each unit of a head. `part`
   * places them as one matrix (0), as a kernel for each head (1), or between the two.
   * @param {boolean} weighted
   */
  #drawKernels(weighted) {
    const { heads, groups, colours } = this.#picture
    const { x, cell, row, first, end, apart, width } = this.#place.kernel
    const { shared, firsts } = parts(this.#picture)
    const roomy = weighted && cell >= 34 && row >= 14
    const counts = firsts.map((at) => groups[at].count)
    const named = heads.every(({ title }, h) => widthOf(title, SIZE) <= counts[h] * cell - 3)
    const numbered = heads.length > 1 && cell * Math.min(...counts) >= widthOf(String(heads.length), SIZE)
    let left = 0
    const blocks = heads.map(({ title, hue }, h) => {
      const wide = counts[h] * cell
      const frame = svg("rect", { x: left, y: first, width: wide, height: end - first, class: "frame", stroke: hue })
      const bar = svg("rect", { x: left + 1, y: first - 4, width: wide - 2, height: 2.5, fill: hue })
      const label = named ? title : numbered ? String(h + 1) : ""
      const node = svg("g", {}, bar, text(label, left + wide / 2, first - 8, { "text-anchor": "middle" }))
      for (const edge of this.#edges) {
        if (edge.head === h && edge.source === shared) node.append(this.#cellOf(edge, left, roomy))
      }
      node.append(frame)
      left += wide
      return { node, frame }
    })
    const high = { y: first, height: end - first }
    const whole = svg("rect", { ...high, class: "frame", stroke: colours.neutral })
    const numbers = svg("g", { class: "faint", "text-anchor": "end" })
    for (let i = 0; i < groups[shared].count; i++)
      numbers.append(text(String(i + 1), x - 6, first + row * (i + 0.5) + 4))
    const layer = svg("g", {}, ...blocks.map(({ node }) => node), whole, numbers)
    const part = (/** @type {number} */ share) => {
      const still = 1 - share
      // One matrix is centred in the space that the separate kernels take.
      const shift = (apart * (blocks.length - 1)) / 2
      blocks.forEach(({ node, frame }, h) => {
        set(node, { transform: `translate(${(x + still * shift + share * apart * h).toFixed(2)} 0)` })
        set(frame, { "stroke-opacity": share.toFixed(3) })
      })
      set(numbers, { transform: `translate(${(still * shift).toFixed(2)} 0)` })
      const span = { x: x + still * shift - 0.5, width: width + 2 * share * shift + 1 }
      set(whole, { ...span, "stroke-opacity": still.toFixed(3) })
    }
    return { layer, part }
  }

  /**
   * @param {Edge} edge
   * @param {number} left that of the head's kernel
   * @param {boolean} roomy whether a number fits in
   */
  #cellOf(edge, left, roomy) {
    const { cell, row, first } = this.#place.kernel
    const [x, y] = [left + edge.j * cell + 0.5, first + edge.i * row + 0.5]
    const node = svg("rect", { x, y, width: cell - 1, height: row - 1, class: "cell" })
    const words = roomy ? text("", x + cell / 2, y + row / 2 + 3.5, { "text-anchor": "middle", class: "value" }) : null
    const entry = svg("g", {}, node, ...(words ? [words] : []))
    this.#cells.push({ entry, node, words, edge })
    this.#about.set(node, () => this.#ofEdge(edge))
    return entry
  }

  /** The neurons. Those that can be highlighted are buttons. */
  #drawNeurons() {
    const { groups } = this.#picture
    return groups.flatMap((group, g) =>
      Array.from({ length: group.count }, (_, i) => {
        const node = this.#neuronOf(group, i)
        this.#about.set(node, () => group.findings[i] ?? titleOf(group, i))
        this.#neurons.push({ node, entry: `${group.name}:${i}`, at: `${g}:${i}` })
        return node
      }),
    )
  }

  /**
   * @param {Group} group
   * @param {number} i
   */
  #neuronOf(group, i) {
    const { neuron, radius, inside } = this.#place
    const { heads, colours, groups } = this.#picture
    const { head, name, findings, kind } = group
    const [[x, y], r, title] = [neuron(group, i), radius(group), titleOf(group, i)]
    const hue = head === null ? colours.neutral : heads[head].hue
    const mark = (/** @type {number} */ size, /** @type {string} */ look) => {
      const [side, rx] = [2 * size, kind === "LSTM" ? 1.5 : size]
      return svg("rect", { x: x - size, y: y - size, width: side, height: side, rx, class: look })
    }
    const style = `--hue: ${hue}; --on: ${ink(hue)}`
    const node = svg("g", { class: "neuron", "data-neuron": title, style }, mark(r, "body"))
    if (findings.length) {
      set(node, {
        role: "button",
        tabindex: 0,
        "aria-label": title,
        "aria-pressed": "false",
        "data-entry": `${name}:${i}`,
      })
      node.prepend(mark(r + 2.5, "ring"))
    }
    const last = head !== null && group === groups.findLast((each) => each.head === head)
    if (last && inside) node.append(text(String(head + 1), x, y + 4, { class: "number", "text-anchor": "middle" }))
    return node
  }

  /**
   * A text that changes when the box comes apart.
   * @template {SVGElement} Kind
   * @param {Kind} node
   * @param {string} before
   * @param {string} after
   */
  #changing(node, before, after) {
    this.#words.push({ node, before, after })
    return node
  }
}
