// @ts-check
// A picture of what was measured, for pages without Plotly: lines, rows of dots, bars, connections or a graph.

import { barsOf, connectionsOf, graphOf } from "./room_picture_boxes.js"
import { linesOf, rowsOf } from "./room_picture_charts.js"
import { root } from "./room_style.js"
import { html, svg } from "./svg.js"

/**
 * What each form of picture has besides its own data. `note` explains marks and symbols, and `wide` says whether it is
 * for a wall.
 * @typedef {{ form: string, title: string, note?: string, alt: string, wide: boolean | "half" }} Data
 */
/** @typedef {{ width: number, height: number, nodes: Element[], legend?: [name: string, colour: string, dash: string][] }} Drawn */

/** @type {Record<string, (data: any) => Drawn>} */
const FORMS = {
  lines: linesOf,
  spread: rowsOf,
  bars: barsOf,
  links: connectionsOf,
  graph: graphOf,
}

/**
 * The names of the lines with their colours and patterns.
 * @param {NonNullable<Drawn["legend"]>} entries
 */
function legendOf(entries) {
  const items = entries.map(([name, colour, dash]) => {
    const line = svg("path", { d: "M0 6H26", stroke: colour, "stroke-width": 3, "stroke-dasharray": dash })
    return html("li", {}, svg("svg", { class: "sign", width: 26, height: 12, "aria-hidden": "true" }, line), name)
  })
  return html("ul", { class: "legend" }, ...items)
}

/** @type {Renderer<Data>} */
export const roomPicture = ({ data, parentElement }) => {
  const { width, height, nodes, legend } = FORMS[data.form](data)
  const look = {
    role: "img",
    "aria-label": data.alt,
    class: data.wide ? (height > width / 2 ? "wide tall" : "wide") : null,
  }
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, ...look }, ...nodes)
  // A graph is not scaled, so that its words stay readable: on a phone, its reader scrolls it.
  if (data.form === "graph" && !data.wide) drawing.style.width = `${width}px`
  const title = html("p", { class: "title" }, data.title)
  const place = html("div", { class: "scrolled", tabindex: data.form === "graph" && !data.wide ? 0 : null }, drawing)
  const note = data.note ? [html("p", { class: "note" }, data.note)] : []
  root(parentElement, data).replaceChildren(title, ...note, ...(legend ? [legendOf(legend)] : []), place)
  return undefined
}
