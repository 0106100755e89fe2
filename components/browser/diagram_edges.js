// The edges: where they run, how they look, and which one is below the pointer.
const { svg, set } = twoHeads.svg
const NEAR = 5 // pixels from an edge within which the pointer is on it
const MANY = 64 // edges into the heads from which they are drawn finer, so that the last do not hide the others

// Draws the edges of one side, block by block. An edge ends at the middle of its neurons, which are drawn above it.
function draw(picture, place, weighted) {
  const sizes = picture.blocks.map((ends) => ends.map((at) => picture.groups[at]))
  const many = sizes.reduce((sum, [from, to]) => sum + (to.head === null ? 0 : from.count * to.count), 0) > MANY
  const edges = []
  const [trunk, heads] = [svg("g", { class: "trunk" }), svg("g")]
  const layer = svg("g", { fill: "none", "stroke-linecap": "round", "aria-hidden": "true" }, trunk, heads)
  let at = 0
  for (const [source, target] of picture.blocks) {
    const [from, to] = [picture.groups[source], picture.groups[target]]
    const alone = weighted || to.head !== null
    const whole = []
    for (let i = 0; i < from.count; i++) {
      for (let j = 0; j < to.count; j++, at++) {
        const points = route(picture, place, from, i, to, j)
        if (alone) {
          const node = svg("path", { d: curve(points), class: "edge" })
          edges.push({ node, points, source, target, i, j, at, head: to.head, lstm: to.kind === "LSTM", many })
          ;(to.head === null ? trunk : heads).append(node)
        } else whole.push(curve(points))
      }
    }
    if (!alone) {
      const node = svg("path", { d: whole.join(""), class: "edge" })
      edges.push({ node, source, target, head: null, lstm: to.kind === "LSTM", many })
      trunk.append(node)
    }
  }
  return { layer, edges }
}

// The points of an edge. One that passes hidden layers of other heads runs level there, at the height of its own head.
function route(picture, place, from, i, to, j) {
  const start = place.neuron(from, i)
  const end = place.neuron(to, j)
  if (to.head === null || from.head !== null || to.column - from.column < 2) return [start, end]
  const level = end[1] + (i - (from.count - 1) / 2) * ((0.7 * to.step * place.plot) / Math.max(from.count, 2))
  const edge = 0.35 * (place.xs[from.column + 1] - start[0])
  return [start, [place.xs[from.column + 1] - edge / 2, level], [place.xs[to.column - 1] + edge / 2, level], end]
}

const fixed = (value) => Math.round(value * 100) / 100

function curve(points) {
  const [[x0, y0], ...rest] = points.map((point) => point.map(fixed))
  if (rest.length === 1) return `M${x0} ${y0}L${rest[0][0]} ${rest[0][1]}`
  const [[x1, y1], [x2], [x3, y3]] = rest
  const [a, b] = [fixed((x0 + x1) / 2), fixed((x2 + x3) / 2)]
  return `M${x0} ${y0}C${a} ${y0} ${a} ${y1} ${x1} ${y1}H${x2}C${b} ${y1} ${b} ${y3} ${x3} ${y3}`
}

// Whether an edge belongs to the path of the focus: an output's edges and those of its hidden layers, or the edges from a
// shared neuron into every head.
function follows(picture, edge, focus) {
  if (!focus) return true
  if (edge.head === null) return false
  if (focus.part) return weights(picture, edge, focus.part)
  if (focus.group === picture.shared) return edge.source === focus.group && edge.i === focus.index
  return edge.target === focus.group ? edge.j === focus.index : edge.head === picture.groups[focus.group].head
}

// Whether an edge is one of the weights that a term of a formula names: `weights` read the shared layer, `weights-2` are
// those of the second head. Other parts have neurons and no edges.
function weights(picture, edge, part) {
  return edge.source === picture.shared && (part === "weights" || part === `weights-${edge.head + 1}`)
}

// The neurons of the part that a term names: the `shared` layer, all `outputs`, or `output-2`, those of the second head.
function members(picture, part) {
  const groups = part === "shared" ? [picture.shared] : picture.heads.flatMap(({ output }, i) => part === "outputs" || part === `output-${i + 1}` ? [output] : [])
  return groups.flatMap((at) => Array.from({ length: picture.groups[at].count }, (_, i) => `${picture.groups[at].name}:${i}`))
}

// Colours and widens all edges. `weight(edge)` is null without weights; `scale` is the weight of the widest edge.
function paint(picture, edges, focus, weight, scale) {
  const { neutral, negative, positive } = picture.colours
  for (const edge of edges) {
    const lit = follows(picture, edge, focus)
    const value = weight && weight(edge)
    const head = edge.head !== null
    let [colour, width, opacity] = [neutral, 0.8, 0.26]
    if (!lit) [width, opacity] = [0.7, head ? 0.12 : 0.14]
    else if (value === null || value === undefined) {
      if (head) {
        colour = picture.heads[edge.head].hue
        ;[width, opacity] = focus ? [2.4, 1] : edge.many ? [1, 0.5] : [1.6, 0.85]
      }
    } else {
      const size = Number.isNaN(value) ? 0 : Math.min(Math.abs(value) / scale, 1)
      if (!edge.lstm && !Number.isNaN(value)) colour = value < 0 ? negative : positive
      if (!head) [width, opacity] = [0.5 + 1.4 * size, 0.13 + 0.4 * size]
      else if (focus) [width, opacity] = [0.9 + 3.2 * size, 0.6 + 0.4 * Math.min(2 * size, 1)]
      else if (edge.many) [width, opacity] = [0.6 + 1.2 * size, 0.3 + 0.6 * size]
      else [width, opacity] = [0.6 + 3.2 * size, 0.35 + 0.65 * Math.min(2 * size, 1)]
    }
    const look = `${colour} ${width.toFixed(2)} ${opacity.toFixed(2)}`
    if (edge.look === look) continue
    edge.look = look
    set(edge.node, { stroke: colour, "stroke-width": width.toFixed(2), "stroke-opacity": opacity.toFixed(2) })
  }
}

// The edge nearest to a point, if one is near; highlighted ones go before.
function nearest(edges, x, y, lit) {
  let found = null
  let best = NEAR
  for (const edge of edges) {
    if (!edge.points || !lit(edge)) continue
    for (let k = 1; k < edge.points.length; k++) {
      const distance = toSegment(edge.points[k - 1], edge.points[k], x, y)
      if (distance < best) [best, found] = [distance, edge]
    }
  }
  return found
}

function toSegment([x0, y0], [x1, y1], x, y) {
  const [dx, dy] = [x1 - x0, y1 - y0]
  const share = Math.min(Math.max(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1), 0), 1)
  return Math.hypot(x - x0 - share * dx, y - y0 - share * dy)
}

twoHeads.diagram.edges = { draw, paint, follows, members, nearest }
