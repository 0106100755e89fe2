// The boxes around the outputs, as one outline that narrows between the heads until it is a box for each head.
const { svg, set, mixed } = twoHeads.svg
const SPLIT = 0.6 // where the last thread between two boxes breaks

const smooth = (from, to, t) => {
  const share = Math.min(Math.max((t - from) / (to - from), 0), 1)
  return share * share * (3 - 2 * share)
}

// A little more than 1 before it rests at 1.
const springy = (share) => 1 + 2.2 * (share - 1) ** 3 + 1.2 * (share - 1) ** 2

function create(picture, place, side, id) {
  const boxes = picture.heads.map(({ output, hue }) => {
    const group = picture.groups[output]
    const [x, top] = place.neuron(group, 0)
    const [, bottom] = place.neuron(group, group.count - 1)
    return { left: x - place.halfBox, right: x + place.halfBox, top: top - place.reach, bottom: bottom + place.reach, hue }
  })
  // A fused layer has outputs that are not drawn, too.
  const lower = picture.more_heads ? 7 : 0
  const gradient = svg("linearGradient", { id, gradientUnits: "userSpaceOnUse", x1: 0, x2: 0, y1: boxes[0].top, y2: boxes.at(-1).bottom })
  const layer = svg("g", { class: "boxes", "aria-hidden": "true" }, svg("defs", {}, gradient))
  const stops = boxes.flatMap((box) =>
    [box.top, box.bottom].map((y) => {
      const offset = (y - boxes[0].top) / (boxes.at(-1).bottom - boxes[0].top)
      const stop = svg("stop", { offset })
      gradient.append(stop)
      return { stop, hue: box.hue }
    }))
  return { layer, boxes, stops, lower, id, neutral: picture.colours.neutral, nodes: [] }
}

// Draws the boxes: `t` is 0 for one box, 1 for a box a head.
function draw(drawn, t) {
  const { boxes, stops, neutral, id, lower } = drawn
  const flow = smooth(0.18, 0.55, t)
  for (const { stop, hue } of stops) set(stop, { "stop-color": mixed(neutral, hue, flow) })
  // First the box stretches, as if someone pulled at both ends.
  const stretch = 7 * Math.sin(Math.PI * smooth(0, 0.5, t)) * (1 - smooth(0.5, SPLIT + 0.1, t))
  const placed = boxes.map((box, i) => ({
    ...box,
    top: box.top - (i === 0 ? stretch : 0),
    bottom: box.bottom + (i === boxes.length - 1 ? stretch + lower * (1 - flow) : 0),
  }))
  const one = t < SPLIT
  const want = one ? 1 : boxes.length
  if (drawn.nodes.length !== want) {
    for (const node of drawn.nodes) node.remove()
    drawn.nodes = Array.from({ length: want }, () => svg("path", { class: "box" }))
    drawn.layer.append(...drawn.nodes)
  }
  if (one) {
    const waist = smooth(0.2, SPLIT, t) ** 1.5
    set(drawn.nodes[0], { d: joined(placed, waist), fill: `url(#${id})`, stroke: `url(#${id})` })
  } else {
    const tail = 1 - springy(Math.min((t - SPLIT) / (1 - SPLIT), 1))
    drawn.nodes.forEach((node, i) => set(node, { d: single(placed, i, tail), fill: placed[i].hue, stroke: placed[i].hue }))
  }
}

const radius = ({ left, right, top, bottom }) => Math.min(7, (right - left) / 2, (bottom - top) / 2)
const number = (value) => value.toFixed(2)
const join = (...values) => values.map(number).join(" ")

// All boxes in one outline. `waist` is how narrow it is between two of them: 0 as wide as a box, 1 closed.
function joined(boxes, waist) {
  const [{ left, right }] = boxes
  const middle = (left + right) / 2
  const first = boxes[0]
  const last = boxes.at(-1)
  const r = radius(first)
  const side = (wall, pairs) => pairs.map(([from, to]) => neck(wall, middle, from, to, waist)).join("")
  const down = boxes.slice(1).map((box, i) => [boxes[i].bottom, box.top])
  const up = [...down].reverse().map(([from, to]) => [to, from])
  return `M${join(left + r, first.top)}H${number(right - r)}Q${join(right, first.top, right, first.top + r)}${side(right, down)}` +
    `L${join(right, last.bottom - r)}Q${join(right, last.bottom, right - r, last.bottom)}H${number(left + r)}` +
    `Q${join(left, last.bottom, left, last.bottom - r)}${side(left, up)}L${join(left, first.top + r)}Q${join(left, first.top, left + r, first.top)}Z`
}

// One wall between two boxes, from `from` to `to`.
function neck(wall, middle, from, to, waist) {
  const half = (from + to) / 2
  const way = Math.sign(to - from)
  const r = 7 * waist * way
  const narrowed = wall + (middle - wall) * waist
  const soft = (half - from) * 0.75
  return `L${join(wall, from - r)}C${join(wall, from + soft * (1 - waist), narrowed, half - soft * 0.9, narrowed, half)}` +
    `C${join(narrowed, half + soft * 0.9, wall, to - soft * (1 - waist), wall, to + r)}`
}

// One box, with what is left (`tail`, 1 to 0) of the threads to its neighbours.
function single(boxes, i, tail) {
  const { left, right, top, bottom } = boxes[i]
  const middle = (left + right) / 2
  const upper = i > 0 ? (top + boxes[i - 1].bottom) / 2 : null
  const lower = i < boxes.length - 1 ? (bottom + boxes[i + 1].top) / 2 : null
  const r = radius(boxes[i])
  const quarters = [
    quarter(right, middle, bottom, 1, lower, r, tail),
    quarter(left, middle, bottom, 1, lower, r, tail).reverse(),
    quarter(left, middle, top, -1, upper, r, tail),
    quarter(right, middle, top, -1, upper, r, tail).reverse(),
  ]
  return `${quarters.map(([start, ...points], k) => `${k ? "L" : "M"}${join(...start)}C${join(...points.flat())}`).join("")}Z`
}

// A quarter of a box as the points of two curves: from its wall at `x` round the corner to the middle of its edge at `y`
// (`way` is 1 for the lower edge). With a tail it ends at `tip`, as the neck does where it breaks.
function quarter(x, middle, y, way, tip, r, tail) {
  const inward = Math.sign(middle - x)
  const [a, b] = [[x, y - way * r], [x + inward * r, y]]
  const rest = [a, [x, y - way * 0.45 * r], [x + inward * 0.55 * r, y], b, along(b, middle, 1 / 3), along(b, middle, 2 / 3), [middle, y]]
  if (tip === null) return rest
  const soft = 0.675 * Math.abs(tip - y)
  const neck = halved([[x, y - way * 7], [x, y], [middle, tip - way * soft], [middle, tip]])
  return rest.map((point, k) => between(point, neck[k], tail))
}

const between = ([x0, y0], [x1, y1], share) => [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share]
const along = (point, x, share) => between(point, [x, point[1]], share)

// A curve as two curves.
function halved([a, b, c, d]) {
  const [ab, bc, cd] = [between(a, b, 0.5), between(b, c, 0.5), between(c, d, 0.5)]
  const [abc, bcd] = [between(ab, bc, 0.5), between(bc, cd, 0.5)]
  return [a, ab, abc, between(abc, bcd, 0.5), bcd, cd, d]
}

twoHeads.diagram.boxes = { create, draw, smooth }
