// One panel of predictions against targets: a scatter of numbers, strips of yes or no, a confusion matrix of classes.
// `draw(panel)` returns the panel's group and `update(between, shown)`, which moves it; points glide from frame to frame.
const { svg: el } = twoHeads.svg
const { short } = twoHeads.numbers
const LEVELS = 254, MISSING = 255
const TOP = 44, BOTTOM = 36, LEFT = 50, RIGHT = 8
const SMALL = 11, TITLE = 13
const YES = LEVELS / 2
const GOLDEN = 0.618034

const text = (x, y, words, attributes = {}) => el("text", { x, y, fill: "currentColor", "font-size": SMALL, ...attributes }, words)
const line = (x1, y1, x2, y2, attributes = {}) => el("line", { x1, y1, x2, y2, stroke: "currentColor", "stroke-opacity": 0.35, ...attributes })
const say = (node, words) => { if (node.textContent !== words) node.textContent = words }

// Round numbers between two ends, about `most` of them.
function ticks(low, high, most) {
  const rough = (high - low) / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough)
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const found = []
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i += 1) found.push([i * step, (i * step).toFixed(digits).replace(/^-(?=0(\.0*)?$)/, "").replace("-", "−")])
  return found
}

const between = (codes, n, { from, to, share }, i) => {
  const a = codes[from * n + i], b = codes[to * n + i]
  if (share === 0) return a
  return a === MISSING || b === MISSING ? MISSING : a + (b - a) * share
}

const dot = (x, y, r = 3) => `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`

// The title, the score, the axes and what both axes are called. `ends` are the ends of the vertical axis.
function frame({ width, height, first, title, colour }, ends, vertical, horizontal) {
  const left = first ? LEFT : RIGHT
  const area = { left, top: TOP, width: width - left - RIGHT, height: height - TOP - BOTTOM }
  const score = text(left, 33, "", { "font-size": 12, class: "score" })
  const group = el("g", {},
    ...colour.map((hue, i) => el("circle", { cx: left + 5 + 12 * i, cy: 11, r: 5, fill: hue })),
    text(left + 4 + 12 * colour.length, 15, title, { "font-size": TITLE, "font-weight": 600 }),
    score,
    el("rect", { x: left, y: TOP, width: area.width, height: area.height, fill: "none", stroke: "currentColor", "stroke-opacity": 0.25 }),
    text(left + area.width / 2, height - 3, horizontal, { "text-anchor": "middle" }))
  if (first) {
    const [x, y] = [12, TOP + area.height / 2]
    group.append(text(x, y, vertical, { "text-anchor": "middle", transform: `rotate(-90 ${x} ${y})` }))
  }
  const place = (value) => area.top + area.height * (1 - (value - ends[0]) / (ends[1] - ends[0]))
  return { group, area, score, place }
}

function scale(group, area, marks, place, first) {
  for (const [value, words] of marks) {
    group.append(line(area.left, place(value), area.left + area.width, place(value), { "stroke-opacity": 0.12 }))
    if (first) group.append(text(area.left - 5, place(value) + 4, words, { "text-anchor": "end" }))
  }
}

function points(group, colour) {
  const filled = el("path", { fill: colour, "fill-opacity": 0.45, stroke: colour, "stroke-width": 1, class: "points" })
  const hollow = el("path", { fill: "none", stroke: colour, "stroke-width": 1.5, class: "points wrong" })
  const beyond = text(0, 0, "", { "text-anchor": "end" })
  group.append(filled, hollow, beyond)
  return { filled, hollow, beyond }
}

function scatter(panel) {
  const { task, codes, truth } = panel
  const ends = task.axis
  const { group, area, score, place } = frame(panel, ends, "prediction", "target")
  const across = (value) => area.left + area.width * ((value - ends[0]) / (ends[1] - ends[0]))
  scale(group, area, ticks(...ends, 5), place, panel.first)
  for (const [value, words] of ticks(...ends, area.width > 150 ? 5 : 3)) group.append(text(across(value), area.top + area.height + 15, words, { "text-anchor": "middle" }))
  group.append(line(across(ends[0]), place(ends[0]), across(ends[1]), place(ends[1]), { "stroke-opacity": 0.6, "stroke-dasharray": "4 3" }))
  const { filled, beyond } = points(group, panel.mark)
  beyond.setAttribute("x", area.left + area.width - 4)
  beyond.setAttribute("y", area.top + area.height - 5)
  const n = truth.length
  const x = Array.from(truth, (code) => area.left + (area.width * code) / LEVELS)
  return { group, score, update(moment) {
    let path = "", outside = 0, missing = 0
    for (let i = 0; i < n; i += 1) {
      const code = between(codes, n, moment, i)
      if (code === MISSING) { missing += 1; continue }
      if (code === 0 || code === LEVELS) outside += 1
      path += dot(x[i], area.top + area.height * (1 - code / LEVELS))
    }
    filled.setAttribute("d", path)
    say(beyond, [outside ? `${outside} beyond the axis` : "", missing ? `${missing} NaN or infinite` : ""].filter(Boolean).join(", "))
  } }
}

function strips(panel) {
  const { task, codes, truth } = panel
  const { group, area, score, place } = frame(panel, task.axis, "prediction", "target")
  scale(group, area, [[0, "0"], [0.5, "0.5"], [1, "1"]], place, panel.first)
  group.append(line(area.left, place(0.5), area.left + area.width, place(0.5), { "stroke-opacity": 0.8, "stroke-dasharray": "4 3" }))
  const centre = (yes) => area.left + area.width * (yes ? 0.74 : 0.26)
  for (const yes of [false, true]) group.append(text(centre(yes), area.top + area.height + 15, yes ? "yes" : "no", { "text-anchor": "middle" }))
  const { filled, hollow, beyond } = points(group, panel.mark)
  beyond.setAttribute("x", area.left + area.width - 4)
  beyond.setAttribute("y", area.top + area.height - 5)
  const n = truth.length
  const x = Array.from(truth, (code, i) => centre(code > YES) + area.width * 0.38 * (((i * GOLDEN) % 1) - 0.5))
  return { group, score, update(moment) {
    let right = "", wrong = "", missing = 0
    for (let i = 0; i < n; i += 1) {
      const code = between(codes, n, moment, i)
      if (code === MISSING) { missing += 1; continue }
      const path = dot(x[i], area.top + area.height * (1 - code / LEVELS))
      if (code > YES === truth[i] > YES) right += path
      else wrong += path
    }
    filled.setAttribute("d", right)
    hollow.setAttribute("d", wrong)
    say(beyond, missing ? `${missing} NaN or infinite` : "")
  } }
}

function confusion(panel) {
  const { task, codes, truth } = panel
  const { group, area, score } = frame(panel, [0, 1], "target class", "predicted class")
  const k = task.classes, n = truth.length
  const [w, h] = [area.width / k, area.height / k]
  const cells = []
  for (let row = 0; row < k; row += 1) {
    if (panel.first) group.append(text(area.left - 6, area.top + h * (row + 0.5) + 4, String(row), { "text-anchor": "end" }))
    group.append(text(area.left + w * (row + 0.5), area.top + area.height + 15, String(row), { "text-anchor": "middle" }))
    for (let column = 0; column < k; column += 1) {
      const spot = { x: area.left + w * column + 1, y: area.top + h * row + 1, width: w - 2, height: h - 2, rx: 3 }
      const shade = el("rect", { ...spot, fill: panel.mark, class: "cell" })
      const count = text(spot.x + spot.width / 2, spot.y + spot.height / 2 + 4, "", { "text-anchor": "middle", "font-size": 12 })
      group.append(shade, count)
      if (row === column) group.append(el("rect", { ...spot, fill: "none", stroke: "currentColor", "stroke-opacity": 0.6 }))
      cells.push({ shade, count })
    }
  }
  const rows = Array.from({ length: k }, (_, row) => truth.filter((own) => own === row).length)
  let drawn = -1
  return { group, score, update(_, shown) {
    if (shown === drawn) return
    drawn = shown
    const counts = new Array(k * k).fill(0)
    for (let i = 0; i < n; i += 1) counts[truth[i] * k + codes[shown * n + i]] += 1
    cells.forEach(({ shade, count }, at) => {
      shade.setAttribute("fill-opacity", (0.04 + 0.38 * (rows[Math.floor(at / k)] ? counts[at] / rows[Math.floor(at / k)] : 0)).toFixed(3))
      say(count, String(counts[at]))
    })
  } }
}

// The largest difference of both styles by epoch, in percent of the targets' range, with a dot at the epoch shown.
function difference({ width, height, differences, frames }) {
  const area = { left: 8, top: TOP + 14, width: width - 16, height: Math.min(70, height - TOP - BOTTOM - 14) }
  const most = Math.max(...differences)
  const x = (epoch) => area.left + area.width * (frames.at(-1) ? epoch / frames.at(-1) : 0)
  const y = (value) => area.top + area.height * (1 - value / most)
  const now = text(area.left, TOP + 4, "", { "font-size": 12, class: "difference" })
  const mark = el("circle", { r: 4, fill: "currentColor" })
  const path = frames.map((epoch, i) => `${i ? "L" : "M"}${x(epoch).toFixed(1)} ${y(differences[i]).toFixed(1)}`).join("")
  const group = el("g", {},
    text(area.left, 15, "Largest difference", { "font-size": TITLE, "font-weight": 600 }),
    text(area.left, 33, "% of the targets’ range", { "font-size": 12 }),
    now,
    line(area.left, area.top + area.height, area.left + area.width, area.top + area.height),
    el("path", { d: path, fill: "none", stroke: "currentColor", "stroke-width": 1.5 }),
    mark,
    text(area.left, area.top + area.height + 15, "0"),
    text(area.left + area.width, area.top + area.height + 15, String(frames.at(-1)), { "text-anchor": "end" }))
  return { group, update({ from, to, share }, shown) {
    mark.setAttribute("cx", x(frames[from] + (frames[to] - frames[from]) * share))
    mark.setAttribute("cy", y(differences[from] + (differences[to] - differences[from]) * share))
    say(now, `${short(differences[shown])}%`)
  } }
}

twoHeads.panels = { difference, margins: { left: LEFT, right: RIGHT, top: TOP, bottom: BOTTOM }, draw: (panel) => ({ regression: scatter, binary: strips, multiclass: confusion })[panel.task.kind](panel) }
