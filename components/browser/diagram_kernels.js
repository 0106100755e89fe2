// The kernels that read the shared layer, as matrices: a row for each neuron, a column for each unit of a head.
const { svg, set, mixed, ink } = twoHeads.svg
const { text } = twoHeads.diagram.labels
const { narrow, short } = twoHeads.numbers

function draw(picture, place, edges, weighted, scale, id) {
  const { kernel } = place
  const layer = svg("g", { "aria-hidden": "true", class: "kernels" })
  const blocks = []
  const cells = []
  let at = 0
  picture.heads.forEach((head, h) => {
    const group = picture.groups[head.first]
    const width = group.count * kernel.cell
    const node = svg("g")
    const top = kernel.rows[0] - kernel.row / 2
    node.append(svg("rect", { x: at + 1, y: top - 4, width: width - 2, height: 2.5, fill: head.hue }))
    for (const edge of edges) {
      if (edge.head !== h || edge.source !== picture.shared) continue
      const box = { x: at + edge.j * kernel.cell + 0.5, y: kernel.rows[edge.i] - kernel.row / 2 + 0.5, width: kernel.cell - 1, height: kernel.row - 1 }
      const cell = svg("rect", { ...box, class: "cell" })
      const middle = { "text-anchor": "middle", class: "value" }
      const words = weighted && kernel.cell >= 34 && kernel.row >= 14 ? text("", box.x + box.width / 2, kernel.rows[edge.i] + 4, middle) : null
      node.append(cell, ...(words ? [words] : []))
      cells.push({ node: cell, words, edge })
    }
    const frame = svg("rect", { x: at, y: top, width, height: kernel.end - top, class: "frame", stroke: head.hue })
    node.append(frame)
    const label = kernel.heading[h]
    layer.append(node)
    blocks.push({ node, frame, x: at, width, h })
    if (label.text) node.append(text(label.text, 0, top - 8 - label.row * place.LINE, { "text-anchor": "middle", class: "label" }))
    at += width
  })
  const whole = svg("rect", { y: kernel.rows[0] - kernel.row / 2, height: kernel.end - kernel.rows[0] + kernel.row / 2, class: "frame", stroke: picture.colours.neutral })
  layer.append(whole)
  const numbers = svg("g")
  layer.append(numbers)
  kernel.rows.forEach((y, i) => numbers.append(text(String(i + 1), kernel.x - 6, y + 4, { "text-anchor": "end", class: "faint" })))
  if (weighted) layer.append(...legend(picture, place, scale, id))
  return { layer, blocks, cells, whole, numbers, width: at }
}

// The colours of the weights, with both ends and zero.
function legend(picture, place, scale, id) {
  const { kernel } = place
  const width = 84
  const x = kernel.x
  const { negative, positive } = picture.colours
  const stops = [[0, negative], [0.5, "var(--cell)"], [1, positive]]
  const gradient = svg("linearGradient", { id: `${id}-scale` }, ...stops.map(([offset, colour]) => svg("stop", { offset, style: `stop-color: ${colour}` })))
  const bar = svg("rect", { x, y: kernel.scale, width, height: 7, rx: 2, fill: `url(#${id}-scale)` })
  const ends = [[0, short(-scale), "start"], [0.5, "0", "middle"], [1, short(scale), "end"]]
  const words = ends.map(([share, word, anchor]) => text(word, x + share * width, kernel.scale + 19, { "text-anchor": anchor }))
  return [svg("defs", {}, gradient), bar, ...words]
}

// Puts the columns as one matrix (0) or as a kernel for each head (1), or between the two.
function part(picture, place, drawn, share, other) {
  const { kernel } = place
  const still = 1 - share
  // As one matrix they stand in the middle of the room that they take apart.
  const shift = (kernel.apart * (drawn.blocks.length - 1)) / 2
  for (const block of drawn.blocks) {
    const x = kernel.x + still * shift + share * kernel.apart * block.h
    set(block.node, { transform: `translate(${x.toFixed(2)} 0)` })
    set(block.frame, { "stroke-opacity": share.toFixed(3) })
    const label = block.node.querySelector(".label")
    if (label) set(label, { x: block.x + block.width / 2 })
  }
  set(drawn.numbers, { transform: `translate(${(still * shift).toFixed(2)} 0)` })
  set(drawn.whole, { x: kernel.x + still * shift - 0.5, width: drawn.width + 2 * (1 - still) * shift + 1, "stroke-opacity": still.toFixed(3) })
}

// Colours the cells: the hue of the head, or the weight. Cells that a focus leaves out are faint.
function paint(picture, drawn, weight, shown, scale, lit, ground) {
  const { negative, positive } = picture.colours
  for (const { node, words, edge } of drawn.cells) {
    const value = weight && weight(edge)
    const opacity = lit(edge) ? 1 : 0.18
    if (value === null || value === undefined) {
      set(node, { fill: picture.heads[edge.head].hue, "fill-opacity": 0.8 * opacity })
      continue
    }
    const size = Number.isNaN(value) ? 0 : Math.min(Math.abs(value) / scale, 1)
    const colour = mixed(ground, value < 0 ? negative : positive, 0.06 + 0.94 * size)
    set(node, { fill: colour, "fill-opacity": opacity })
    if (!words) continue
    const number = narrow(shown(edge)) ?? ""
    if (words.textContent !== number) words.textContent = number
    set(words, { fill: lit(edge) ? ink(colour) : null, "fill-opacity": null, visibility: lit(edge) ? null : "hidden" })
  }
}

twoHeads.diagram.kernels = { draw, part, paint }
