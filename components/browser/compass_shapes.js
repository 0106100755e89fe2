// @ts-check
// The shapes of the compass: arrows, the arc between two, and half-planes.
import { radians } from "./numbers.js"
import { svg } from "./svg.js"

/** @typedef {{ colour: string, width: number, dash?: string, title: string }} Look */

/**
 * An arrow with a casing in the page's colour. Its head is at most as long as the arrow. An arrow shorter than 3 pixels
 * is a dot.
 * @param {Point} from
 * @param {Point} tip
 * @param {Look} look
 */
export function arrow([x, y], [tipX, tipY], { colour, width, dash, title }) {
  const length = Math.hypot(tipX - x, tipY - y)
  const group = svg("g", {}, svg("title", {}, title))
  if (length < 3) {
    group.append(svg("circle", { cx: tipX, cy: tipY, r: 3.5, fill: colour, class: "head" }))
    return group
  }
  const [dx, dy] = [(tipX - x) / length, (tipY - y) / length]
  const head = Math.min(4 + 3 * width, length)
  const half = head * 0.42
  const [baseX, baseY] = [tipX - head * dx, tipY - head * dy]
  const shaft = `M${x} ${y}L${baseX + dx} ${baseY + dy}`
  const ends = `L${baseX - half * dy} ${baseY + half * dx}L${baseX + half * dy} ${baseY - half * dx}`
  group.append(
    svg("path", { d: shaft, class: "casing", "stroke-width": width + 2.5 }),
    svg("path", { d: shaft, class: "shaft", stroke: colour, "stroke-width": width, "stroke-dasharray": dash }),
    svg("path", { d: `M${tipX} ${tipY}${ends}Z`, fill: colour, class: "head" }),
  )
  return group
}

/**
 * The arc from A to B.
 * @param {Point} origin
 * @param {[number, number]} bearings in degrees
 */
export function arc([ox, oy], bearings) {
  const [start, end] = bearings.map((bearing) => {
    return [ox + 40 * Math.cos(radians(bearing)), oy - 40 * Math.sin(radians(bearing))]
  })
  return svg("path", { d: `M${start}A40 40 0 0 0 ${end}`, class: "arc" })
}

/**
 * The half-plane in which a head's loss falls.
 * @param {Point} origin
 * @param {number} bearing in radians
 * @param {number} far pixels to the ends of the area
 * @param {string} colour
 */
export function half([x, y], bearing, far, colour) {
  const [nx, ny] = [far * Math.cos(bearing), -far * Math.sin(bearing)]
  const corners = [
    [x - ny, y + nx],
    [x - ny + nx, y + nx + ny],
    [x + ny + nx, y - nx + ny],
    [x + ny, y - nx],
  ]
  const area = svg("polygon", { points: corners.join(" "), fill: colour, "fill-opacity": 0.13 })
  return svg("g", {}, area, svg("path", { d: `M${corners[0]}L${corners[3]}`, stroke: colour, class: "edge" }))
}
