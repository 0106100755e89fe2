// @ts-check
// A panel of classes: how many sequences of each class were predicted as each class.
import { say } from "./dom.js"
import { below, frame, MISSING, text } from "./predictions_panel.js"
import { set, svg } from "./svg.js"

/** @import { Area, Drawn, Panel } from "./predictions_panel.js" */

/**
 * The confusion matrix of a frame, row after row: a row for each target class. It leaves out predictions that are
 * `MISSING`.
 * @param {ArrayLike<number>} truth the class of each target
 * @param {ArrayLike<number>} codes the predicted classes, frame after frame
 * @param {number} shown the frame
 * @param {number} classes
 * @returns {number[]}
 */
export function confusions(truth, codes, shown, classes) {
  const counts = new Array(classes * classes).fill(0)
  for (let i = 0; i < truth.length; i += 1) {
    const code = codes[shown * truth.length + i]
    if (code !== MISSING) counts[truth[i] * classes + code] += 1
  }
  return counts
}

/**
 * @param {Element} group
 * @param {Area} area
 * @param {Panel} panel
 */
function cellsOf(group, area, { task, first, mark }) {
  const [width, height] = [area.width / task.classes, area.height / task.classes]
  const cells = []
  for (let row = 0; row < task.classes; row += 1) {
    const middle = area.top + height * (row + 0.5) + 4
    if (first) group.append(text(area.left - 6, middle, String(row), { "text-anchor": "end" }))
    below(group, area, area.left + width * (row + 0.5), String(row))
    for (let column = 0; column < task.classes; column += 1) {
      const [x, y] = [area.left + width * column + 1, area.top + height * row + 1]
      const spot = { x, y, width: width - 2, height: height - 2, rx: 3 }
      const shade = svg("rect", { ...spot, fill: mark, class: "cell" })
      const look = { "text-anchor": "middle", "font-size": 12 }
      const count = text(x + spot.width / 2, y + spot.height / 2 + 4, "", look)
      group.append(shade, count)
      if (row === column) {
        group.append(svg("rect", { ...spot, fill: "none", stroke: "currentColor", "stroke-opacity": 0.6 }))
      }
      cells.push({ shade, count })
    }
  }
  return cells
}

/**
 * @param {Panel} panel
 * @returns {Drawn}
 */
export function confusion(panel) {
  const { task, codes, truth } = panel
  const { group, area, score } = frame(panel, [0, 1], "target class", "predicted class")
  const cells = cellsOf(group, area, panel)
  const rows = Array.from({ length: task.classes }, (_, row) => truth.filter((own) => own === row).length)
  const missing = text(area.left + area.width - 4, area.top + area.height - 5, "", { "text-anchor": "end" })
  group.append(missing)
  let drawn = -1

  /** @type {Drawn["update"]} */
  function update(_, shown) {
    if (shown === drawn) return
    drawn = shown
    const counts = confusions(truth, codes, shown, task.classes)
    cells.forEach(({ shade, count }, at) => {
      const row = rows[Math.floor(at / task.classes)]
      set(shade, { "fill-opacity": (0.04 + 0.38 * (row ? counts[at] / row : 0)).toFixed(3) })
      say(count, String(counts[at]))
    })
    const lost = truth.length - counts.reduce((sum, count) => sum + count, 0)
    say(missing, lost ? `${lost} NaN or infinite` : "")
  }
  return { group, score, update }
}
