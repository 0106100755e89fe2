// @ts-check
// The tooltip of what the pointer is on: a neuron's facts, or an edge with its weight.
import { titleOf } from "./diagram_focus.js"
import { short } from "./numbers.js"
import { html } from "./svg.js"

/** @import { Edge } from "./diagram_edges.js" */
/** @import { Neuron } from "./diagram_neurons.js" */
/** @import { Picture } from "./diagram_picture.js" */

export class Tooltip {
  node = html("div", { class: "tooltip", "aria-hidden": "true", hidden: "" })

  hide() {
    this.node.hidden = true
  }

  /**
   * Shows lines, the first in bold, above a point of the diagram, which is `width` wide.
   * @param {string[]} lines
   * @param {Point} point
   * @param {number} width
   */
  show([first, ...lines], [x, y], width) {
    const { node } = this
    node.replaceChildren(html("strong", {}, first), ...lines.map((line) => html("div", {}, line)))
    node.hidden = false
    const half = node.offsetWidth / 2
    node.style.left = `${Math.min(Math.max(x, half), Math.max(width - half, half))}px`
    node.style.top = `${y}px`
  }
}

/**
 * @param {Picture} picture
 * @param {Neuron} neuron
 * @param {number} s the side
 */
export function ofNeuron({ groups }, neuron, s) {
  const group = groups[neuron.group]
  const lines = [titleOf(group, neuron.index), ...group.about]
  if (group.layers.length) lines.push(`is one column of the kernel of layer ${group.layers[s]}`)
  if (neuron.order >= 0) lines.push("click to highlight its edges")
  return lines
}

/**
 * @param {Picture} picture
 * @param {Edge} edge
 * @param {number | null} weight null if no weights are shown
 */
export function ofEdge({ groups }, edge, weight) {
  const ends = `${titleOf(groups[edge.source], edge.i)} → ${titleOf(groups[edge.target], edge.j)}`
  if (weight === null) return [ends, edge.lstm ? "four gate weights" : "one weight"]
  if (edge.lstm) return [ends, `root mean square of its four gate weights: ${short(weight)}`]
  return [ends, `weight ${short(weight, edge.head === null ? 2 : 3)}`]
}
