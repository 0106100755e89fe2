// One style's side of the diagram as one SVG: words, boxes, edges, neurons and kernels, from back to front.
const { svg, set } = twoHeads.svg
const { labels, layout, edges, neurons, kernels, boxes, morph } = twoHeads.diagram
const { text } = labels
const TIMES = 4 // dots on the axis of time

// `view` is the whole diagram: its picture, its frames, the focus, and what to call.
function create(view, s, width, family) {
  const { picture, frames } = view
  const style = picture.sides[s]
  const place = layout(picture, width, Boolean(frames), family)
  const id = `${view.id}-${s}`
  const root = svg("svg", { width, height: place.height, viewBox: `0 0 ${width} ${place.height}`, role: "group", "aria-label": style.alt, class: "side" })
  const lines = edges.draw(picture, place, Boolean(frames))
  const cells = kernels.draw(picture, place, lines.edges, Boolean(frames), frames?.scale, id)
  const outlines = boxes.create(picture, place, s, `${id}-hues`)
  const dots = neurons.draw(picture, place, view.choose, (neuron) => view.hover(s, neuron && { neuron }))
  const words = titles(picture, place, style, s === picture.morph.side ? picture.morph : null)
  root.append(words.layer, outlines.layer, times(picture, place), lines.layer, cells.layer, dots.layer)
  root.addEventListener("pointermove", (event) => over(event))
  root.addEventListener("pointerleave", () => view.hover(s, null))

  // What is below the pointer where no neuron is.
  function over(event) {
    if (event.target.closest?.(".neuron")) return
    const cell = cells.cells.find(({ node, words }) => node === event.target || words === event.target)
    const box = root.getBoundingClientRect()
    const at = [event.clientX - box.x, event.clientY - box.y]
    const edge = cell?.edge ?? edges.nearest(lines.edges, ...at, (edge) => edges.follows(picture, edge, view.focus()))
    view.hover(s, edge && { edge, at })
  }

  const side = {
    root, place, edges: lines.edges, neurons: dots.neurons, id,
    // Shows the box in part `t` of the morph.
    part(t, moving) {
      boxes.draw(outlines, t)
      kernels.part(picture, place, cells, morph.parts.kernels(t))
      words.part(morph.parts.words(t), t)
      root.style.setProperty("--glow", morph.parts.glow(t).toFixed(3))
      root.classList.toggle("moving", Boolean(moving))
    },
    // Colours edges, neurons and cells by focus and weights.
    paint() {
      const focus = view.focus()
      const weight = frames ? (edge) => view.weight(s, edge) : null
      const exact = frames ? (edge) => view.exact(s, edge) : null
      edges.paint(picture, lines.edges, focus, weight, frames?.scale)
      const lit = (edge) => edges.follows(picture, edge, focus)
      kernels.paint(picture, cells, weight, exact, frames?.scale, lit, view.ground())
      const shown = focus?.part ?? view.order
      if (side.painted === shown) return
      side.painted = shown
      const reached = new Set(focus?.part ? edges.members(picture, focus.part) : [])
      for (const edge of focus ? lines.edges : []) {
        if (edge.head === null || !lit(edge)) continue
        reached.add(`${picture.groups[edge.source].name}:${edge.i}`).add(`${picture.groups[edge.target].name}:${edge.j}`)
      }
      neurons.paint(picture, dots.neurons, focus, reached)
    },
  }
  return side
}

// The title, the words around columns, names and kernels. `part` fades from the words of one box to those of several.
function titles(picture, place, style, apart) {
  const { kernel, LINE } = place
  const layer = svg("g", { "aria-hidden": "true" })
  const before = []
  const tag = [] // the layer above the box, which makes room before the box stretches
  const after = []
  const add = (into, ...made) => { layer.append(...made); into?.push(...made) }
  add(null, svg("text", { x: 0, y: 14, "font-size": 14, class: "title" }, svg("tspan", { "font-weight": 700 }, style.title)))
  const start = twoHeads.svg.widthOf(style.title, `700 14px ${place.family}`) + 8
  const layers = (words) => svg("text", { x: start, y: 14, "font-size": 14, class: "faint layers" }, words)
  add(before, layers(style.layers))
  if (apart) add(after, layers(apart.layers))
  for (const { text: words, x, row } of place.above) add(null, text(words, x, place.top - 8 - row * LINE, { "text-anchor": "middle", class: "label" }))
  for (const { text: words, x, row } of place.below) add(null, text(words, x, place.bottom + 12 + row * LINE, { "text-anchor": "middle", class: "label" }))
  const shape = (words) => kernel.lines(words).map((line, i) => text(line, kernel.x, kernel.end + 15 + i * LINE, { class: "label" }))
  add(before, ...shape(style.kernel))
  if (apart) add(after, ...shape(apart.kernel))

  const outputs = picture.heads.map(({ output }) => picture.groups[output])
  const x = place.x(outputs[0].x) + place.halfBox + 7
  const names = picture.heads.map((head, i) => {
    const group = outputs[i]
    const y = (place.neuron(group, 0)[1] + place.neuron(group, group.count - 1)[1]) / 2 + 4
    const name = svg("text", { x, y, "font-size": 12, class: "name" }, place.names[i])
    add(null, name)
    const more = place.roomy && group.more ? `… ${group.more} more` : ""
    if (!place.roomy) return { name, y, up: [0, 0] }
    const second = (into, words, from) => add(into, text(words, x, from, { class: "faint" }))
    const lone = style.fused ? more : place.seconds[i]
    if (lone) second(before, lone, y + 7)
    if (apart) second(after, place.seconds[i], y + 7)
    return { name, y, up: [lone ? 7 : 0, 7] }
  })
  const top = place.neuron(outputs[0], 0)[1] - place.reach
  if (style.box && place.roomy && top - place.top > 12) {
    add(tag, text(style.box, place.x(outputs[0].x), top - 5, { "text-anchor": "middle", class: "label" }))
  }
  return {
    layer,
    part(share, t) {
      for (const node of tag) set(node, { opacity: Math.max(1 - 8 * t, 0).toFixed(3) })
      const now = apart ? share : 0
      for (const node of before) set(node, { opacity: Math.max(1 - 2 * now, 0).toFixed(3), visibility: now >= 0.5 ? "hidden" : null })
      for (const node of after) set(node, { opacity: Math.max(2 * now - 1, 0).toFixed(3), visibility: now <= 0.5 ? "hidden" : null })
      for (const { name, y, up } of names) set(name, { y: (y - up[0] - now * (up[1] - up[0])).toFixed(2) })
    },
  }
}

// The axis of time: each input feature enters timestep after timestep.
function times(picture, place) {
  const layer = svg("g", { "aria-hidden": "true", fill: picture.colours.neutral, stroke: picture.colours.neutral })
  const [group] = picture.groups
  for (let i = 0; i < group.count; i++) {
    const [x, y] = place.neuron(group, i)
    const end = x - place.radius(group) - 2
    layer.append(svg("path", { d: `M2 ${y}H${end}m-3.5 -3l3.5 3l-3.5 3`, fill: "none", "stroke-opacity": 0.5 }))
    for (let step = 0; step < TIMES; step++) {
      layer.append(svg("circle", { cx: 3 + (step * (end - 8)) / (TIMES - 0.5), cy: y, r: 1.8, stroke: "none", "fill-opacity": 0.45 + (0.55 * step) / TIMES }))
    }
  }
  return layer
}

twoHeads.diagram.side = create
