// The words in a picture of arrows: each stands at its arrow's tip, and makes room for the others.
const { svg, widthOf } = twoHeads.svg
const LINE = 17 // pixels from one label to the next
const RING = 21 // pixels from the middle of a handle to that of a label beside it

// Draws `labels` ({ words, colour, x, y, dx, dy }: a tip and the direction away from the origin) inside width × height.
// Labels of one tip become one, and none stands on the handles `fixed` ([x, y]). Where a label had to move, a thin line
// leads to its tip.
function labels(given, font, width, height, fixed = []) {
  const placed = merged(given).map((label) => {
    const wide = widthOf(label.words, font)
    const x = label.x + 12 * label.dx + (label.dx < -0.35 ? -wide : label.dx > 0.35 ? 0 : -wide / 2)
    return { ...label, wide, left: clamp(x, 4, width - wide - 4), middle: clamp(label.y - 14 * label.dy, 12, height - 12) }
  }).sort((a, b) => a.middle - b.middle)

  for (let round = 0; round < 60; round++) {
    let crowded = false
    for (let i = 0; i < placed.length; i++) {
      for (let j = i + 1; j < placed.length; j++) {
        const [one, other] = [placed[i], placed[j]]
        if (one.left + one.wide + 6 < other.left || other.left + other.wide + 6 < one.left) continue
        const missing = LINE - Math.abs(other.middle - one.middle)
        if (missing <= 0.5) continue
        crowded = true
        const sign = other.middle >= one.middle ? 1 : -1
        one.middle = clamp(one.middle - sign * missing / 2, 12, height - 12)
        other.middle = clamp(other.middle + sign * missing / 2, 12, height - 12)
      }
    }
    for (const label of placed) {
      for (const [x, y] of fixed) {
        const missing = RING - Math.abs(label.middle - y)
        if (missing <= 0.5 || label.left > x + RING || label.left + label.wide < x - RING) continue
        crowded = true
        const up = y > height - 2 * RING || (label.middle <= y && y > 2 * RING)
        label.middle = clamp(label.middle + (up ? -missing : missing), 12, height - 12)
      }
    }
    if (!crowded) break
  }

  return placed.flatMap(({ words, x, y, left, wide, middle }) => {
    const text = svg("text", { x: left, y: middle, class: "label", "dominant-baseline": "central" }, words)
    const [nearX, nearY] = [clamp(x, left, left + wide), middle + (y > middle ? 9 : -9)]
    const far = Math.hypot(nearX - x, nearY - y) > 20
    return far ? [svg("path", { d: `M${x} ${y}L${nearX} ${nearY}`, class: "leader" }), text] : [text]
  })
}

function merged(given) {
  const found = []
  for (const label of given) {
    const same = found.find((other) => Math.hypot(other.x - label.x, other.y - label.y) < 4 && other.method && label.method)
    if (same) same.words += ` = ${label.words}`
    else found.push({ ...label })
  }
  return found
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high))

// An arrow from (x, y) to (tipX, tipY), with a head as long as there is room for, and a casing in the page's colour.
function arrow(x, y, tipX, tipY, { colour, width, dash, title }) {
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
  group.append(
    svg("path", { d: shaft, class: "casing", "stroke-width": width + 2.5 }),
    svg("path", { d: shaft, class: "shaft", stroke: colour, "stroke-width": width, "stroke-dasharray": dash }),
    svg("path", { d: `M${tipX} ${tipY}L${baseX - half * dy} ${baseY + half * dx}L${baseX + half * dy} ${baseY - half * dx}Z`, fill: colour, class: "head" }),
  )
  return group
}

twoHeads.compass = { labels, arrow, clamp }
