// @ts-check
// One style's side of the diagram as one SVG: words, boxes, edges, neurons and kernels, from back to front.
import { ink, mix } from "./colours.js"
import { draw as drawBoxes, parts } from "./diagram_boxes.js"
import { follows, reachedBy, titleOf } from "./diagram_focus.js"
import { curve, LINE, layout, nearest, route, text } from "./diagram_layout.js"
import { say, targetOf } from "./dom.js"
import { narrow, short } from "./numbers.js"
import { set, svg, widthOf } from "./svg.js"

/** @import { Layout, Placed } from "./diagram_layout.js" */
/** @import { Focus, Morph, Picture, Style } from "./diagram_picture.js" */

const MANY = 64 // if more edges lead into the heads, they are drawn finer, so that the last do not hide the others
const TIMES = 4 // dots on the axis of time

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
/** @typedef {{ between: WeightOf, shown: WeightOf, scale: number }} Shown the weights as they move, and as numbers show them */
/**
 * A drawn neuron. `pressable` says whether its edges can be highlighted.
 * @typedef {object} Neuron
 * @property {number} group
 * @property {number} index
 * @property {string} entry
 * @property {boolean} pressable
 * @property {SVGGElement} node
 * @property {Element} body
 * @property {SVGTextElement | null} number
 * @property {string} hue
 * @property {number} x
 * @property {number} y
 * @property {number} r
 */
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
 * @property {(entry: string) => void} choose
 * @property {(side: Side, found: Hovered | null) => void} hover
 */

export class Side {
  #shared
  #place
  #edges
  #kernels
  #boxes
  #neurons
  #titles
  #painted = "" // the focus that the neurons show

  /**
   * @param {Shared} shared
   * @param {number} index 0 for the left side, 1 for the right
   * @param {number} width
   */
  constructor(shared, index, width) {
    const { picture, scale } = shared
    const style = picture.sides[index]
    const id = `${shared.id}-${index}`
    this.#shared = shared
    this.index = index
    const place = layout(picture, width, scale !== undefined, shared.family, widthOf)
    this.#place = place
    this.#edges = drawEdges(picture, place, scale !== undefined)
    this.#kernels = drawKernels(picture, place, this.#edges.edges, scale, id)
    this.#boxes = drawBoxes(picture, place, `${id}-hues`)
    this.#neurons = drawNeurons(picture, place, shared.choose, (neuron) => shared.hover(this, neuron && { neuron }))
    this.#titles = drawTitles(picture, place, style, index === picture.morph.side ? picture.morph : null)
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

  /**
   * Shows the box at the time `t` of the morph.
   * @param {number} t
   * @param {boolean} moving
   */
  part(t, moving) {
    this.#boxes.draw(t)
    part(this.#place, this.#kernels, parts.kernels(t))
    this.#titles.part(parts.words(t), t)
    this.root.style.setProperty("--glow", parts.glow(t).toFixed(3))
    this.root.classList.toggle("moving", moving)
  }

  /**
   * Colours edges, neurons and cells by focus and weights.
   * @param {Shown | null} weights
   */
  paint(weights) {
    const { picture, focus, ground } = this.#shared
    const now = focus()
    paintEdges(picture, this.#edges.edges, now, weights)
    paintCells(picture, this.#kernels.cells, weights, (edge) => follows(picture, edge, now), ground())
    const painted = JSON.stringify(now)
    if (this.#painted === painted) return
    this.#painted = painted
    paintNeurons(this.#neurons.neurons, now, reachedBy(picture, this.#edges.edges, now))
  }

  /**
   * Reports the cell or edge below the pointer, if no neuron is there.
   * @param {PointerEvent} event
   */
  #over(event) {
    const target = targetOf(event)
    if (target?.closest(".neuron")) return
    const { picture, focus, hover } = this.#shared
    const cell = this.#kernels.cells.find(({ node }) => node === target)
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

/**
 * Draws the edges of one side, block by block. An edge ends at the middle of its neurons, which are drawn above it.
 * @param {Picture} picture
 * @param {Layout} place
 * @param {boolean} weighted
 */
function drawEdges({ blocks, groups }, place, weighted) {
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
 * Colours and widens all edges.
 * @param {Picture} picture
 * @param {Edge[]} edges
 * @param {Focus | null} focus
 * @param {Shown | null} weights
 */
function paintEdges(picture, edges, focus, weights) {
  for (const edge of edges) {
    const lit = follows(picture, edge, focus)
    const { colour, width, opacity } = !lit
      ? faint(picture, edge)
      : weights
        ? weighted(picture, edge, weights.between(edge), weights.scale, focus !== null)
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
  const size = sizeOf(value, scale)
  const signed = value < 0 ? colours.negative : colours.positive
  const colour = lstm || Number.isNaN(value) ? colours.neutral : signed
  const strong = Math.min(2 * size, 1)
  if (head === null) return { colour, width: 0.5 + 1.4 * size, opacity: 0.13 + 0.4 * size }
  if (focused) return { colour, width: 0.9 + 3.2 * size, opacity: 0.6 + 0.4 * strong }
  if (many) return { colour, width: 0.6 + 1.2 * size, opacity: 0.3 + 0.6 * size }
  return { colour, width: 0.6 + 3.2 * size, opacity: 0.35 + 0.65 * strong }
}

/** @typedef {{ node: SVGRectElement, words: SVGTextElement | null, edge: Edge }} Cell */
/**
 * The kernels that read the shared layer, as matrices: a row for each neuron, a column for each unit of a head. `whole` is
 * the frame around all of them, `numbers` the row numbers.
 * @param {Picture} picture
 * @param {Layout} place
 * @param {Edge[]} edges
 * @param {number | undefined} scale the largest weight, undefined without weights
 * @param {string} id
 */
function drawKernels(picture, place, edges, scale, id) {
  const { kernel } = place
  const top = kernel.rows[0] - kernel.row / 2
  /** @type {Cell[]} */
  const cells = []
  /** @type {{ node: SVGGElement, frame: SVGRectElement }[]} */
  const blocks = []
  let width = 0
  picture.heads.forEach((head, h) => {
    const own = edges.filter((edge) => edge.head === h && edge.source === picture.shared)
    const drawn = own.map((edge) => cellOf(place, edge, width, scale !== undefined))
    const wide = picture.groups[head.first].count * kernel.cell
    const look = { class: "frame", stroke: head.hue }
    const frame = svg("rect", { x: width, y: top, width: wide, height: kernel.end - top, ...look })
    const bar = svg("rect", { x: width + 1, y: top - 4, width: wide - 2, height: 2.5, fill: head.hue })
    const nodes = drawn.flatMap(({ node, words }) => (words ? [node, words] : [node]))
    const node = svg("g", {}, bar, ...nodes, frame)
    const label = kernel.heading[h]
    if (label.text) {
      const centre = { "text-anchor": "middle", class: "label" }
      node.append(text(label.text, width + wide / 2, top - 8 - label.row * LINE, centre))
    }
    cells.push(...drawn)
    blocks.push({ node, frame })
    width += wide
  })
  const border = { class: "frame", stroke: picture.colours.neutral }
  const whole = svg("rect", { y: top, height: kernel.end - top, ...border })
  const look = { "text-anchor": "end", class: "faint" }
  const numbers = svg("g", {}, ...kernel.rows.map((y, i) => text(String(i + 1), kernel.x - 6, y + 4, look)))
  const layer = svg("g", { "aria-hidden": "true", class: "kernels" }, ...blocks.map(({ node }) => node), whole, numbers)
  if (scale !== undefined) layer.append(...legend(picture, place, scale, id))
  return { layer, blocks, cells, whole, numbers, width }
}

/**
 * @param {Layout} place
 * @param {Edge} edge
 * @param {number} left that of the head's kernel
 * @param {boolean} weighted
 * @returns {Cell}
 */
function cellOf({ kernel }, edge, left, weighted) {
  const [width, height] = [kernel.cell - 1, kernel.row - 1]
  const [x, y] = [left + edge.j * kernel.cell + 0.5, kernel.rows[edge.i] - kernel.row / 2 + 0.5]
  const node = svg("rect", { x, y, width, height, class: "cell" })
  const roomy = weighted && kernel.cell >= 34 && kernel.row >= 14
  const look = { "text-anchor": "middle", class: "value" }
  return { node, words: roomy ? text("", x + width / 2, kernel.rows[edge.i] + 4, look) : null, edge }
}

/**
 * The colours of the weights, with both ends and zero.
 * @param {Picture} picture
 * @param {Layout} place
 * @param {number} scale
 * @param {string} id
 */
function legend({ colours }, { kernel }, scale, id) {
  const width = 84
  const { x, scale: y } = kernel
  const hues = [colours.negative, "var(--cell)", colours.positive]
  const stops = hues.map((hue, i) => svg("stop", { offset: i / 2, style: `stop-color: ${hue}` }))
  const gradient = svg("linearGradient", { id: `${id}-scale` }, ...stops)
  const bar = svg("rect", { x, y, width, height: 7, rx: 2, fill: `url(#${id}-scale)` })
  const anchors = ["start", "middle", "end"]
  const ends = [short(-scale), "0", short(scale)]
  const words = ends.map((end, i) => text(end, x + (i / 2) * width, y + 19, { "text-anchor": anchors[i] }))
  return [svg("defs", {}, gradient), bar, ...words]
}

/**
 * Places the columns as one matrix (0), as a kernel for each head (1), or between the two.
 * @param {Layout} place
 * @param {ReturnType<typeof drawKernels>} drawn
 * @param {number} share
 */
function part({ kernel }, drawn, share) {
  const still = 1 - share
  // One matrix is centred in the space that the separate kernels take.
  const shift = (kernel.apart * (drawn.blocks.length - 1)) / 2
  drawn.blocks.forEach(({ node, frame }, h) => {
    const x = kernel.x + still * shift + share * kernel.apart * h
    set(node, { transform: `translate(${x.toFixed(2)} 0)` })
    set(frame, { "stroke-opacity": share.toFixed(3) })
  })
  set(drawn.numbers, { transform: `translate(${(still * shift).toFixed(2)} 0)` })
  set(drawn.whole, {
    x: kernel.x + still * shift - 0.5,
    width: drawn.width + 2 * share * shift + 1,
    "stroke-opacity": still.toFixed(3),
  })
}

/**
 * Colours the cells: the hue of the head, or the weight. Cells that a focus leaves out are faint.
 * @param {Picture} picture
 * @param {Cell[]} cells
 * @param {Shown | null} weights
 * @param {(edge: Edge) => boolean} lit
 * @param {string} ground
 */
function paintCells({ colours, heads }, cells, weights, lit, ground) {
  for (const { node, words, edge } of cells) {
    const opacity = lit(edge) ? 1 : 0.18
    if (!weights) {
      set(node, { fill: heads[Number(edge.head)].hue, "fill-opacity": 0.8 * opacity })
      continue
    }
    const value = weights.between(edge)
    const colour = mix(
      ground,
      value < 0 ? colours.negative : colours.positive,
      0.06 + 0.94 * sizeOf(value, weights.scale),
    )
    set(node, { fill: colour, "fill-opacity": opacity })
    if (!words) continue
    say(words, narrow(weights.shown(edge)) ?? "")
    set(words, { fill: lit(edge) ? ink(colour) : null, visibility: lit(edge) ? null : "hidden" })
  }
}

/**
 * The size of a weight as a share of the largest, 0 for NaN.
 * @param {number} value
 * @param {number} scale
 */
const sizeOf = (value, scale) => Math.min(Math.abs(value) / scale || 0, 1)

/**
 * The neurons. A press on one highlights its edges; the menu below the diagram has the same choice for keys.
 * @param {Picture} picture
 * @param {Layout} place
 * @param {(entry: string) => void} choose
 * @param {(neuron: Neuron | null) => void} hover
 */
function drawNeurons(picture, place, choose, hover) {
  /** @type {Neuron[]} */
  const neurons = picture.groups.flatMap((group, at) =>
    Array.from({ length: group.count }, (_, i) => {
      const entry = `${group.name}:${i}`
      const pressable = picture.focusable.includes(entry)
      return { group: at, index: i, entry, pressable, ...shape(picture, place, group, i, pressable) }
    }),
  )
  for (const neuron of neurons) {
    const { node, entry, pressable } = neuron
    node.addEventListener("pointerenter", () => hover(neuron))
    node.addEventListener("pointerleave", () => hover(null))
    if (pressable) node.addEventListener("click", () => choose(entry))
  }
  return { layer: svg("g", { "aria-hidden": "true" }, ...neurons.map(({ node }) => node)), neurons }
}

/**
 * @param {Picture} picture
 * @param {Layout} place
 * @param {Picture["groups"][number]} group
 * @param {number} i
 * @param {boolean} button
 */
function shape(picture, place, group, i, button) {
  const [x, y] = place.neuron(group, i)
  const r = place.radius(group)
  const hue = group.head === null ? picture.colours.neutral : picture.heads[group.head].hue
  const square = group.kind === "LSTM"
  const mark = (/** @type {number} */ size, /** @type {Attributes} */ look) =>
    square
      ? svg("rect", { x: x - size, y: y - size, width: 2 * size, height: 2 * size, rx: 1.5, ...look })
      : svg("circle", { cx: x, cy: y, r: size, ...look })
  const body = mark(r, { fill: hue, class: "body" })
  const node = svg("g", { class: button ? "neuron button" : "neuron", "data-neuron": titleOf(group, i) })
  node.append(mark(r, { class: "ground" }), body)
  if (button) {
    const reach = svg("circle", { cx: x, cy: y, r: Math.max(r + 3, 9), fill: "transparent" })
    node.append(reach, mark(r + (square ? 2 : 2.5), { class: "ring" }))
  }
  const output = group.head !== null && picture.groups[picture.heads[group.head].output] === group
  const look = { x, y: y + 4, class: "number", "text-anchor": "middle", "font-size": 11 }
  const number = output && place.inside ? svg("text", look, String(Number(group.head) + 1)) : null
  if (number) node.append(number)
  return { node, body, number, hue, x, y, r }
}

/**
 * Shows which neuron is highlighted, and which neurons its edges reach.
 * @param {Neuron[]} neurons
 * @param {Focus | null} focus
 * @param {Set<string>} reached
 */
function paintNeurons(neurons, focus, reached) {
  for (const neuron of neurons) {
    const chosen = focus?.part === undefined ? focus : null
    const here = chosen !== null && neuron.group === chosen.group && neuron.index === chosen.index
    const bright = !focus || here || reached.has(neuron.entry)
    set(neuron.body, { "fill-opacity": bright ? 1 : 0.35 })
    if (neuron.number) set(neuron.number, { fill: bright ? ink(neuron.hue) : null })
    neuron.node.classList.toggle("chosen", here)
  }
}

/**
 * The words of one side: its title, and those around columns, names and kernels. `part` fades them from the words of one
 * box to those of several: `share` is how far they have faded at the time `t` of the morph.
 * @param {Picture} picture
 * @param {Layout} place
 * @param {Style} style
 * @param {Morph | null} apart the words of this side once its box has come apart, null if it does not
 */
function drawTitles({ heads, groups }, place, style, apart) {
  const { above, below, top, bottom, kernel, roomy } = place
  const label = { "text-anchor": "middle", class: "label" }
  const columns = (/** @type {Placed[]} */ labels, /** @type {number} */ y, /** @type {1 | -1} */ way) =>
    labels.map((each) => text(each.text, each.x, y + way * each.row * LINE, label))
  const line = { y: 14, "font-size": 14 }
  const title = svg("text", { ...line, class: "title", "font-weight": 700 }, style.title)
  const x = widthOf(style.title, `700 14px ${place.family}`) + 8
  const captions = (/** @type {{ layers: string, kernel: string }} */ { layers, kernel: shape }) => [
    svg("text", { x, ...line, class: "faint layers" }, layers),
    ...kernel.lines(shape).map((words, i) => text(words, kernel.x, kernel.end + 15 + i * LINE, { class: "label" })),
  ]
  const before = captions(style)
  const after = apart ? captions(apart) : []
  const output = groups[heads[0].output]
  const beside = place.x(output.x) + place.halfBox + 7
  const names = heads.map((head, i) => {
    const group = groups[head.output]
    const y = (place.neuron(group, 0)[1] + place.neuron(group, group.count - 1)[1]) / 2 + 4
    const node = svg("text", { x: beside, y, "font-size": 12, class: "name" }, place.names[i])
    if (!roomy) return { node, y, up: [0, 0] }
    const second = (/** @type {string} */ words) => text(words, beside, y + 7, { class: "faint" })
    const lone = style.fused ? group.more && `… ${group.more} more` : place.seconds[i]
    if (lone) before.push(second(lone))
    if (apart) after.push(second(place.seconds[i]))
    return { node, y, up: [lone ? 7 : 0, 7] }
  })
  // The words above the box fade before the box stretches.
  const boxTop = place.neuron(output, 0)[1] - place.reach
  const tag = style.box && roomy && boxTop - top > 12 ? [text(style.box, place.x(output.x), boxTop - 5, label)] : []
  const still = [title, ...columns(above, top - 8, -1), ...columns(below, bottom + 12, 1)]
  const named = names.map(({ node }) => node)
  return {
    layer: svg("g", { "aria-hidden": "true" }, ...still, ...before, ...after, ...named, ...tag),
    part(/** @type {number} */ share, /** @type {number} */ t) {
      const now = apart ? share : 0
      fade(tag, 1 - 8 * t)
      fade(before, 1 - 2 * now)
      fade(after, 2 * now - 1)
      for (const { node, y, up } of names) set(node, { y: (y - up[0] - now * (up[1] - up[0])).toFixed(2) })
    },
  }
}

/**
 * @param {Element[]} nodes
 * @param {number} opacity
 */
function fade(nodes, opacity) {
  const look = { opacity: Math.max(opacity, 0).toFixed(3), visibility: opacity <= 0 ? "hidden" : null }
  for (const node of nodes) set(node, look)
}
