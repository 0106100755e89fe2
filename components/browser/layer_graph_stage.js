// @ts-check
// The boxes and arrows of a layer graph at the scale 1, at places that Python computed.
import { html, svg } from "./svg.js"

/**
 * A layer: its place, its texts, how often it is called, and which layers read it.
 * @typedef {object} Box
 * @property {number} x
 * @property {number} y
 * @property {string} name
 * @property {string} kind
 * @property {string} shape
 * @property {number} calls
 * @property {boolean} input
 * @property {string} feeds
 */
/**
 * A graph. `arrows` are the paths of lines, `size` is that of the graph, and `box` that of each box. `height` is that
 * of the window, if it has one of its own.
 * @typedef {object} Data
 * @property {string} alt
 * @property {string} title
 * @property {string} group
 * @property {number | null} height
 * @property {[width: number, height: number]} size
 * @property {[width: number, height: number]} box
 * @property {Box[]} boxes
 * @property {string[]} arrows
 */

/**
 * @param {"div" | "span"} tag
 * @param {string} name
 * @param {string} words
 */
const words = (tag, name, words) => html(tag, { class: name }, words)

/**
 * @param {Box} box
 * @param {[number, number]} size
 */
function boxOf(box, [width, height]) {
  const called = box.calls > 1 ? `: one layer with one set of weights, called ${box.calls} times` : ""
  const first = html("div", { class: "first" }, words("span", "name", box.name), words("span", "kind", box.kind))
  const second = html("div", { class: "second" }, words("span", "shape", box.shape))
  if (called) second.append(words("span", "calls", `called ${box.calls} ×`))
  const look = {
    class: `box${box.input ? " input" : ""}${called ? " shared" : ""}`,
    role: "listitem",
    title: `${box.name} (${box.kind}), output ${box.shape}${called}`,
    style: `left: ${box.x}px; top: ${box.y}px; width: ${width}px; height: ${height}px`,
  }
  return html("div", look, first, second, words("span", "hidden", box.feeds))
}

/**
 * A line with its head.
 * @param {string} arrow
 */
function arrowOf(arrow) {
  const [x, y] = arrow.split(/[ CL]/).slice(-2).map(Number)
  const head = `M${x - 5} ${y - 9}L${x} ${y}L${x + 5} ${y - 9}Z`
  return [svg("path", { class: "line", d: arrow }), svg("path", { class: "head", d: head })]
}

/** @param {Data} data */
export function stageOf({ size, arrows, boxes, box }) {
  const look = { width: size[0], height: size[1], "aria-hidden": "true" }
  const lines = svg("svg", look, ...arrows.flatMap(arrowOf))
  return html("div", { class: "stage", role: "list" }, lines, ...boxes.map((each) => boxOf(each, box)))
}
