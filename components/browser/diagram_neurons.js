// The neurons. Those whose edges can be highlighted are buttons: one of them is in the tab order, arrow keys go to others.
const { svg, set, ink } = twoHeads.svg

function draw(picture, place, choose, hover) {
  const layer = svg("g")
  const neurons = []
  const buttons = svg("g", { role: "group", "aria-label": "Neurons to highlight" })
  const plain = svg("g", { "aria-hidden": "true" })
  picture.groups.forEach((group, at) => {
    for (let i = 0; i < group.count; i++) {
      const entry = `${group.name}:${i}`
      const order = picture.focusable.indexOf(entry)
      const neuron = { group: at, index: i, entry, order, ...shape(picture, place, group, i, order >= 0) }
      neuron.node.addEventListener("pointerenter", () => hover(neuron))
      neuron.node.addEventListener("pointerleave", () => hover(null))
      if (order >= 0) {
        set(neuron.node, { class: "neuron button", role: "button", tabindex: -1, "aria-pressed": "false", "aria-label": title(group, i) })
        neuron.node.addEventListener("click", () => choose(order))
        neuron.node.addEventListener("focus", () => hover(neuron))
        neuron.node.addEventListener("blur", () => hover(null))
        neuron.node.addEventListener("keydown", (event) => pressed(event, picture, neurons, neuron, choose))
        buttons.append(neuron.node)
      } else {
        set(neuron.node, { class: "neuron" })
        plain.append(neuron.node)
      }
      neurons.push(neuron)
    }
  })
  layer.append(plain, buttons)
  return { layer, neurons }
}

function shape(picture, place, group, i, chosen) {
  const [x, y] = place.neuron(group, i)
  const r = place.radius(group)
  const hue = group.head === null ? picture.colours.neutral : picture.heads[group.head].hue
  const square = group.kind === "LSTM"
  const mark = (size, attributes) =>
    square
      ? svg("rect", { x: x - size, y: y - size, width: 2 * size, height: 2 * size, rx: 1.5, ...attributes })
      : svg("circle", { cx: x, cy: y, r: size, ...attributes })
  const ground = mark(r, { class: "ground" })
  const body = mark(r, { fill: hue, class: "body" })
  const ring = mark(r + (square ? 2 : 2.5), { class: "ring" })
  const node = svg("g", {}, ground, body)
  if (chosen) node.append(svg("circle", { cx: x, cy: y, r: Math.max(r + 3, 9), fill: "transparent" }), ring)
  const output = group.head !== null && picture.groups[picture.heads[group.head].output] === group
  const words = { x, y: y + 4, class: "number", "text-anchor": "middle", "font-size": 11 }
  const number = output && place.inside ? svg("text", words, String(group.head + 1)) : null
  if (number) node.append(number)
  return { node, body, number, hue, x, y, r }
}

function pressed(event, picture, neurons, neuron, choose) {
  const order = neuron.order
  const count = picture.focusable.length
  const to = { ArrowDown: order + 1, ArrowRight: order + 1, ArrowUp: order - 1, ArrowLeft: order - 1, Home: 0, End: count - 1 }[event.key]
  if (to !== undefined) {
    const next = neurons.find((other) => other.order === (to + count) % count)
    rove(neurons, next.order)
    next.node.focus()
  } else if (event.key === "Enter" || event.key === " ") choose(order)
  else if (event.key === "Escape") choose(-1)
  else return
  event.preventDefault()
  event.stopPropagation()
}

// Puts one button into the tab order.
function rove(neurons, order) {
  for (const neuron of neurons) if (neuron.order >= 0) set(neuron.node, { tabindex: neuron.order === order ? 0 : -1 })
}

// Shows which neuron is highlighted, and which neurons its edges reach.
function paint(picture, neurons, focus, reached) {
  for (const neuron of neurons) {
    const here = focus && neuron.group === focus.group && neuron.index === focus.index
    const bright = !focus || here || reached.has(neuron.entry)
    set(neuron.body, { "fill-opacity": bright ? 1 : 0.35 })
    if (neuron.number) set(neuron.number, { fill: bright ? ink(neuron.hue) : null })
    if (neuron.order >= 0) set(neuron.node, { "aria-pressed": String(Boolean(here)) })
  }
}

const title = (group, i) => group.title + (group.numbered ? ` ${i + 1}` : "")

twoHeads.diagram.neurons = { draw, paint, rove, title }
