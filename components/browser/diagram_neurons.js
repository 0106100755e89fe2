// @ts-check
// The neurons. Those whose edges can be highlighted are buttons: one of them is in the tab order, and arrow keys go to
// the others.
import { ink } from "./colours.js"
import { titleOf } from "./diagram_focus.js"
import { set, svg } from "./svg.js"

/** @import { Layout } from "./diagram_layout.js" */
/** @import { Focus, Group, Picture } from "./diagram_picture.js" */

/**
 * A drawn neuron. `order` is its place among those that can be highlighted, -1 if it cannot.
 * @typedef {object} Neuron
 * @property {number} group
 * @property {number} index
 * @property {string} entry
 * @property {number} order
 * @property {SVGGElement} node
 * @property {Element} body
 * @property {SVGTextElement | null} number
 * @property {string} hue
 * @property {number} x
 * @property {number} y
 * @property {number} r
 */
/** @typedef {{ choose: (order: number) => void, hover: (neuron: Neuron | null) => void }} Calls */

/**
 * @param {Picture} picture
 * @param {Layout} place
 * @param {Calls} calls
 */
export function draw(picture, place, calls) {
  /** @type {Neuron[]} */
  const neurons = picture.groups.flatMap((group, at) =>
    Array.from({ length: group.count }, (_, i) => {
      const entry = `${group.name}:${i}`
      const order = picture.focusable.indexOf(entry)
      return { group: at, index: i, entry, order, ...shape(picture, place, group, i, order >= 0) }
    }),
  )
  const plain = svg("g", { "aria-hidden": "true" })
  const buttons = svg("g", { role: "group", "aria-label": "Neurons to highlight" })
  for (const neuron of neurons) {
    const { node, order } = neuron
    set(node, { class: "neuron" })
    node.addEventListener("pointerenter", () => calls.hover(neuron))
    node.addEventListener("pointerleave", () => calls.hover(null))
    if (order >= 0) becomeButton(picture, neurons, neuron, calls)
    if (order >= 0) buttons.append(node)
    else plain.append(node)
  }
  return { layer: svg("g", {}, plain, buttons), neurons }
}

/**
 * @param {Picture} picture
 * @param {Neuron[]} neurons
 * @param {Neuron} neuron
 * @param {Calls} calls
 */
function becomeButton(picture, neurons, neuron, { choose, hover }) {
  const { node, order, index } = neuron
  const label = titleOf(picture.groups[neuron.group], index)
  set(node, { class: "neuron button", role: "button", tabindex: -1, "aria-pressed": "false", "aria-label": label })
  node.addEventListener("click", () => choose(order))
  node.addEventListener("focus", () => hover(neuron))
  node.addEventListener("blur", () => hover(null))
  node.addEventListener("keydown", (event) => {
    const to = leadsTo(event.key, order, picture.focusable.length)
    if (to !== undefined) {
      rove(neurons, to)
      neurons.find((other) => other.order === to)?.node.focus()
    } else if (event.key === "Enter" || event.key === " ") choose(order)
    else if (event.key === "Escape") choose(-1)
    else return
    event.preventDefault()
    event.stopPropagation()
  })
}

/**
 * The button to which a key leads from `order`; after the last one comes the first.
 * @param {string} key
 * @param {number} order
 * @param {number} count
 * @returns {number | undefined}
 */
export function leadsTo(key, order, count) {
  /** @type {Record<string, number>} */
  const ways = {
    ArrowDown: order + 1,
    ArrowRight: order + 1,
    ArrowUp: order - 1,
    ArrowLeft: order - 1,
    Home: 0,
    End: count - 1,
  }
  return key in ways ? (ways[key] + count) % count : undefined
}

/**
 * @param {Picture} picture
 * @param {Layout} place
 * @param {Group} group
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
  const node = svg("g", {}, mark(r, { class: "ground" }), body)
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
 * Puts one button into the tab order.
 * @param {Neuron[]} neurons
 * @param {number} order
 */
export function rove(neurons, order) {
  for (const neuron of neurons) {
    if (neuron.order >= 0) set(neuron.node, { tabindex: neuron.order === order ? 0 : -1 })
  }
}

/**
 * Shows which neuron is highlighted, and which neurons its edges reach.
 * @param {Neuron[]} neurons
 * @param {Focus | null} focus
 * @param {Set<string>} reached
 */
export function paint(neurons, focus, reached) {
  for (const neuron of neurons) {
    const chosen = focus?.part === undefined ? focus : null
    const here = chosen !== null && neuron.group === chosen.group && neuron.index === chosen.index
    const bright = !focus || here || reached.has(neuron.entry)
    set(neuron.body, { "fill-opacity": bright ? 1 : 0.35 })
    if (neuron.number) set(neuron.number, { fill: bright ? ink(neuron.hue) : null })
    if (neuron.order >= 0) set(neuron.node, { "aria-pressed": String(here) })
  }
}
